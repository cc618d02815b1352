import { expect, test } from 'vitest'
import { mixingOracles, replay } from '../../../../tools/oracle/read-augmentations.ts'
import { pictureDraws } from './draw-source.ts'
import { drawCutmixBox, drawMixing, mixedTargets, mixingPartners, repeatedAugmentationOrder } from './mixing.ts'

const { boxes, targets, repeats } = mixingOracles()

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
