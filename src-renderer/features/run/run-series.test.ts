import { expect, test } from 'vitest'
import { parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import type { EpochResult } from '../../../src-main/shared/worker-protocol.ts'
import { accuracySeries, lossSeries, timesOfSteps } from './run-series.ts'
import { rateTurns } from './schedule-events.ts'
import { epochColumns, seedCurves } from './seed-curves.ts'

const epoch = (seed: number, number: number, top1: number, final = false): EpochResult => ({
  seed,
  epoch: number,
  step: number * 100,
  trainLoss: 1 / number,
  trainTop1: top1,
  testLoss: 1 / number,
  testTop1: top1,
  testTop5: 1,
  trainSeconds: number * 10,
  final,
})
const choice = {
  unit: 'step',
  seed: 2,
  smoothing: true,
  secondsPerStep: 0.1,
  seedLabel: (seed: number) => `Seed ${seed}`,
} as const

test('evaluations told twice are taken once and stand in order', () => {
  const columns = epochColumns([epoch(1, 2, 0.6), epoch(1, 1, 0.5), epoch(1, 2, 0.6), epoch(2, 1, 0.1)], 1)
  expect(columns.top1).toEqual([0.5, 0.6])
  expect(columns.time).toEqual([10, 20])
})

test('the final figure stands in place of the plain one of the same step, in whichever order they come', () => {
  const plain = epoch(1, 1, 0.93)
  const final = epoch(1, 1, 0.94, true)
  expect(epochColumns([plain, final], 1).top1).toEqual([0.94])
  expect(epochColumns([final, plain], 1).top1).toEqual([0.94])
})

test('the chosen seed is drawn last, others thin', () => {
  const seeds = seedCurves([], [epoch(2, 1, 0.5), epoch(1, 1, 0.5)])
  expect(accuracySeries(seeds, choice).map(({ label, look }) => [label, look])).toEqual([
    ['Seed 1', 'other'],
    ['Seed 2', 'main'],
  ])
})

test('a long curve is smoothed with its own values behind it, a short one is not', () => {
  const seeds = seedCurves(
    [],
    Array.from({ length: 40 }, (_, index) => epoch(2, index + 1, index % 2)),
  )
  const series = accuracySeries(seeds, choice)
  expect(series.map(({ look, smoothed, tagged }) => [look, smoothed ?? false, tagged ?? false])).toEqual([
    ['raw', false, true],
    ['main', true, false],
  ])
  expect(accuracySeries(seeds, { ...choice, smoothing: false })).toHaveLength(1)
  expect(lossSeries(seeds, choice, { train: 'train', test: 'test' }).map(({ id }) => id)).toEqual(['train', 'test'])
})

test('steps get their time from the evaluations around them', () => {
  const known = { step: [100, 200], time: [10, 30] }
  expect([...timesOfSteps([50, 100, 150, 250], known, 1)]).toEqual([5, 10, 20, 40])
  expect([...timesOfSteps([10, 20], { step: [], time: [] }, 0.5)]).toEqual([5, 10])
})

test('drops, warm-up and peak become marks in steps', () => {
  const config = (input: object) => parseRunConfig(input)
  expect(
    rateTurns(
      config({
        train: { lengthUnit: 'steps', length: 64_000 },
        schedule: { name: 'multi-step', milestones: [32_000, 48_000, 70_000], warmup: 400 },
      }),
      390,
      64_000,
    ).map(({ step, kind, divisor }) => [step, kind, divisor]),
  ).toEqual([
    [400, 'warmup-end', 10],
    [32_000, 'drop', 10],
    [48_000, 'drop', 10],
  ])
  expect(rateTurns(config({ schedule: { name: 'triangular', peak: 0.25 } }), 100, 1000)[0]).toMatchObject({
    step: 250,
    kind: 'peak',
  })
  expect(rateTurns(config({ schedule: { name: 'step', stepSize: 1 } }), 10, 1000)).toHaveLength(8)
})
