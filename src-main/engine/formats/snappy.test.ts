import { compressors } from 'hyparquet-compressors'
import { describe, expect, it } from 'vitest'
import { corruptions } from './damaged-inputs.ts'
import { snappyFragments, unpackSnappy, unpackSnappyElements } from './snappy.ts'

const bytes = new Uint8Array(150_000).map((_, i) => (i * i) >> 3)

/** Literals alone, in elements of at most `most` bytes. */
function packedLiterals(content: Uint8Array, most: number): Uint8Array {
  const parts: Uint8Array[] = [preamble(content.length)]
  for (let at = 0; at < content.length; at += most) {
    const literal = content.subarray(at, at + most)
    parts.push(Uint8Array.of(61 << 2, (literal.length - 1) & 255, (literal.length - 1) >> 8), literal)
  }
  return Uint8Array.from(Buffer.concat(parts))
}

function preamble(length: number): Uint8Array {
  return Uint8Array.of((length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14)
}

/** Literals of each length form, and copies of each distance form, near, far and overlapping. */
const mixed = Uint8Array.from([
  ...preamble(20 + 4 + 30 + 64 + 5),
  ...[19 << 2, ...bytes.subarray(100, 120)],
  ...[1, 20],
  ...[(29 << 2) | 2, 2, 0],
  ...[(63 << 2) | 3, 54, 0, 0, 0],
  ...[60 << 2, 4, 1, 2, 3, 4, 5],
])

describe('snappy', () => {
  it('unpacks literals and copies as another program does', () => {
    for (const [packed, length] of [
      [mixed, 123],
      [packedLiterals(bytes, 32_768), bytes.length],
      [packedLiterals(bytes, 40_000), bytes.length],
    ] as const) {
      expect(unpackSnappy(packed, length)).toEqual(compressors.SNAPPY?.(packed, length))
    }
    expect(unpackSnappy(packedLiterals(bytes, 32_768), bytes.length)).toEqual(bytes)
  })

  it('unpacks fragments alone', () => {
    const packed = packedLiterals(bytes, 32_768)
    const fragments = snappyFragments(packed) ?? []
    expect(fragments.map(({ start }) => start)).toEqual([0, 65_536, 131_072, 150_000])
    for (const [i, { packedStart, start }] of fragments.slice(0, -1).entries()) {
      const next = fragments[i + 1]
      const elements = packed.subarray(packedStart, next?.packedStart)
      expect(unpackSnappyElements(elements, (next?.start ?? 0) - start)).toEqual(bytes.subarray(start, next?.start))
    }
  })

  it('finds no fragments where an element crosses the border or refers back across it', () => {
    expect(snappyFragments(packedLiterals(bytes, 40_000))).toBeNull()
    // 65,536 bytes of literals, then a copy of 4 bytes from 4 bytes before.
    const border = packedLiterals(bytes.subarray(0, 65_536), 65_536).subarray(3)
    const copy = Uint8Array.from(Buffer.concat([preamble(65_540), border, Uint8Array.of(1, 4)]))
    expect(unpackSnappy(copy, 65_540).subarray(65_536)).toEqual(bytes.subarray(65_532, 65_536))
    expect(snappyFragments(copy)).toBeNull()
  })

  it('refuses damage', () => {
    expect(snappyFragments(packedLiterals(bytes, 32_768).subarray(0, 100_000))).toBeNull()
    expect(snappyFragments(new Uint8Array([0xff, 0xff]))).toBeNull()
    let refused = 0
    for (const damaged of corruptions(mixed, 500)) {
      try {
        expect(unpackSnappy(damaged, 123)).toHaveLength(123)
      } catch (error) {
        expect((error as Error).message).toMatch(/bad element|announced|once unpacked/)
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})
