// What befell a run, as sentences for a terminal: where and why it was broken off, what it told while it trained.
import type { RunSummary } from '../shared/api.ts'
import type { AlertKind, RunAlert } from '../shared/run-alerts.ts'
import type { AppliedChange, Interruption, InterruptionCause } from '../shared/saved-state.ts'
import { count, duration, percent, size } from './number-words.ts'

const causes: Record<InterruptionCause, string> = {
  paused: 'it was paused',
  guard: 'a guard paused it',
  stopped: 'it was stopped',
  closed: 'the app was closed',
  'host-died': 'the app ended unexpectedly',
  'power-loss': 'the machine lost power or started anew',
  'worker-died': 'its process ended unexpectedly',
  'out-of-memory': 'the memory ran out',
  'not-finite': 'a value was not finite',
  'disk-full': 'the disk was full',
  failed: 'it failed',
}

const clock = (ms: number) => new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = (ms: number) => new Date(ms).toLocaleDateString('en-GB')
/** The time alone for today. */
const moment = (ms: number) => (day(ms) === day(Date.now()) ? clock(ms) : `${day(ms)} ${clock(ms)}`)

/** Where a run stopped, why, since when nothing is lost, and how it goes on. */
export function interruptionText({ id, name }: Pick<RunSummary, 'id' | 'name'>, interruption: Interruption): string {
  const { cause, epoch, step, saved, repeatedSeconds } = interruption
  const place = step === 0 ? 'before its first step' : `at epoch ${Math.floor(epoch)}, step ${count(step)}`
  const kept =
    saved === null
      ? 'Nothing was saved yet: it begins anew'
      : `Nothing is lost since ${moment(saved.savedAt)}${repeatedSeconds >= 1 ? `, ${duration(repeatedSeconds)} of training are repeated` : ''}`
  return `${name} (${id}) stopped ${place}: ${causes[cause]}. ${kept}.\nResume: reprise runs resume ${id}`
}

type Values = RunAlert['values']
const bytes = (value: string | number | undefined) => size(Number(value))
const seconds = (value: string | number | undefined) => duration(Number(value))
const share = (value: string | number | undefined) => percent(Number(value))

const alertTexts: Record<AlertKind, (values: Values) => string> = {
  'not-finite': (v) =>
    `The ${v.what} was not finite at step ${v.step}, first in ${v.layer}, at a rate of ${v.lr}; the last good state is step ${v.backToStep}.`,
  'rate-lowered': (v) => `Learning rate times ${v.factor} from step ${v.step} on: ${v.lr}.`,
  diverging: (v) => `The loss rises: ${v.loss}, ${v.before} before. A lower rate usually helps.`,
  flat: (v) =>
    `Flat for ${v.epochs} epochs; ${Number(v.nextDropEpoch) > 0 ? `the rate drops next at epoch ${v.nextDropEpoch}` : 'the rate has no further drop planned'}.`,
  'over-fitting': (v) =>
    `Over-fitting: ${share(v.trainTop1)} in training, ${share(v.testTop1)} in the test; the best was epoch ${v.bestEpoch}.`,
  'slow-data': (v) => `Steps wait for pictures ${share(v.share)} of the time.`,
  'disk-low': (v) => `${bytes(v.freeBytes)} free on the disk: training waits until ${bytes(v.neededBytes)} are free.`,
  'disk-recovered': (v) => `${bytes(v.freeBytes)} free on the disk: training goes on.`,
  'too-hot': (v) => `${v.celsius} °C: training waits until it has cooled down (limit ${v.limit} °C).`,
  'cooled-down': (v) => `Cooled down to ${v.celsius} °C: training goes on.`,
  'memory-low': (v) => `${bytes(v.freeBytes)} of memory are free. Close other programs.`,
  stuck: (v) => `No report for ${seconds(v.seconds)}; one was expected within ${seconds(v.expectedSeconds)}.`,
  moving: (v) => `It moves again, after ${seconds(v.seconds)}.`,
  slept: (v) => `The machine slept for ${seconds(v.seconds)}, which are not counted as training.`,
  resumed: (v) => `Went on from step ${v.step}, epoch ${Number(Number(v.epoch).toFixed(2))}.`,
  'checkpoint-damaged': (v) => `A saved state is damaged: ${v.file} was passed over for the one before. ${v.reason}`,
  'checkpoint-failed': (v) => `A state could not be saved; training went on. ${v.reason}`,
  'stopped-early': (v) =>
    `Stopped early: ${v.evaluations} evaluations without a better top-1; the best was epoch ${v.bestEpoch}.`,
}

/** Time, and what was told. */
export const alertText = ({ at, kind, values }: RunAlert) => `${moment(at)}  ${alertTexts[kind](values)}`

export function appliedText({ at, by, lrScale, seed, step }: AppliedChange): string {
  const who = by === 'run' ? 'the run itself' : 'you'
  return `${moment(at)}  Learning rates times ${lrScale ?? 1} from step ${count(step)} of seed ${seed} on, by ${who}.`
}
