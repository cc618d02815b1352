import { expect, test } from 'vitest'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import type { EpochResult, SeedResult } from '../../../src-main/shared/worker-protocol.ts'
import { evaluationsOf, finishedValues, mainSeed, seedsToGo, stepsPerEpoch, totalSteps } from './run-facts.ts'

const epoch = (seed: number, number: number, testTop1: number): EpochResult => ({
  seed,
  epoch: number,
  step: number * 100,
  trainLoss: 0,
  trainTop1: 0,
  testLoss: 0,
  testTop1,
  testTop5: 1,
  trainSeconds: number,
  final: false,
})
const result = (seed: number, last: number, best: number): SeedResult => ({
  seed,
  last: { epoch: 2, step: 200, top1: last, top5: 1, loss: 0 },
  best: { epoch: 1, step: 100, top1: best },
  trainSeconds: 1,
  seconds: 1,
  stopped: false,
})
const run = (parts: Partial<RunDetail>) =>
  ({
    status: 'finished',
    live: null,
    config: parseRunConfig({}),
    epochs: [epoch(1, 1, 0.9), epoch(1, 2, 0.8), epoch(2, 1, 0.7)],
    seeds: [
      { seed: 1, status: 'finished', step: 200, totalSteps: 200, top1: 0.8, result: result(1, 0.8, 0.9) },
      { seed: 2, status: 'running', step: 100, totalSteps: 200, top1: 0.7, result: null },
      { seed: 3, status: 'queued', step: 0, totalSteps: 0, top1: null, result: null },
    ],
    ...parts,
  }) as RunDetail

test('the seed at work is drawn in full, later the newest with a figure', () => {
  expect(mainSeed(run({}))).toBe(2)
  expect(mainSeed(run({ status: 'running', live: { seed: 3 } as RunDetail['live'] }))).toBe(3)
})

test('lengths come from the worker, or from what is stored', () => {
  expect([totalSteps(run({})), stepsPerEpoch(run({}))]).toEqual([200, 100])
  expect(stepsPerEpoch(run({ epochs: [] }))).toBe(0)
})

test('newest and best evaluation differ when a run has passed its peak', () => {
  const { newest, best } = evaluationsOf(run({}), 1)
  expect([newest?.epoch, best?.epoch]).toEqual([2, 1])
})

test('only finished seeds have a judged value, by the checkpoint that the run names', () => {
  expect(finishedValues(run({}))).toEqual([{ seed: 1, value: 0.8 }])
  const best = run({ config: parseRunConfig({ evaluation: { checkpoint: 'best' } }) })
  expect(finishedValues(best)).toEqual([{ seed: 1, value: 0.9 }])
  expect(seedsToGo(run({}))).toBe(2)
})
