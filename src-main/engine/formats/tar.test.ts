import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { matchTar, readTar } from './tar.ts'
import { joined, tarEntry, tarOf } from './tar-writing.ts'

const text = (value: string) => new TextEncoder().encode(value)
const archive = tarOf({ 'a/one.bin': Uint8Array.of(1, 2, 3), 'a/two.txt': text('two'.repeat(400)) })

describe('tar', () => {
  it('lists files with their bytes', () => {
    const files = readTar(archive, 'x.tar')
    expect(files.map(({ name }) => name)).toEqual(['a/one.bin', 'a/two.txt'])
    expect([...(files[0]?.data ?? [])]).toEqual([1, 2, 3])
    expect(files[1]?.data).toHaveLength(1200)
  })

  it('reads what the tar program writes, long names and folders included', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-tar-'))
    try {
      const long = join(folder, 'deep'.repeat(20), 'deeper'.repeat(20))
      mkdirSync(long, { recursive: true })
      writeFileSync(join(long, 'file.bin'), 'content')
      execFileSync('tar', ['-cf', join(folder, 'x.tar'), '-C', folder, 'deep'.repeat(20)])
      const files = readTar(execFileSync('tar', ['-cf', '-', '-C', folder, 'deep'.repeat(20)]), 'x.tar')
      expect(files.map(({ name }) => name)).toEqual([`${'deep'.repeat(20)}/${'deeper'.repeat(20)}/file.bin`])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('takes name and size from pax records and names from GNU entries', () => {
    const pax = text('19 path=pax/a-file\n')
    const bytes = joined([
      tarEntry('header', pax, 'x'),
      tarEntry('short', Uint8Array.of(1), '0'),
      tarEntry('././@LongLink', text('gnu/name\0'), 'L'),
      tarEntry('short', Uint8Array.of(2), '0'),
      tarEntry('plain', Uint8Array.of(3), '0'),
      new Uint8Array(1024),
    ])
    expect(readTar(bytes, 'x.tar').map(({ name }) => name)).toEqual(['pax/a-file', 'gnu/name', 'plain'])
  })

  it('does not take other bytes for an archive', () => {
    expect(matchTar(new Uint8Array(512))).toBe(false)
    expect(matchTar(text('hello'))).toBe(false)
  })

  it('says which file an archive that was cut off ends in', () => {
    expect(() => readTar(archive.slice(0, 2000), 'x.tar')).toThrowError(
      expect.objectContaining({ code: 'data-truncated', message: 'x.tar ends inside a/two.txt' }),
    )
  })

  it('answers damage with errors of its own only', () => {
    for (const damaged of [...truncations(archive), ...corruptions(archive)]) {
      try {
        readTar(damaged, 'x.tar')
      } catch (error) {
        expect(error).toBeInstanceOf(RepriseError)
      }
    }
  })
})
