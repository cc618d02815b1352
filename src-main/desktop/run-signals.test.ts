import { expect, test } from 'vitest'
import type { RunSummary } from '../shared/api.ts'
import {
  createRunSignals,
  endedRuns,
  endSentence,
  isAtWork,
  type SignalOutlets,
  taskbarProgress,
} from './run-signals.ts'
import { shellWords } from './words.ts'

type Part = Partial<RunSummary>

const run = (id: string, part: Part = {}): RunSummary => ({
  id,
  name: id,
  recipeId: 'mnist-lenet5',
  status: 'running',
  createdAt: 1,
  startedAt: 1,
  finishedAt: null,
  queuePosition: null,
  seeds: [
    { seed: 1, status: 'finished', step: 100, totalSteps: 100, top1: 0.9, result: null },
    { seed: 2, status: 'running', step: 50, totalSteps: 100, top1: null, result: null },
  ],
  changes: 0,
  device: 'cpu',
  verdict: null,
  curve: [],
  seconds: 0,
  secondsLeft: null,
  error: null,
  priority: 'normal',
  sweep: null,
  interruption: null,
  keepsDevice: false,
  ...part,
})

const guarded: Part = {
  status: 'paused',
  keepsDevice: true,
  interruption: { cause: 'guard', at: 1, seed: 2, step: 50, epoch: 0, saved: null, repeatedSeconds: 0 },
}

/** Outlets that write down what reaches them. */
function recorder(part: Partial<SignalOutlets> = {}) {
  const told = { progress: [] as (number | null)[], awake: [] as boolean[], ended: [] as string[] }
  const signal = createRunSignals({
    settings: async () => ({ keepAwake: true, notifyWhenDone: true }),
    isLookedAt: () => false,
    setProgress: (fraction) => told.progress.push(fraction),
    keepAwake: (on) => told.awake.push(on),
    notify: ({ id }) => told.ended.push(id),
    ...part,
  })
  return { told, signal }
}

test('a run that finishes, fails or is paused by a guard has ended; one that the user stops or pauses has not', () => {
  const endOf = (before: Part, after: Part) => endedRuns([run('a', before)], [run('a', after)]).length
  expect(endOf({}, { status: 'finished' })).toBe(1)
  expect(endOf({ status: 'stopping' }, { status: 'finished' })).toBe(1)
  expect(endOf({}, { status: 'failed' })).toBe(1)
  expect(endOf({}, guarded)).toBe(1)
  expect(endOf({}, { ...guarded, keepsDevice: false })).toBe(1)
  expect(endOf(guarded, guarded)).toBe(0)
  expect(endOf({}, { status: 'stopped' })).toBe(0)
  expect(endOf({}, { status: 'paused', keepsDevice: true })).toBe(0)
  expect(endOf({ status: 'finished' }, { status: 'finished' })).toBe(0)
  expect(endedRuns([], [run('a', { status: 'finished' })])).toEqual([])
})

test('the taskbar shows the share of all steps, and nothing when nothing trains', () => {
  expect(taskbarProgress([run('a')])).toBe(0.75)
  expect(taskbarProgress([run('a', { status: 'finished' })])).toBeNull()
  expect(taskbarProgress([run('later', { startedAt: 9, seeds: [] }), run('first', { startedAt: 2 })])).toBe(0.75)
  expect(taskbarProgress([run('a', { seeds: [] })])).toBeNull()
})

test('the machine is kept awake while something works or waits for a guard, not for a run that the user paused', () => {
  expect(isAtWork([run('a')])).toBe(true)
  expect(isAtWork([run('a', { status: 'pausing' })])).toBe(true)
  expect(isAtWork([run('a', guarded)])).toBe(true)
  expect(isAtWork([run('a', { status: 'paused', keepsDevice: true })])).toBe(false)
  expect(isAtWork([run('a', { status: 'queued' }), run('b', { status: 'finished' })])).toBe(false)
})

test('from start to end: awake and progress, then a notification and neither', async () => {
  const { told, signal } = recorder()
  await signal([run('a')])
  await signal([run('a', { status: 'finished' })])
  expect(told).toEqual({ progress: [0.75, null], awake: [true, false], ended: ['a'] })
})

test('the settings decide, and a window that is looked at tells the end by itself', async () => {
  const off = recorder({ settings: async () => ({ keepAwake: false, notifyWhenDone: false }) })
  const seen = recorder({ isLookedAt: () => true })
  for (const { signal } of [off, seen]) {
    await signal([run('a')])
    await signal([run('a', { status: 'failed' })])
  }
  expect(off.told).toMatchObject({ awake: [false, false], ended: [] })
  expect(seen.told).toMatchObject({ awake: [true, false], ended: [] })
})

test('a host that goes away takes progress and wakefulness with it, and is not an end', async () => {
  const { told, signal } = recorder()
  await signal([run('a')])
  await signal(null)
  await signal([run('a', { status: 'failed' })])
  expect(told).toEqual({ progress: [0.75, null, null], awake: [true, false, false], ended: [] })
})

test('an answer about settings that comes late does not keep a machine awake that has nothing to do', async () => {
  let answer = (_: { keepAwake: boolean; notifyWhenDone: boolean }) => {}
  const { told, signal } = recorder({
    settings: () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  })
  const first = signal([run('a')])
  await signal([])
  answer({ keepAwake: true, notifyWhenDone: true })
  await first
  expect(told.awake).toEqual([false])
})

test('the notification says the outcome, the reason of a failure, or that a guard holds the run', () => {
  const [en, zh] = [shellWords('en', ''), shellWords('zh', '')]
  const verdict = { outcome: 'reproduced', mean: 0.91254 } as RunSummary['verdict']
  expect(endSentence(run('a', { status: 'finished', verdict }), en)).toBe('Reproduced: 91.25 %')
  expect(endSentence(run('a', { status: 'finished' }), en)).toBe('The run has finished.')
  const error = { code: 'out-of-memory', message: 'The device has no memory left.' } as const
  expect(endSentence(run('a', { status: 'failed', error }), en)).toContain(error.message)
  expect(endSentence(run('a', guarded), en)).toContain('paused')
  expect(endSentence(run('a', { status: 'finished', verdict }), zh)).toBe('已复现：91.25 %')
})
