// Where and why a run was broken off, and from where it can go on.
import type { ErrorReport } from '../../shared/errors.ts'
import type { Interruption, InterruptionCause } from '../../shared/saved-state.ts'
import type { History } from '../db/history.ts'
import type { StoredRun } from '../db/runs-table.ts'
import type { StoredSeed } from '../db/seeds-table.ts'
import { checkpointsOnDisk } from './saved-checkpoints.ts'

/**
 * Of a run as the history knows it while its seed still counts as running.
 *
 * @param at when it last gave a sign of life, ms since 1970
 */
export function interruptionOf(
  history: History,
  run: number,
  { runDir, cause, at }: { runDir: string; cause: InterruptionCause; at: number },
): Interruption {
  const seed = brokenSeed(history.seeds.list(run))
  if (!seed) return { cause, at, seed: null, step: 0, epoch: 0, saved: null, repeatedSeconds: 0 }
  const state = checkpointsOnDisk(runDir).findLast((entry) => entry.seed === seed.seed && entry.kind === 'state')
  const reported = { step: seed.step, epoch: seed.stepsPerEpoch > 0 ? seed.step / seed.stepsPerEpoch : 0 }
  // A state may be newer than the last report that was written.
  const { step, epoch } = state && state.step > reported.step ? state : reported
  return {
    cause,
    at: state ? Math.max(at, state.savedAt) : at,
    seed: seed.seed,
    step,
    epoch,
    saved: state ? { step: state.step, epoch: state.epoch, savedAt: state.savedAt } : null,
    repeatedSeconds: secondsSince(history, run, seed, state?.step ?? 0),
  }
}

/** The seed that was training; where none was, the first one that had begun and is not finished. */
function brokenSeed(seeds: StoredSeed[]): StoredSeed | null {
  const begun = seeds.filter((seed) => seed.status !== 'finished' && seed.step > 0)
  return seeds.find((seed) => seed.status === 'running' || seed.status === 'paused') ?? begun[0] ?? null
}

/** Seconds of training between `step` and the newest one, at the pace measured since the last evaluation before `step`. */
function secondsSince(history: History, run: number, seed: StoredSeed, step: number): number {
  if (seed.step <= step) return 0
  const before = history.epochs.list(run).findLast((result) => result.seed === seed.seed && result.step <= step)
  const [fromStep, fromSeconds] = before ? [before.step, before.trainSeconds] : [0, 0]
  const pace = Math.max(seed.trainSeconds - fromSeconds, 0) / (seed.step - fromStep)
  return pace * (seed.step - step)
}

/** It was paused or broken off, and nobody has said yet that it shall stay so. */
export function waitsToGoOn({ status, interruption }: Pick<StoredRun, 'status' | 'interruption'>): boolean {
  return status === 'paused' || (interruption !== null && interruption.cause !== 'stopped')
}

const causeByCode: Partial<Record<ErrorReport['code'], InterruptionCause>> = {
  'not-finite': 'not-finite',
  'out-of-memory': 'out-of-memory',
  'disk-full': 'disk-full',
  'worker-died': 'worker-died',
}

export function causeOfError({ code }: ErrorReport): InterruptionCause {
  return causeByCode[code] ?? 'failed'
}
