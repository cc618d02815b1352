import { expect, test } from 'vitest'
import { createLiveTracker } from './live-state.ts'

const started = (seed: number) => ({
  type: 'seed-start' as const,
  seed,
  totalSteps: 100,
  stepsPerEpoch: 10,
  parameters: 1,
})
const steps = (seed: number, secondsLeft: number) => ({
  type: 'steps' as const,
  seed,
  points: [],
  step: 10,
  imagesPerSecond: 1,
  stepSeconds: 1,
  secondsLeft,
})

test('time left for all seeds takes the present one for those to come until one has finished', () => {
  let now = 0
  const live = createLiveTracker([1, 2, 3], [], { wall: () => 0, monotonic: () => now })
  live.seedStart(started(1))
  now = 20_000
  live.steps(steps(1, 80))
  expect(live.state()).toMatchObject({ seedSecondsLeft: 80, allSecondsLeft: 80 + 2 * 100 })
  live.seedEnd(120)
  expect(live.state().allSecondsLeft).toBe(240)
  live.seedStart(started(2))
  now = 30_000
  live.steps(steps(2, 90))
  expect(live.state().allSecondsLeft).toBe(90 + 120)
})

test('machine samples are a ring', () => {
  const live = createLiveTracker([1], [], { wall: () => 5, monotonic: () => 0 })
  for (let i = 0; i < 500; i += 1) live.machine({ type: 'machine', sample: { cpu: i, rssBytes: 1, dataWait: 0 } })
  const { machine } = live.state()
  expect(machine).toHaveLength(120)
  expect(machine.at(-1)).toEqual({ cpu: 499, rssBytes: 1, dataWait: 0, at: 5 })
})

test('steps end the phase before them', () => {
  const live = createLiveTracker([1])
  live.phase({ phase: 'tracing', text: 'first step', done: 1, total: 2 })
  live.steps(steps(1, 80))
  expect(live.state()).toMatchObject({ phase: 'training', phaseText: null, done: null, total: null })
})

test('pauses and seeds that finished before count right', () => {
  let now = 0
  const live = createLiveTracker([2, 3], [100], { wall: () => 0, monotonic: () => now })
  live.seedStart(started(2))
  live.resumed({ step: 5, trainSeconds: 30 })
  now = 10_000
  live.steps(steps(2, 60))
  expect(live.state().allSecondsLeft).toBe(60 + 100)
  live.paused()
  now = 1_000_000
  live.continued()
  now += 5000
  const alone = createLiveTracker([2, 3], [], { wall: () => 0, monotonic: () => now })
  alone.seedStart(started(2))
  alone.resumed({ step: 5, trainSeconds: 30 })
  alone.paused()
  now += 1_000_000
  alone.continued()
  now += 5000
  alone.steps(steps(2, 60))
  expect(alone.state().allSecondsLeft).toBe(60 + 30 + 5 + 60)
})
