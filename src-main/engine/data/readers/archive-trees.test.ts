import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corruptions, truncations } from '../../formats/damaged-inputs.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ExpectedMember, expectedIn, fixture, membersOf, surviveDamage, walked } from './container-fixtures.ts'
import type { FileTree } from './file-tree.ts'
import { openTree } from './open-tree.ts'
import { openTarTree } from './tar-tree.ts'

interface ExpectedArchives {
  members: ExpectedMember[]
  nested: ExpectedMember[]
  cp437: ExpectedMember[]
  notUtf8: string
}

const tars = expectedIn<ExpectedArchives>('tar')
const zips = expectedIn<ExpectedArchives>('zip')

const byName = (members: readonly ExpectedMember[]) => [...members].sort((a, b) => (a.name < b.name ? -1 : 1))
const treeOf = async (path: string): Promise<FileTree> => (await openTree(path)).tree
const tarMembersExpected = byName(
  tars.members.map((member) => (member.name === tars.notUtf8 ? { ...member, name: 'cats/caf\0e9.jpg' } : member)),
)

/** A copy of a fixture with its bytes changed. */
function changed(path: string, change: (bytes: Buffer) => void, name = 'changed.zip'): string {
  const bytes = readFileSync(path)
  change(bytes)
  const copy = join(temporaryFolder(), name)
  writeFileSync(copy, bytes)
  return copy
}

/** Where the directory of a zip tells of its member `i`; the first is a folder. */
function entryOf(bytes: Buffer, i: number): number {
  let at = bytes.indexOf('PK\x01\x02')
  for (let passed = 0; passed < i; passed++) at = bytes.indexOf('PK\x01\x02', at + 1)
  return at
}

describe('tar archives', () => {
  it.each(['gnu', 'pax'])('hold what Python wrote as %s, with long names and bytes that are no UTF-8', async (form) => {
    const tree = await treeOf(fixture('tar', `${form}.tar`))
    expect(tree.kind).toBe('tar')
    expect(tree.name).toBe(form)
    expect(byName(await membersOf(tree))).toEqual(tarMembersExpected)
  })

  it('hold what Python wrote as ustar', async () => {
    const members = await membersOf(await treeOf(fixture('tar', 'ustar.tar')))
    expect(byName(members)).toEqual(tarMembersExpected.filter(({ name }) => !/^(deep|long)/.test(name)))
  })

  it('are listed in natural order, and find their members', async () => {
    const tree = await treeOf(fixture('tar', 'gnu.tar'))
    expect((await tree.list('dogs')).files.map(({ path }) => path)).toEqual([
      'dogs/2.jpg',
      'dogs/10.jpg',
      'dogs/empty.txt',
    ])
    expect((await tree.list('')).folders).toEqual(['cats', 'deep'.repeat(12), 'dogs', 'long'])
    expect(await tree.find('dogs/3.jpg')).toBeNull()
    expect((await tree.find('cats/caf\0e9.jpg'))?.path).toBe('cats/caf\0e9.jpg')
    // Links are no files.
    expect(await tree.find('cats/link.jpg')).toBeNull()
  })

  it.each(['parent', 'absolute'])('are refused when a member would lie outside: %s', async (name) => {
    await expect(openTree(fixture('tar', `${name}.tar`))).rejects.toMatchObject({ code: 'data-format' })
  })

  it('are opened inside of other tars, from the same root', async () => {
    const outer = await treeOf(fixture('tar', 'nested.tar'))
    const file = await outer.find('n01440764.tar')
    if (file?.location.kind !== 'part') throw new Error('no member')
    const inner = await openTarTree(outer.root, file.location)
    expect(inner.root).toBe(outer.root)
    expect(await membersOf(inner)).toEqual(tars.nested)
  })

  it('give the members before the place where they were cut off, and say so', async () => {
    const path = changed(fixture('tar', 'gnu.tar'), () => {}, 'cut.tar')
    writeFileSync(path, readFileSync(path).subarray(0, 3000))
    const { files, problems } = await walked(await treeOf(path))
    expect(files.length).toBeGreaterThan(0)
    expect(problems).toEqual([{ name: 'cut.tar', reason: expect.stringContaining('ends inside') }])
  })
})

describe('zip archives', () => {
  it.each(['stored', 'deflated', 'zip64'])('hold what Python wrote: %s', async (name) => {
    const tree = await treeOf(fixture('zip', `${name}.zip`))
    expect(tree.kind).toBe('zip')
    expect(byName(await membersOf(tree))).toEqual(byName(zips.members))
    // Notes of macOS are left out.
    expect((await tree.list('')).folders).toEqual(['cats', 'deep'.repeat(12), 'dogs', 'long'])
  })

  it('read ranges of stored and of deflated members', async () => {
    for (const name of ['stored', 'deflated']) {
      const tree = await treeOf(fixture('zip', `${name}.zip`))
      const file = await tree.find('notes.txt')
      if (file === null) throw new Error('no member')
      expect(Buffer.from(await tree.read(file, { offset: 6, bytes: 4 })).toString()).toBe('text')
      await expect(tree.read(file, { offset: file.bytes - 1, bytes: 2 })).rejects.toMatchObject({
        code: 'data-truncated',
      })
    }
  })

  it('take names without a flag for UTF-8 as code page 437', async () => {
    expect(await membersOf(await treeOf(fixture('zip', 'cp437.zip')))).toEqual(zips.cp437)
  })

  it('take backslashes for slashes', async () => {
    expect((await walked(await treeOf(fixture('zip', 'backslash.zip')))).files.map(({ path }) => path)).toEqual([
      'cats/1.jpg',
    ])
  })

  it.each(['parent', 'absolute', 'backslash-parent'])(
    'are refused when a member would lie outside: %s',
    async (name) => {
      await expect(openTree(fixture('zip', `${name}.zip`))).rejects.toMatchObject({ code: 'data-format' })
    },
  )

  it('tell of members that are encrypted or packed in another way', async () => {
    expect((await walked(await treeOf(fixture('zip', 'bzip2.zip')))).problems).toEqual([
      { name: 'b.jpg', reason: 'It is packed by method 12, which is not supported' },
    ])
    const encrypted = changed(fixture('zip', 'stored.zip'), (bytes) => {
      bytes[entryOf(bytes, 1) + 8] = 1
    })
    const { problems, files } = await walked(await treeOf(encrypted))
    expect(problems).toEqual([{ name: 'cats/a b.jpg', reason: 'It is encrypted' }])
    expect(files).toHaveLength(zips.members.length - 1)
  })

  it('tell of members that claim more than deflate can give', async () => {
    const bomb = changed(fixture('zip', 'deflated.zip'), (bytes) => {
      bytes.writeUInt32LE(0x7fffffff, entryOf(bytes, 1) + 24)
    })
    expect((await walked(await treeOf(bomb))).problems).toEqual([
      { name: 'cats/a b.jpg', reason: 'It claims to unpack to more than is possible' },
    ])
  })

  it('are refused when members overlap', async () => {
    const overlapping = changed(fixture('zip', 'stored.zip'), (bytes) => {
      bytes.writeUInt32LE(bytes.readUInt32LE(entryOf(bytes, 1) + 42), entryOf(bytes, 2) + 42)
    })
    await expect(openTree(overlapping)).rejects.toMatchObject({
      code: 'data-format',
      found: expect.stringContaining('overlap'),
    })
  })
})

describe('damaged archives', () => {
  it.each(['tar/gnu.tar', 'tar/pax.tar', 'zip/deflated.zip', 'zip/zip64.zip'])(
    'end in errors of ours only: %s',
    async (name) => {
      const whole = readFileSync(fixture(name))
      const path = join(temporaryFolder(), 'damaged')
      const read = async () => {
        const tree = await treeOf(path)
        for (const file of (await walked(tree)).files) {
          await tree.read(file).catch((error: { code?: string }) => {
            if (error.code !== 'picture-broken' && error.code !== 'data-truncated') throw error
          })
        }
      }
      const write = (bytes: Uint8Array) => {
        writeFileSync(path, bytes)
        return path
      }
      // The directory of a zip is at its end.
      const backwards = (bytes: Uint8Array) => Uint8Array.from(bytes).reverse()
      const ends = [...corruptions(backwards(whole), 40)].map(backwards)
      const count = await surviveDamage([...truncations(whole, 20), ...corruptions(whole, 40), ...ends], write, read)
      expect(count).toBeGreaterThan(90)
    },
  )
})
