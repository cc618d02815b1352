import { expect, test } from 'vitest'
import type { WorkerPhase, WorkerToHost } from '../../shared/worker-protocol.ts'
import { createProgressWatch } from './stuck.ts'

const steps = (stepSeconds: number): WorkerToHost => ({
  type: 'steps',
  seed: 1,
  points: [],
  step: 1,
  imagesPerSecond: 1,
  stepSeconds,
  secondsLeft: 1,
})
const phase = (name: WorkerPhase): WorkerToHost => ({ type: 'phase', phase: name, seed: 1 })
const epoch = { type: 'epoch', result: {} } as WorkerToHost
const sample = { type: 'machine', sample: { cpu: 1, rssBytes: 1, dataWait: 0 } } as WorkerToHost

function watch() {
  let ms = 0
  const progress = createProgressWatch(() => ms)
  return { ...progress, pass: (seconds: number) => (ms += seconds * 1000) }
}

test('short steps are stuck after a minute, once, and move again with the next report', () => {
  const { report, check, pass } = watch()
  report(steps(0.1))
  pass(60)
  expect(check()).toBeNull()
  pass(1)
  report(sample)
  expect(check()).toEqual({ seconds: 61, expectedSeconds: 60 })
  pass(100)
  expect(check()).toBeNull()
  expect(report(steps(0.1))).toBe(161)
  expect(report(steps(0.1))).toBeNull()
  expect(check()).toBeNull()
})

test('long steps are given twenty times as long', () => {
  const { report, check, pass } = watch()
  report(steps(30))
  pass(599)
  expect(check()).toBeNull()
  pass(2)
  expect(check()).toEqual({ seconds: 601, expectedSeconds: 600 })
})

test('an evaluation is given three times as long as the one before, the first and other work ten minutes', () => {
  const { report, check, pass } = watch()
  report(steps(0.1))
  report(phase('evaluating'))
  pass(200)
  expect(check()).toBeNull()
  report(epoch)
  pass(61)
  expect(check()).not.toBeNull()
  report(phase('evaluating'))
  pass(590)
  expect(check()).toBeNull()
  report(phase('tracing'))
  pass(590)
  expect(check()).toBeNull()
  pass(20)
  expect(check()?.expectedSeconds).toBe(600)
})

test('a run that waits is not stuck, nor one whose machine slept', () => {
  const { report, check, pass, restart } = watch()
  report(steps(0.1))
  report({ type: 'paused' })
  pass(1e5)
  expect(check()).toBeNull()
  report({ type: 'continued' })
  pass(50)
  restart()
  pass(50)
  expect(check()).toBeNull()
  pass(20)
  expect(check()).not.toBeNull()
})
