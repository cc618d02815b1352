import { expect, test } from 'vitest'
import { runConfigSchema } from '../shared/run-config.ts'
import { proofConfig } from './proof-config.ts'

test('a length in epochs becomes two, and nothing else changes', () => {
  const config = runConfigSchema.parse({ train: { length: 300 }, schedule: { milestones: [100, 200] } })
  const { config: short, changes } = proofConfig(config, 50_000)
  expect(changes).toEqual({ 'train.length': 2 })
  expect(short).toEqual({ ...config, train: { ...config.train, length: 2 } })
})

test('a length in steps becomes the steps of two epochs', () => {
  const config = runConfigSchema.parse({
    train: { lengthUnit: 'steps', length: 64_000, batchSize: 128, accumulate: 2 },
  })
  // 390 whole batches of 50,000 pictures make 195 steps.
  expect(proofConfig(config, 50_000).changes).toEqual({ 'train.length': 390 })
})

test('warm-up and cooldown shrink with the length where they would not fit', () => {
  const config = runConfigSchema.parse({
    train: { length: 300 },
    schedule: { warmup: 5, cooldown: 10 },
    evaluation: { every: 4 },
  })
  const { changes } = proofConfig(config, 50_000)
  expect(changes).toEqual({
    'train.length': 2,
    'evaluation.every': 1,
    'schedule.warmup': (5 * 2) / 300,
    'schedule.cooldown': (10 * 2) / 300,
  })
})
