import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { crc32c } from './crc32c.ts'
import { readExample } from './tf-example.ts'
import { tfRecords } from './tfrecord.ts'

const reading = (bytes: Uint8Array) => (offset: number, length: number) => bytes.subarray(offset, offset + length)
const text = (value: string) => new TextEncoder().encode(value)

describe('CRC-32C', () => {
  it('gives the values of RFC 3720, appendix B.4, and of the catalogue of CRCs', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c)
    expect(crc32c(text('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array())).toBe(0)
  })
})

describe('tf.train.Example', () => {
  it('reads lists that are packed and lists that are not, and negative numbers', () => {
    // features { feature { "a": int64_list { 1, 300 } packed } feature { "b": int64_list { -1 } not packed } }
    const packed = [0x0a, 0x0c, 0x0a, 1, 0x61, 0x12, 7, 0x1a, 5, 0x0a, 3, 1, 0xac, 2]
    const minusOne = [0x08, ...new Array(9).fill(0xff), 1]
    const plain = [0x0a, 18, 0x0a, 1, 0x62, 0x12, 13, 0x1a, 11, ...minusOne]
    const bytes = Uint8Array.from([0x0a, packed.length + plain.length, ...packed, ...plain])
    expect(readExample(reading(bytes), 0, bytes.length)).toEqual(
      new Map([
        ['a', { bytes: [], numbers: [1, 300] }],
        ['b', { bytes: [], numbers: [-1] }],
      ]),
    )
  })

  it('refuses other bytes', () => {
    for (const bytes of [text('not a message at all'), Uint8Array.of(0x0a, 200), new Uint8Array(20).fill(0xff)]) {
      expect(() => readExample(reading(bytes), 0, bytes.length)).toThrow(RepriseError)
    }
  })
})

describe('records', () => {
  it('refuse a file of other bytes', () => {
    const other = text('plain text that is long enough to be a header')
    expect(() => [...tfRecords(reading(other), other.length, 'x')]).toThrowError(
      expect.objectContaining({ code: 'data-format' }),
    )
    expect([...tfRecords(reading(other), 0, 'x')]).toEqual([])
  })
})
