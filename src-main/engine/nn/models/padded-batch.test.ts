import { expect, test } from 'vitest'
import type { PatchSequence } from '../patch-sequence.ts'
import { padBatch, type SizedPicture } from './padded-batch.ts'
import { positionWeights } from './resize-positions.ts'
import { sincos2dPositions } from './sincos2d.ts'

const learned: PatchSequence = {
  patch: 2,
  grid: [2, 2],
  width: 8,
  positions: { name: 'pos_embed', prefix: 1, kind: 'learned', resize: 'timm' },
}
const fixed: PatchSequence = { ...learned, positions: { ...learned.positions, prefix: 0, kind: 'sincos2d' } }

/** Every value tells its place: 100 row + 10 column + channel, and one, so that none is zero. */
function picture(height: number, width: number): SizedPicture {
  const values = Float32Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    return 100 * Math.floor(pixel / width) + 10 * (pixel % width) + (i % 3) + 1
  })
  return { height, width, values }
}

test('patches follow row by row, and their pixels too; what is left is zero and not valid', () => {
  const { patches, valid, positions, notes } = padBatch([picture(2, 2), picture(2, 6)], learned)
  expect(patches.shape).toEqual([2, 3, 12])
  expect(valid).toEqual({ shape: [2, 3], values: Float32Array.of(1, 0, 0, 1, 1, 1) })
  expect(patches.values.slice(12, 36).every((value) => value === 0)).toBe(true)
  // Rows 0 and 1, columns 4 and 5.
  expect([...patches.values.slice(-12)]).toEqual([41, 42, 43, 51, 52, 53, 141, 142, 143, 151, 152, 153])
  expect(positions.shape).toEqual([2, 3, 4])
  expect(positions.values.slice(12)).toEqual(positionWeights([2, 2], [1, 3], 'timm'))
  expect(notes).toEqual([])
})

test('fixed positions are those of each picture’s own grid', () => {
  const { positions } = padBatch([picture(4, 2), picture(2, 6)], fixed, 4)
  expect(positions.shape).toEqual([2, 4, 8])
  expect(positions.values.slice(0, 16)).toEqual(sincos2dPositions([2, 1], 8))
  expect(positions.values.slice(32, 56)).toEqual(sincos2dPositions([1, 3], 8))
  expect(positions.values.slice(56).every((value) => value === 0)).toBe(true)
})

test('sides that are no multiples of the patch are filled up with zeros below and to the right, and that is said', () => {
  const { patches, valid, notes } = padBatch([picture(3, 3)], learned)
  expect(notes).toEqual(['Picture 0 of 3 x 3 was filled up to 4 x 4, a multiple of the patch.'])
  expect([...valid.values]).toEqual([1, 1, 1, 1])
  expect([...patches.values.slice(12, 24)]).toEqual([21, 22, 23, 0, 0, 0, 121, 122, 123, 0, 0, 0])
  expect([...patches.values.slice(36)]).toEqual([221, 222, 223, ...Array<number>(9).fill(0)])
})

test.each([
  ['no picture', [], undefined, 'none'],
  ['values of another size', [{ ...picture(2, 2), width: 4 }], undefined, '12 values'],
  ['an empty picture', [picture(0, 2)], undefined, '0 values'],
  ['more patches than the sequence holds', [picture(4, 4)], 3, '4 patches'],
])('%s is refused', (_what, pictures, length, found) => {
  expect(() => padBatch(pictures, learned, length)).toThrowError(expect.objectContaining({ code: 'usage', found }))
})
