import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { corruptions, truncations } from './damaged-inputs.ts'
import { readZip } from './zip.ts'

const mtime = new Date(2020, 0, 1)
const small = zipSync({
  'a/one': [strToU8('stored'), { level: 0, mtime }],
  two: [strToU8('packed '.repeat(50)), { mtime }],
})

describe('zip archives in memory', () => {
  it('reads stored and packed entries', async () => {
    const entries = await readZip(small, 'small.zip')
    expect([...entries.keys()]).toEqual(['a/one', 'two'])
    expect(Buffer.from(entries.get('a/one') ?? []).toString()).toBe('stored')
    expect(Buffer.from(entries.get('two') ?? []).toString()).toBe('packed '.repeat(50))
  })

  it('notices a changed value', async () => {
    const changed = small.slice()
    changed[changed.indexOf('s'.charCodeAt(0))] = 0x53
    await expect(readZip(changed, 'changed.zip')).rejects.toMatchObject({
      code: 'data-format',
      found: 'the entry a/one changed',
    })
  })

  it('does not unpack more than a description needs', async () => {
    // The directory says that the second entry holds 257 MiB.
    const bomb = small.slice()
    const directory = new DataView(bomb.buffer).getUint32(bomb.length - 22 + 16, true)
    new DataView(bomb.buffer).setUint32(directory + 46 + 'a/one'.length + 24, 257 * 1024 * 1024, true)
    await expect(readZip(bomb, 'bomb.zip')).rejects.toMatchObject({ found: '269484032 bytes once unpacked' })
  })

  it('refuses entries that share their bytes', async () => {
    // Both entries of the directory are made to point at the first file.
    const twice = zipSync({
      a: [new Uint8Array(1000), { level: 0, mtime }],
      b: [new Uint8Array(1000), { level: 0, mtime }],
    })
    const view = new DataView(twice.buffer)
    const end = twice.length - 22
    const directory = view.getUint32(end + 16, true)
    const short = new Uint8Array([...twice.subarray(0, 1031), ...twice.subarray(directory)])
    const shortView = new DataView(short.buffer)
    shortView.setUint32(short.length - 22 + 16, 1031, true)
    shortView.setUint32(1031 + 47 + 42, 0, true)
    await expect(readZip(short, 'shared.zip')).rejects.toMatchObject({ found: 'entries that overlap' })
  })

  it('answers damage with errors of its own only', async () => {
    for (const cut of truncations(small))
      await expect(readZip(cut, 'cut')).rejects.toMatchObject({ code: 'data-format' })
    for (const damaged of corruptions(small, 500)) {
      await readZip(damaged, 'damaged').catch((error) => expect(error).toMatchObject({ code: 'data-format' }))
    }
  })
})
