import { describe, expect, it } from 'vitest'
import { augmentationDraws, drawCount, epochOrder, layerKey, type PlaceConfig } from './draws.ts'

const picture = { height: 32, width: 24 }
const all: PlaceConfig = { pad: 4, padMode: 'zero', flip: 'random', cutout: 8 }
const indices = (count: number) => Int32Array.from({ length: count }, (_, i) => i)
const column = (draws: Int32Array, at: number) => draws.filter((_, i) => i % drawCount === at)

describe('epoch order', () => {
  it('visits every picture once', () => {
    for (const count of [0, 1, 2, 5, 1000]) {
      expect([...epochOrder(1, 0, count)].sort((a, b) => a - b)).toEqual([...indices(count)])
    }
  })

  it('is the same for the same seed and epoch, and another for another', () => {
    expect(epochOrder(7, 3, 500)).toEqual(epochOrder(7, 3, 500))
    expect(epochOrder(7, 3, 500)).not.toEqual(epochOrder(8, 3, 500))
    expect(epochOrder(7, 3, 500)).not.toEqual(epochOrder(7, 4, 500))
  })

  it('puts each of four pictures at each place about equally often', () => {
    const seen = new Int32Array(16)
    const epochs = 4000
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [place, which] of epochOrder(1, epoch, 4).entries())
        seen[place * 4 + which] = (seen[place * 4 + which] ?? 0) + 1
    }
    for (const count of seen) expect(Math.abs(count / epochs - 1 / 4)).toBeLessThan(0.03)
  })
})

describe('augmentation draws', () => {
  it('depend on the picture, not on the batch it is in', () => {
    const together = augmentationDraws(3, 2, [5, 9, 11], picture, all)
    const alone = augmentationDraws(3, 2, [9], picture, all)
    expect(together.subarray(drawCount, 2 * drawCount)).toEqual(alone)
  })

  it('cover their ranges evenly', () => {
    const draws = augmentationDraws(1, 0, indices(20_000), picture, all)
    const ranges = [9, 9, 2, picture.height, picture.width]
    for (const [at, range] of ranges.entries()) {
      const counts = new Float64Array(range)
      for (const draw of column(draws, at)) counts[draw] = (counts[draw] ?? 0) + 1
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20_000)
      for (const count of counts) expect(Math.abs((count / 20_000) * range - 1)).toBeLessThan(0.2)
    }
  })

  it('are neutral where the config switches something off', () => {
    const off: PlaceConfig = { pad: 0, padMode: 'zero', flip: 'none', cutout: 0 }
    expect([...augmentationDraws(1, 5, [1, 2], picture, off)]).toEqual(Array(10).fill(0))
  })

  it('of alternating flip mirror every picture in exactly every other epoch', () => {
    const flips = (epoch: number) =>
      column(augmentationDraws(1, epoch, indices(2000), picture, { ...all, flip: 'alternating' }), 2)
    const first = flips(0)
    expect(flips(1)).toEqual(first.map((flip) => 1 - flip))
    expect(flips(2)).toEqual(first)
    const share = first.reduce((sum, flip) => sum + flip, 0) / first.length
    expect(Math.abs(share - 0.5)).toBeLessThan(0.05)
  })
})

it('the key of random layers differs by batch and seed, and is the same again', () => {
  const keys = [1, 2].flatMap((seed) => [0, 1, 2].map((batch) => layerKey(seed, batch)))
  expect(new Set(keys).size).toBe(6)
  expect(layerKey(2, 1)).toBe(keys[4])
  for (const key of keys) expect(key).toBe(key | 0)
})
