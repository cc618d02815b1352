import { expect, test } from 'vitest'
import type { Interruption } from '../../src-main/shared/saved-state.ts'
import { testRun } from '../client/memory-engine.ts'
import { brokenOffRuns, liveRuns, runProgress, seedPlace, shortName } from './runs-store.ts'

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

const broken = (cause: Interruption['cause'], at: number): Interruption => ({
  cause,
  at,
  seed: 1,
  step: 10,
  epoch: 1,
  saved: null,
  repeatedSeconds: 3,
})

test('what waits to go on is what was paused or broke off, not what was stopped to be kept', () => {
  const runs = [
    testRun('stopped', { status: 'stopped', interruption: broken('stopped', 4) }),
    testRun('paused', { status: 'paused', interruption: broken('paused', 1) }),
    testRun('died', { status: 'failed', interruption: broken('worker-died', 2) }),
    testRun('queued-again', { status: 'queued', interruption: broken('power-loss', 3) }),
    testRun('old-failure', { status: 'failed' }),
  ]
  expect(brokenOffRuns(runs).map(({ id }) => id)).toEqual(['died', 'paused'])
})

test('a paused run that keeps its device holds its lane, one without a device does not', () => {
  const runs = [
    testRun('b', { status: 'paused', keepsDevice: true, startedAt: 2 }),
    testRun('a', { status: 'running', startedAt: 1 }),
    testRun('c', { status: 'paused', interruption: broken('paused', 1) }),
  ]
  expect(liveRuns(runs).map(({ id }) => id)).toEqual(['a', 'b'])
})

test('runs of a sweep are told apart by their values, unless they were renamed', () => {
  const sweep = 'LeNet-5 · optimizer.lr'
  expect(shortName({ name: 'LeNet-5 · optimizer.lr 0.1', sweep })).toBe('optimizer.lr 0.1')
  expect(shortName({ name: 'My best', sweep })).toBe('My best')
  expect(shortName({ name: 'LeNet-5 · optimizer.lr 0.1', sweep: null })).toBe('LeNet-5 · optimizer.lr 0.1')
})
