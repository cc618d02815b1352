import { expect, test } from 'vitest'
import { parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import type { EpochResult } from '../../../src-main/shared/worker-protocol.ts'
import { RunColumns } from './run-columns.ts'
import { accuracySeries, lossSeries, timesOfSteps } from './run-series.ts'
import { rateTurns } from './schedule-events.ts'

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
const choice = { unit: 'step', seed: 2, smoothing: true, seedLabel: (seed: number) => `Seed ${seed}` } as const

test('history and events may overlap: rows are taken once', () => {
  const columns = new RunColumns()
  const points = [1, 2, 3].map((step) => ({ step, epoch: step / 100, loss: 1, lr: 0.1 }))
  columns.addHistory([{ seed: 1, points }], [epoch(1, 1, 0.5)])
  columns.addSteps(1, [...points, { step: 4, epoch: 0.04, loss: 1, lr: 0.1 }])
  columns.addEpoch(epoch(1, 1, 0.5))
  expect([...(columns.seeds.get(1)?.steps.step.values ?? [])]).toEqual([1, 2, 3, 4])
  expect(columns.seeds.get(1)?.epochs.top1.length).toBe(1)
})

test('columns grow past their first room', () => {
  const columns = new RunColumns()
  columns.addSteps(
    1,
    Array.from({ length: 1000 }, (_, index) => ({ step: index + 1, epoch: 0, loss: index, lr: 0.1 })),
  )
  expect(columns.seeds.get(1)?.steps.loss.values.at(-1)).toBe(999)
})

test('the final figure replaces the plain one of the same step', () => {
  const columns = new RunColumns()
  columns.addEpoch(epoch(1, 1, 0.93))
  columns.addEpoch(epoch(1, 1, 0.94, true))
  expect([...(columns.seeds.get(1)?.epochs.top1.values ?? [])]).toEqual([0.94])
})

test('the chosen seed is drawn last, others thin', () => {
  const columns = new RunColumns()
  for (const seed of [1, 2]) columns.addEpoch(epoch(seed, 1, 0.5))
  expect(accuracySeries(columns, choice).map(({ label, look }) => [label, look])).toEqual([
    ['Seed 1', 'other'],
    ['Seed 2', 'main'],
  ])
})

test('a long curve is smoothed with its own values behind it, a short one is not', () => {
  const columns = new RunColumns()
  for (let i = 1; i <= 40; i++) columns.addEpoch(epoch(2, i, i % 2))
  const series = accuracySeries(columns, choice)
  expect(series.map(({ look, smoothed, tagged }) => [look, smoothed ?? false, tagged ?? false])).toEqual([
    ['raw', false, true],
    ['main', true, false],
  ])
  expect(accuracySeries(columns, { ...choice, smoothing: false })).toHaveLength(1)
  expect(lossSeries(columns, choice, { train: 'train', test: 'test' }).map(({ id }) => id)).toEqual(['train', 'test'])
})

test('steps get their time from the evaluations around them', () => {
  const known = { step: Float64Array.of(100, 200), time: Float64Array.of(10, 30) }
  expect([...timesOfSteps([50, 100, 150, 250], known)]).toEqual([5, 10, 20, 40])
  expect([...timesOfSteps([1, 2], { step: new Float64Array(), time: new Float64Array() })]).toEqual([0, 0])
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
