import { readdirSync, readFileSync, readlinkSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { fixture, walked } from './container-fixtures.ts'
import type { PictureLocation } from './file-tree.ts'
import { writeFiles } from './fixtures.ts'
import { openTree } from './open-tree.ts'
import { createLocationReader } from './read-location.ts'

const part = (path: string, offset: number, bytes: number): PictureLocation => ({
  kind: 'part',
  path,
  offset,
  bytes,
  packing: 'stored',
  unpackedBytes: bytes,
})
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

describe('reading where a picture lies', () => {
  it('gives files and parts of files, whole or in ranges', async () => {
    const reader = createLocationReader(writeFiles({ 'a/x.jpg': '0123456789' }))
    const locations: [PictureLocation, string][] = [
      [{ kind: 'file', path: 'a/x.jpg' }, '0123456789'],
      [part('a/x.jpg', 2, 5), '23456'],
      [part('a/x.jpg', 10, 0), ''],
    ]
    for (const [location, content] of locations) {
      expect(text(reader.readSync(location))).toBe(content)
      expect(text(await reader.read(location))).toBe(content)
    }
    expect(text(reader.readSync({ kind: 'file', path: 'a/x.jpg' }, { offset: 8, bytes: 2 }))).toBe('89')
    expect(text(await reader.read(part('a/x.jpg', 2, 5), { offset: 1, bytes: 2 }))).toBe('34')
    reader.close()
  })

  it('never leaves the root', async () => {
    const outside = writeFiles({ 'secret.jpg': 'secret', 'd/1.jpg': 'secret' })
    const folder = writeFiles({ 'a/1.jpg': 'one' })
    symlinkSync(join(outside, 'secret.jpg'), join(folder, 'link.jpg'))
    symlinkSync(join(outside, 'd'), join(folder, 'd'))
    symlinkSync('a', join(folder, 'inner'))
    symlinkSync('../a/1.jpg', join(folder, 'a/again.jpg'))
    const reader = createLocationReader(folder)
    const paths = [
      '../set/a/1.jpg',
      'a/../a/1.jpg',
      `${outside}/secret.jpg`,
      'link.jpg',
      'd/1.jpg',
      './a/1.jpg',
      'a//1.jpg',
      'a\0zz',
    ]
    for (const path of paths) {
      for (const location of [{ kind: 'file', path } as const, part(path, 0, 3)]) {
        expect(() => reader.readSync(location)).toThrowError(expect.objectContaining({ code: 'data-format' }))
        await expect(reader.read(location)).rejects.toMatchObject({ code: 'data-format' })
      }
    }
    // Links that stay below the root are as good as files.
    expect(text(reader.readSync({ kind: 'file', path: 'inner/1.jpg' }))).toBe('one')
    expect(text(reader.readSync({ kind: 'file', path: 'a/again.jpg' }))).toBe('one')
    reader.close()
  })

  it('says when a file is gone, has become shorter, or is a folder', async () => {
    const folder = writeFiles({ 'a/x.jpg': '0123456789' })
    const reader = createLocationReader(folder)
    expect(text(reader.readSync(part('a/x.jpg', 5, 5)))).toBe('56789')
    truncateSync(join(folder, 'a/x.jpg'), 7)
    const cut = part('a/x.jpg', 5, 5)
    expect(() => reader.readSync(cut)).toThrowError(expect.objectContaining({ code: 'data-truncated' }))
    await expect(reader.read(cut)).rejects.toMatchObject({ code: 'data-truncated' })
    for (const path of ['a/y.jpg', 'b/y.jpg', 'a/x.jpg/y']) {
      await expect(reader.read({ kind: 'file', path })).rejects.toMatchObject({ code: 'data-missing' })
    }
    writeFiles(['b/y.jpg'], folder)
    expect(text(await reader.read({ kind: 'file', path: 'b/y.jpg' }))).toBe('b/y.jpg')
    await expect(reader.read({ kind: 'file', path: 'a' })).rejects.toMatchObject({ code: 'picture-broken' })
    reader.close()
  })

  it('refuses pictures above the limit, before and after unpacking', async () => {
    const reader = createLocationReader(writeFiles({ 'x.jpg': '0123456789' }), { mostBytes: 9 })
    await expect(reader.read({ kind: 'file', path: 'x.jpg' })).rejects.toMatchObject({ code: 'picture-broken' })
    const deflated: PictureLocation = {
      ...part('x.jpg', 0, 4),
      packing: 'deflate',
      unpackedBytes: 10,
    } as PictureLocation
    expect(() => reader.readSync(deflated)).toThrowError(expect.objectContaining({ code: 'picture-broken' }))
    reader.close()
  })

  it('keeps few files open, and reads well when closed in between', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `${i}.tar`)
    const reader = createLocationReader(writeFiles(names), { mostOpen: 3 })
    const openFiles = () => (process.platform === 'linux' ? descriptorsTo('.tar') : 0)
    const reads = names.map((name) => reader.read(part(name, 0, 4)))
    for (const name of names) reader.readSync(part(name, 0, 1))
    reader.close()
    expect((await Promise.all(reads)).map(text)).toEqual(names.map((name) => name.slice(0, 4)))
    expect(openFiles()).toBe(0)
    const other = createLocationReader(writeFiles(names), { mostOpen: 3 })
    for (const name of names) other.readSync(part(name, 0, 1))
    if (process.platform === 'linux') expect(openFiles()).toBe(3)
    other.close()
    expect(openFiles()).toBe(0)
  })

  it('reads deflated members, and says when one is damaged', async () => {
    const path = join(temporaryFolder(), 'x.zip')
    const bytes = readFileSync(fixture('zip', 'deflated.zip'))
    writeFileSync(path, bytes)
    const { tree } = await openTree(path)
    const notes = (await walked(tree)).files.find(({ path: name }) => name === 'notes.txt')
    if (notes?.location.kind !== 'part') throw new Error('no member')
    expect(text(createLocationReader(path).readSync(notes.location))).toMatch(/^plain text/)
    bytes.fill(0xff, notes.location.offset, notes.location.offset + notes.location.bytes)
    writeFileSync(path, bytes)
    await expect(tree.read(notes)).rejects.toMatchObject({ code: 'picture-broken' })
  })
})

function descriptorsTo(ending: string): number {
  return readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).endsWith(ending)
    } catch {
      return false
    }
  }).length
}
