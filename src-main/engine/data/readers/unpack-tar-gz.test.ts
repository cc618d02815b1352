import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ExpectedMember, expectedIn, fixture, membersOf, signal } from './container-fixtures.ts'
import { openTree } from './open-tree.ts'
import { unpackedBytesOfTarGz, unpackTarGz } from './unpack-tar-gz.ts'

const archive = fixture('tar', 'packed.tar.gz')
const options = { signal, onProgress: () => {} }

describe('a tar of gzip', () => {
  it('is unpacked once to a tar with its members', async () => {
    const cache = join(temporaryFolder(), 'cache')
    const progress: number[] = []
    const tar = await unpackTarGz(archive, cache, {
      signal,
      onProgress: ({ bytesRead, bytes }) => progress.push(bytesRead / bytes),
    })
    const { tree } = await openTree(tar)
    const expected = expectedIn<{ packed: ExpectedMember[] }>('tar').packed
    const names = (members: ExpectedMember[]) => members.map(({ name, sha256 }) => `${name} ${sha256}`).sort()
    expect(names(await membersOf(tree))).toEqual(names(expected))
    expect(progress.at(-1)).toBe(1)
    const again: number[] = []
    expect(await unpackTarGz(archive, cache, { signal, onProgress: ({ bytes }) => again.push(bytes) })).toBe(tar)
    expect(again).toEqual([])
    expect(readdirSync(cache)).toHaveLength(1)
  })

  it('says its unpacked size', async () => {
    expect(await unpackedBytesOfTarGz(archive)).toBe(gunzipSync(readFileSync(archive)).length)
  })

  it('is refused where the disk is too small', async () => {
    const cache = temporaryFolder()
    await expect(unpackTarGz(archive, cache, { ...options, freeBytes: async () => 1000 })).rejects.toMatchObject({
      code: 'disk-too-small',
    })
    expect(readdirSync(cache)).toEqual([])
  })

  it('is refused where it grows as no archive of pictures does', async () => {
    const cache = temporaryFolder()
    const bomb = join(temporaryFolder(), 'bomb.tar.gz')
    writeFileSync(bomb, gzipSync(Buffer.alloc(4 * 1024 ** 2)))
    const unpacking = unpackTarGz(bomb, cache, { ...options, harmlessBytes: 1024 ** 2 })
    await expect(unpacking).rejects.toMatchObject({
      code: 'data-format',
      message: 'bomb.tar.gz unpacks to far more than an archive of pictures does',
    })
    expect(readdirSync(cache)).toEqual([])
  })

  it('leaves nothing behind when it is cut off, damaged or cancelled', async () => {
    const cache = temporaryFolder()
    const broken = join(temporaryFolder(), 'x.tar.gz')
    const whole = gzipSync(Buffer.from(randomUUID().repeat(100)).map((byte, i) => (byte * i) >> 3))
    writeFileSync(broken, whole.subarray(0, whole.length / 2))
    await expect(unpackTarGz(broken, cache, options)).rejects.toMatchObject({ code: 'data-truncated' })
    writeFileSync(broken, whole.fill(0xff, 20, 200))
    await expect(unpackTarGz(broken, cache, options)).rejects.toMatchObject({ code: 'data-format' })
    const stopping = new AbortController()
    const stopped = unpackTarGz(archive, cache, { signal: stopping.signal, onProgress: () => stopping.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(cache)).toEqual([])
  })
})
