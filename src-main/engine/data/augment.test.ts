import { describe, expect, it } from 'vitest'
import { applyAugmentation } from './augment.ts'
import type { PictureShape } from './dataset.ts'

// A 3 x 4 picture of one channel: 1 to 12 in reading order.
const shape: PictureShape = [3, 4, 1]
const picture = Float32Array.from({ length: 12 }, (_, i) => i + 1)
const plain = { pad: 1, padMode: 'zero', cutout: 0 } as const
const rows = (values: Float32Array) => [0, 4, 8].map((at) => [...values.subarray(at, at + 4)])

describe('augmentation of one picture', () => {
  it('leaves the picture alone at the middle crop', () => {
    expect(applyAugmentation(picture, shape, [1, 1, 0, 0, 0], plain)).toEqual(picture)
  })

  it('pads with zeros', () => {
    expect(rows(applyAugmentation(picture, shape, [0, 2, 0, 0, 0], plain))).toEqual([
      [0, 0, 0, 0],
      [2, 3, 4, 0],
      [6, 7, 8, 0],
    ])
  })

  it("reflects without repeating the border, as PyTorch's ReflectionPad2d", () => {
    const reflect = { ...plain, pad: 2, padMode: 'reflect' } as const
    expect(rows(applyAugmentation(picture, shape, [0, 4, 0, 0, 0], reflect))).toEqual([
      [11, 12, 11, 10],
      [7, 8, 7, 6],
      [3, 4, 3, 2],
    ])
  })

  it('mirrors what was cropped', () => {
    expect(rows(applyAugmentation(picture, shape, [1, 2, 1, 0, 0], plain))).toEqual([
      [0, 4, 3, 2],
      [0, 8, 7, 6],
      [0, 12, 11, 10],
    ])
  })

  it('cuts a square around its centre, clipped at the border, after mirroring', () => {
    expect(rows(applyAugmentation(picture, shape, [1, 1, 1, 0, 3], { ...plain, cutout: 2 }))).toEqual([
      [4, 3, 0, 0],
      [8, 7, 6, 5],
      [12, 11, 10, 9],
    ])
    expect(rows(applyAugmentation(picture, shape, [1, 1, 0, 1, 1], { ...plain, cutout: 3 }))).toEqual([
      [0, 0, 0, 4],
      [0, 0, 0, 8],
      [0, 0, 0, 12],
    ])
  })

  it('keeps the channels of a pixel together', () => {
    const colour = Float32Array.of(1, 2, 3, 4, 5, 6)
    expect([...applyAugmentation(colour, [1, 2, 3], [0, 0, 1, 0, 0], { ...plain, pad: 0 })]).toEqual([4, 5, 6, 1, 2, 3])
  })

  it('refuses to reflect more than the picture has', () => {
    expect(() =>
      applyAugmentation(picture, shape, [0, 0, 0, 0, 0], { ...plain, pad: 3, padMode: 'reflect' }),
    ).toThrowError(expect.objectContaining({ code: 'config-out-of-range', expected: 'at most 2' }))
  })
})
