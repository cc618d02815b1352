import { expect, test } from 'vitest'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import type { EpochResult, SeedResult } from '../../../src-main/shared/worker-protocol.ts'
import {
  brokenOff,
  epochInWork,
  evaluationsOf,
  finishedValues,
  mainSeed,
  restsOf,
  savedState,
  seedsToGo,
  stepsPerEpoch,
  totalSteps,
} from './run-facts.ts'

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
    interruption: null,
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

test('where no evaluation was made, the place where it stopped tells the steps of an epoch', () => {
  const interruption = { step: 162, epoch: 0.5 } as RunDetail['interruption']
  expect(stepsPerEpoch(run({ epochs: [], interruption }))).toBe(324)
})

const stop = { cause: 'paused', seed: 2, step: 100 } as RunDetail['interruption']

test('a run is broken off only while it stands still and could go on', () => {
  expect(brokenOff(run({ status: 'paused', interruption: stop }))).toBe(stop)
  expect(brokenOff(run({ status: 'failed', interruption: stop }))).toBe(stop)
  for (const status of ['queued', 'running', 'pausing', 'finished'] as const) {
    expect(brokenOff(run({ status, interruption: stop }))).toBeNull()
  }
  expect(brokenOff(run({ status: 'failed', interruption: null }))).toBeNull()
})

test('a run that waits to go on has all unfinished seeds to go, one that was stopped for good only those never begun', () => {
  const [first, second, third] = run({}).seeds
  const seeds = [first, { ...second, status: 'failed' }, third] as RunDetail['seeds']
  const interruption = { ...stop, cause: 'power-loss' } as RunDetail['interruption']
  expect(seedsToGo(run({ status: 'failed', interruption, seeds }))).toBe(2)
  expect(seedsToGo(run({ status: 'failed', interruption: null, seeds }))).toBe(1)
})

test('a paused run draws the seed at which it was paused, and counts it as still to go', () => {
  expect(mainSeed(run({ status: 'paused', interruption: { ...stop, seed: 3 } as RunDetail['interruption'] }))).toBe(3)
  const [first, second, third] = run({}).seeds
  const paused = { ...second, status: 'paused' } as RunDetail['seeds'][number]
  expect(seedsToGo(run({ seeds: [first, paused, third] as RunDetail['seeds'] }))).toBe(2)
})

test('the newest state of a seed is what it goes on from; other checkpoints are none', () => {
  const checkpoints = [
    { seed: 1, kind: 'state', step: 90 },
    { seed: 1, kind: 'state', step: 40 },
    { seed: 1, kind: 'best', step: 95 },
    { seed: 2, kind: 'state', step: 200 },
  ] as RunDetail['checkpoints']
  expect(savedState(run({ checkpoints }), 1)?.step).toBe(90)
  expect(savedState(run({ checkpoints }), 3)).toBeNull()
})

test('each time a seed went on is a rest of it, told with its length where that is known', () => {
  const alerts = [
    { at: 1, seed: 1, step: 50, kind: 'resumed', values: { step: 50, epoch: 1, seconds: 600 } },
    { at: 2, seed: 2, step: 70, kind: 'resumed', values: { step: 70, epoch: 1 } },
    { at: 3, seed: 1, step: 80, kind: 'slept', values: { seconds: 60 } },
  ] as RunDetail['alerts']
  expect(restsOf(alerts, 1)).toEqual([{ step: 50, seconds: 600 }])
  expect(restsOf(alerts, 2)).toEqual([{ step: 70, seconds: null }])
})

test('an epoch that is begun counts, one that is just complete is still the present one', () => {
  expect([0, 0.01, 1, 36.2, 37].map(epochInWork)).toEqual([1, 1, 1, 37, 37])
})
