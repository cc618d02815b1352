import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { gunzip } from './gzip.ts'
import { parseIdx } from './idx.ts'

const twoByThree = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6)

describe('IDX', () => {
  it('reads sizes and values', () => {
    const { shape, data } = parseIdx(twoByThree, 'labels')
    expect(shape).toEqual([2, 3])
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('reads bytes that lie inside a larger buffer', () => {
    const larger = new Uint8Array(40)
    larger.set(twoByThree, 11)
    expect([...parseIdx(larger.subarray(11, 11 + twoByThree.length), 'labels').data]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('says how much is missing from a file that was cut off', () => {
    for (const cut of truncations(twoByThree)) {
      expect(() => parseIdx(cut, 'labels')).toThrowError(expect.objectContaining({ code: 'data-truncated' }))
    }
    expect(() => parseIdx(twoByThree.slice(0, 15), 'labels')).toThrowError(
      expect.objectContaining({ expected: '18 bytes for 2 x 3 values', found: '15 bytes' }),
    )
  })

  it('refuses a file that is longer than its header says', () => {
    const longer = Uint8Array.of(...twoByThree, 7)
    expect(() => parseIdx(longer, 'labels')).toThrowError(expect.objectContaining({ code: 'data-format' }))
  })

  it('refuses values of another type', () => {
    const floats = Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0)
    expect(() => parseIdx(floats, 'floats')).toThrowError(expect.objectContaining({ found: '00 00 0d 01' }))
  })

  it('answers damage with errors of its own only', () => {
    for (const damaged of corruptions(twoByThree)) {
      try {
        parseIdx(damaged, 'labels')
      } catch (error) {
        expect(error).toBeInstanceOf(RepriseError)
      }
    }
  })
})

describe('gzip', () => {
  it('gives back what was packed', () => {
    expect([...gunzip(gzipSync(twoByThree), 'labels.gz')]).toEqual([...twoByThree])
  })

  it('tells a cut file from a damaged one', () => {
    const packed = gzipSync(twoByThree)
    for (const cut of truncations(packed)) {
      if (cut.length > 0) {
        expect(() => gunzip(cut, 'x')).toThrowError(expect.objectContaining({ code: 'data-truncated' }))
      }
    }
    packed[packed.length - 8] = (packed.at(-8) ?? 0) ^ 0xff
    expect(() => gunzip(packed, 'x')).toThrowError(expect.objectContaining({ code: 'data-format' }))
  })
})
