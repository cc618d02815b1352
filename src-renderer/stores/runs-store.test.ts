import { expect, test } from 'vitest'
import { testRun } from '../client/memory-engine.ts'
import { runProgress, seedPlace } from './runs-store.ts'

const seed = (number: number, status: 'finished' | 'running' | 'queued', step = 0, totalSteps = 0) => ({
  seed: number,
  status,
  step,
  totalSteps,
  top1: null,
  result: null,
})

test('progress counts all seeds, although only begun ones know their steps', () => {
  const run = testRun('a', { seeds: [seed(1, 'finished', 100, 100), seed(2, 'running', 50, 100), seed(3, 'queued')] })
  expect(runProgress(run)).toBeCloseTo(0.5)
  expect(seedPlace(run)).toEqual({ at: 2, of: 3 })
})

test('progress is unknown before the first seed begins', () => {
  expect(runProgress(testRun('a', { seeds: [seed(1, 'queued')] }))).toBeNull()
})
