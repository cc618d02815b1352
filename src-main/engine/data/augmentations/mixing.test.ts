import { expect, test } from 'vitest'
import { pattern } from '../../../../tools/oracle/pattern.ts'
import { mixingOracles, replay } from '../../../../tools/oracle/read-augmentations.ts'
import { pictureDraws } from './draw-source.ts'
import {
  drawCutmixBox,
  drawMixing,
  mixedTargets,
  mixingPartners,
  mixPictures,
  repeatedAugmentationOrder,
} from './mixing.ts'

const { boxes, targets, repeats, pictures } = mixingOracles()

test.each(boxes)('$reference box of $size, lambda $lambda, replay $replay', (oracle) => {
  const { box, lambda } = drawCutmixBox(replay(oracle.replay), oracle.reference, oracle.size, oracle.lambda)
  expect([box?.top, box?.left, box?.height, box?.width]).toEqual(oracle.box)
  expect(lambda).toBeCloseTo(oracle.corrected, 12)
})

test.each(targets)('$reference targets, lambda $lambda, smoothing $smoothing', (oracle) => {
  const partners = mixingPartners(oracle.reference, oracle.labels.length)
  const found = mixedTargets(oracle.labels, oracle.classes, oracle.lambda, partners, oracle.smoothing)
  expect(found.length).toBe(oracle.values.length)
  for (const [i, value] of oracle.values.entries()) expect(Math.abs((found[i] ?? 9) - value)).toBeLessThan(1e-6)
})

test.each(pictures)(
  '$reference $kind of pictures, lambda $lambda',
  ({ reference, lambda, box, count, size, values }) => {
    const batch = Float32Array.from(pattern(31, count * size[0] * size[1] * 3))
    const [top = 0, left = 0, height = 0, width = 0] = box ?? []
    const draw = { lambda, box: box ? { top, left, height, width } : null }
    mixPictures(batch, size, mixingPartners(reference, count), draw)
    expect(batch.length).toBe(values.length)
    for (const [i, value] of values.entries()) expect(Math.abs((batch[i] ?? 9) - value)).toBeLessThan(1e-6)
  },
)

test('big_vision leaves the larger share to the picture itself', () => {
  const config = {
    reference: 'big-vision',
    mixupAlpha: 0.2,
    cutmixAlpha: 0,
    probability: 1,
    switchProbability: 0,
  } as const
  const shares = Array.from({ length: 300 }, (_, i) => drawMixing(pictureDraws(3, 0, i), [8, 8], config).lambda)
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5)
  expect(Math.max(...shares)).toBeLessThanOrEqual(1)
  expect([...mixingPartners('big-vision', 4)]).toEqual([3, 0, 1, 2])
})

test.each(repeats)('repeated augmentation of $count, rank $rank of $replicas', ({ count, rank, replicas, indices }) => {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  expect([...repeatedAugmentationOrder(order, 3, rank, replicas)]).toEqual(indices)
})

test('a batch is mixed as often, and by CutMix as often, as asked', () => {
  const config = {
    reference: 'timm',
    mixupAlpha: 0.8,
    cutmixAlpha: 1,
    probability: 0.7,
    switchProbability: 0.5,
  } as const
  const draws = Array.from({ length: 2000 }, (_, i) => drawMixing(pictureDraws(3, 0, i), [32, 32], config))
  const mixed = draws.filter((draw) => draw.box !== null || draw.lambda !== 1)
  // Five standard errors.
  expect(Math.abs(mixed.length / 2000 - 0.7)).toBeLessThan(0.052)
  expect(Math.abs(mixed.filter((draw) => draw.box !== null).length / mixed.length - 0.5)).toBeLessThan(0.07)
  expect(draws.every((draw) => draw.lambda >= 0 && draw.lambda <= 1)).toBe(true)
  const off = { ...config, mixupAlpha: 0, cutmixAlpha: 0 }
  expect(drawMixing(pictureDraws(3, 0, 0), [32, 32], off)).toEqual({ lambda: 1, box: null })
})
