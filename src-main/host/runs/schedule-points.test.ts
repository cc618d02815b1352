import { expect, test } from 'vitest'
import { parseRunConfig } from '../../shared/config-fields.ts'
import { schedulePoints, trainingSteps } from './schedule-points.ts'

const config = (sections: Record<string, object>) => parseRunConfig(sections)

test('an epoch has whole batches, or one more when the last is kept', () => {
  const train = { length: 1.5, batchSize: 128 }
  expect(trainingSteps(config({ train }), 50_000)).toEqual({ perEpoch: 390, total: 585 })
  expect(trainingSteps(config({ train: { ...train, dropLast: false } }), 50_000)).toEqual({ perEpoch: 391, total: 587 })
  // 390 batches in groups of 4, of which the last has 2.
  expect(trainingSteps(config({ train: { ...train, accumulate: 4 } }), 50_000)).toEqual({ perEpoch: 98, total: 147 })
  const steps = { lengthUnit: 'steps', length: 64_000, batchSize: 128 }
  expect(trainingSteps(config({ train: steps }), 50_000).total).toBe(64_000)
})

test('both sides of a drop are kept, and a smooth curve stays small', () => {
  const train = { lengthUnit: 'steps', length: 64_000, batchSize: 128 }
  const drops = schedulePoints(
    config({ train, schedule: { name: 'multi-step', milestones: [32_000, 48_000] } }),
    50_000,
  )
  const lr = new Map(drops.map((point) => [point.step, point.lr]))
  expect(lr.get(0)).toBe(0.1)
  expect(lr.get(31_999)).toBe(0.1)
  expect(lr.get(32_000)).toBeCloseTo(0.01, 12)
  expect(lr.get(63_999)).toBeCloseTo(0.001, 12)
  expect(schedulePoints(config({ train, schedule: { name: 'cosine' } }), 50_000).length).toBeLessThan(110)
})

test('a schedule that the training would refuse is refused', () => {
  const wrong = config({ schedule: { name: 'one-cycle', warmup: 1 } })
  expect(() => schedulePoints(wrong, 50_000)).toThrow('takes no warm-up')
})
