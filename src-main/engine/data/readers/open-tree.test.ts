import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { fixture, walked } from './container-fixtures.ts'
import { writeFiles } from './fixtures.ts'
import { openTree, treeOfFile } from './open-tree.ts'

describe('opening what was chosen', () => {
  it('tells folders and archives by their content', async () => {
    const copy = (from: string, name: string) => {
      const path = join(temporaryFolder(), name)
      writeFileSync(path, readFileSync(fixture(from)))
      return path
    }
    for (const [path, kind] of [
      [fixture('tar'), 'folder'],
      [copy('tar/gnu.tar', 'no-ending'), 'tar'],
      [copy('zip/stored.zip', 'wrong.tar'), 'zip'],
    ] as const) {
      const { tree, chosen } = await openTree(path)
      expect([tree.kind, tree.root, chosen]).toEqual([kind, path, null])
      expect(tree.archive === null).toBe(kind === 'folder')
    }
  })

  it('gives the folder around any other file, of which readers first see that file alone', async () => {
    const folder = writeFiles(['list.csv', 'other.csv', 'pictures/1.jpg'])
    const { tree, chosen } = await openTree(join(folder, 'list.csv'))
    expect([tree.root, chosen]).toEqual([folder, 'list.csv'])
    const alone = treeOfFile(tree, 'list.csv')
    expect(await alone.list('')).toMatchObject({ folders: [], files: [{ path: 'list.csv' }] })
    expect((await walked(alone)).files.map(({ path }) => path)).toEqual(['list.csv'])
    expect((await alone.find('pictures/1.jpg'))?.path).toBe('pictures/1.jpg')
    expect((await walked(alone, 'pictures')).files).toHaveLength(1)
    expect((await walked(tree)).files).toHaveLength(3)
  })

  it('takes a file of gzip that holds no tar for a file', async () => {
    const folder = writeFiles({ 'train-images.gz': gzipSync(new Uint8Array(5000)) })
    expect((await openTree(join(folder, 'train-images.gz'))).chosen).toBe('train-images.gz')
  })

  it('has a tar of gzip unpacked, or refuses it', async () => {
    const path = fixture('tar', 'packed.tar.gz')
    await expect(openTree(path)).rejects.toMatchObject({ code: 'data-format', fix: expect.any(String) })
    const { tree } = await openTree(path, { unpackTarGz: async () => fixture('tar', 'gnu.tar') })
    expect([tree.kind, tree.name, tree.root]).toEqual(['tar', 'packed', fixture('tar', 'gnu.tar')])
  })

  it('says when nothing is there', async () => {
    await expect(openTree(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'data-missing' })
  })

  it.skipIf(process.platform === 'win32')('refuses devices', async () => {
    await expect(openTree('/dev/null')).rejects.toMatchObject({ code: 'data-format' })
  })
})
