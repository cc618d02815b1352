import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { membersOf, sha256, signal, walked } from './container-fixtures.ts'
import { writeFiles } from './fixtures.ts'
import { openFolderTree } from './folder-tree.ts'
import { createLocationReader } from './read-location.ts'

const onWindows = process.platform === 'win32'

describe('a folder', () => {
  it('is walked folder by folder in natural order, with sizes', async () => {
    const folder = writeFiles({ 'b/10.jpg': 'ten', 'b/2.jpg': 'two', 'a/x.jpg': 'x', 'z.txt': 'last', 'a/d/y.jpg': '' })
    const { files, problems } = await walked(openFolderTree(folder))
    expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['z.txt', 4],
      ['a/x.jpg', 1],
      ['a/d/y.jpg', 0],
      ['b/2.jpg', 3],
      ['b/10.jpg', 3],
    ])
    expect(problems).toEqual([])
    expect((await openFolderTree(folder).list('')).folders).toEqual(['a', 'b'])
    expect((await walked(openFolderTree(folder), 'b')).files).toHaveLength(2)
  })

  it('gives names that only differ in leading zeros in one order', async () => {
    const folder = writeFiles(['01.jpg', '1.jpg', '001.jpg'])
    expect((await openFolderTree(folder).list('')).files.map(({ path }) => path)).toEqual([
      '001.jpg',
      '01.jpg',
      '1.jpg',
    ])
  })

  it('leaves out hidden files and lists nothing for a folder that is not there', async () => {
    const tree = openFolderTree(writeFiles(['.hidden/x.jpg', '.y.jpg', 'z.jpg']))
    expect((await walked(tree)).files.map(({ path }) => path)).toEqual(['z.jpg'])
    expect(await tree.list('none')).toEqual({ folders: [], files: [], problems: [] })
    expect(await tree.list('z.jpg')).toEqual({ folders: [], files: [], problems: [] })
  })

  it.skipIf(onWindows)('reads files with spaces, quotes, emoji and bytes that are no UTF-8', async () => {
    const folder = writeFiles(['cats/a b.jpg', 'cats/it\'s "q".jpg', 'cats/🐈 猫.jpg', 'cats/\u{fffd}.jpg'])
    const bytes = Buffer.from(`${folder}/cats/caf\xe9.jpg`, 'latin1')
    writeFileSync(bytes, 'coffee')
    mkdirSync(Buffer.from(`${folder}/d\xff`, 'latin1'))
    writeFileSync(Buffer.from(`${folder}/d\xff/\xfe.jpg`, 'latin1'), 'odd')
    const tree = openFolderTree(folder)
    const members = await membersOf(tree)
    expect(members.map(({ name }) => name).sort()).toEqual(
      [
        'cats/a b.jpg',
        'cats/it\'s "q".jpg',
        'cats/🐈 猫.jpg',
        'cats/\u{fffd}.jpg',
        'cats/caf\0e9.jpg',
        'd\0ff/\0fe.jpg',
      ].sort(),
    )
    expect(members.find(({ name }) => name === 'cats/caf\0e9.jpg')?.sha256).toBe(sha256(Buffer.from('coffee')))
    expect((await tree.find('d\0ff/\0fe.jpg'))?.bytes).toBe(3)
  })

  it.skipIf(onWindows)('follows links to files below itself, and no others', async () => {
    const outside = writeFiles({ 'secret.jpg': 'secret' })
    const folder = writeFiles({ 'a/1.jpg': 'one' })
    symlinkSync('1.jpg', join(folder, 'a/link.jpg'))
    symlinkSync(join(outside, 'secret.jpg'), join(folder, 'a/out.jpg'))
    symlinkSync('nothing', join(folder, 'a/broken.jpg'))
    symlinkSync('loop.jpg', join(folder, 'a/loop.jpg'))
    symlinkSync('.', join(folder, 'a/self'))
    symlinkSync(outside, join(folder, 'a/folder'))
    const tree = openFolderTree(folder)
    const { files, problems } = await walked(tree)
    expect(files.map(({ path }) => path)).toEqual(['a/1.jpg', 'a/link.jpg'])
    expect(problems).toEqual([
      { name: 'a/broken.jpg', reason: 'It is not there' },
      { name: 'a/folder', reason: 'It is a link to a folder, which is not followed' },
      { name: 'a/loop.jpg', reason: 'It is a link that leads to itself' },
      { name: 'a/out.jpg', reason: 'It is a link to a file outside the folder' },
      { name: 'a/self', reason: 'It is a link to a folder, which is not followed' },
    ])
    for (const path of [
      'a/out.jpg',
      'a/folder/secret.jpg',
      '../set/a/1.jpg',
      `${outside}/secret.jpg`,
      'a//1.jpg',
      '',
    ]) {
      expect(await tree.find(path)).toBeNull()
    }
  })

  it.skipIf(onWindows)('tells of pipes, and does not wait for them', async () => {
    const folder = writeFiles(['a/1.jpg'])
    execFileSync('/usr/bin/mkfifo', [join(folder, 'a', 'pipe.jpg')])
    const { files, problems } = await walked(openFolderTree(folder))
    expect(files).toHaveLength(1)
    expect(problems).toEqual([{ name: 'a/pipe.jpg', reason: 'It is no regular file' }])
    const location = { kind: 'file', path: 'a/pipe.jpg' } as const
    await expect(createLocationReader(folder).read(location)).rejects.toMatchObject({ code: 'picture-broken' })
  })

  it.skipIf(onWindows)('tells of a folder without permission and goes on', async () => {
    const folder = writeFiles(['a/1.jpg', 'b/2.jpg', 'c/3.jpg'])
    chmodSync(dirname(folder), 0o755)
    chmodSync(join(folder, 'b'), 0)
    chmodSync(join(folder, 'c/3.jpg'), 0)
    // The rights of root know no bounds.
    const isRoot = process.getuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      const { files, problems } = await walked(openFolderTree(folder))
      expect(files.map(({ path }) => path)).toEqual(['a/1.jpg', 'c/3.jpg'])
      expect(problems).toEqual([{ name: 'b', reason: 'You have no permission to read it' }])
      await expect(createLocationReader(folder).read({ kind: 'file', path: 'c/3.jpg' })).rejects.toMatchObject({
        code: 'picture-broken',
        found: 'You have no permission to read it',
      })
    } finally {
      if (isRoot) process.seteuid?.(0)
      chmodSync(join(folder, 'b'), 0o755)
    }
  })

  it('stops when cancelled', async () => {
    const tree = openFolderTree(writeFiles(['a/1.jpg']))
    const read = async () => {
      for await (const _ of tree.walk('', AbortSignal.abort())) throw new Error('read on')
    }
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('gives thousands of files in chunks', async () => {
    const folder = temporaryFolder()
    for (let i = 0; i < 5000; i++) writeFileSync(join(folder, `${i}.jpg`), '')
    const sizes: number[] = []
    for await (const chunk of openFolderTree(folder).walk('', signal)) sizes.push(chunk.length)
    expect(sizes).toEqual([4096, 904])
  })
})
