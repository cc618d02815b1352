// Figures of a run that several parts of its screen need. Pure.
import type { RunDetail, RunSummary } from '../../../src-main/shared/api.ts'
import type { RunAlert } from '../../../src-main/shared/run-alerts.ts'
import type { CheckpointEntry, Interruption } from '../../../src-main/shared/saved-state.ts'
import type { EpochResult } from '../../../src-main/shared/worker-protocol.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'

/** True while a worker trains, or is about to pause or stop. */
export function isAtWork(run: Pick<RunSummary, 'status'>): boolean {
  return run.status === 'running' || run.status === 'pausing' || run.status === 'stopping'
}

/** True while the run waits, trains or is paused. */
export function isUnderWay(run: Pick<RunSummary, 'status'>): boolean {
  return isAtWork(run) || run.status === 'queued' || run.status === 'paused'
}

/** Where and why the run stands still, when it does and could go on. */
export function brokenOff(run: Pick<RunSummary, 'status' | 'interruption'>): Interruption | null {
  return isAtWork(run) || run.status === 'queued' || run.status === 'finished' ? null : run.interruption
}

/** The seed that charts draw in full: the one at work, else the newest with a figure, else the first. */
export function mainSeed(run: RunDetail): number {
  if (isAtWork(run) && run.live) return run.live.seed
  const stop = brokenOff(run)
  if (stop?.seed != null) return stop.seed
  return run.seeds.findLast(({ top1 }) => top1 !== null)?.seed ?? run.seeds[0]?.seed ?? 1
}

/** Steps of one seed; 0 while not known. */
export function totalSteps(run: RunDetail): number {
  return run.live?.totalSteps || (run.seeds.find((seed) => seed.totalSteps > 0)?.totalSteps ?? 0)
}

/** Steps of one epoch: as the worker says, or as the evaluations or the place where it stopped show; 0 while not known. */
export function stepsPerEpoch(run: RunDetail): number {
  if (run.live?.stepsPerEpoch) return run.live.stepsPerEpoch
  const known = run.epochs.find(({ epoch }) => epoch > 0) ?? run.interruption
  return known && known.epoch > 0 ? known.step / known.epoch : 0
}

/** Newest and best evaluation of a seed, the final figure counted. */
export function evaluationsOf(run: RunDetail, seed: number): { newest: EpochResult | null; best: EpochResult | null } {
  const own = run.epochs.filter((result) => result.seed === seed)
  const newest = own.reduce<EpochResult | null>((late, one) => (late && late.step > one.step ? late : one), null)
  const best = own.reduce<EpochResult | null>((top, one) => (top && top.testTop1 >= one.testTop1 ? top : one), null)
  return { newest, best }
}

/** Judged values of the seeds that have finished, for a scale that is drawn before there is a verdict. */
export function finishedValues(run: RunDetail): { seed: number; value: number }[] {
  const judged = run.config.evaluation.checkpoint
  return run.seeds.flatMap(({ seed, result }) => (result ? [{ seed, value: result[judged].top1 }] : []))
}

/** Seeds that have not ended yet; of a run that waits to go on, all that have not finished. */
export function seedsToGo(run: RunDetail): number {
  const over = waitsToGoOn(run) ? ['finished'] : ['finished', 'stopped', 'failed']
  return run.seeds.filter(({ status }) => !over.includes(status)).length
}

/** The newest saved state of a seed: from it the seed would go on. */
export function savedState(run: RunDetail, seed: number): CheckpointEntry | null {
  const states = run.checkpoints.filter((checkpoint) => checkpoint.seed === seed && checkpoint.kind === 'state')
  return states.reduce<CheckpointEntry | null>((late, one) => (late && late.step > one.step ? late : one), null)
}

/** Where a run shows that it stood still: steps of one seed, with the seconds of each rest where they are known. */
export function restsOf(alerts: readonly RunAlert[], seed: number): { step: number; seconds: number | null }[] {
  return alerts.flatMap(({ kind, seed: of, step, values }) => {
    if (kind !== 'resumed' || of !== seed) return []
    const at = Number(values.step ?? step)
    return at > 0 ? [{ step: at, seconds: typeof values.seconds === 'number' ? values.seconds : null }] : []
  })
}

/** The epoch in which a training stands, 1 for the first, of the epochs that it has completed. */
export function epochInWork(completed: number): number {
  return Math.max(1, Math.ceil(completed))
}

/** Usual seconds of a training step: as measured now, or as the evaluations show; 0 while not known. */
export function secondsPerStep(run: RunDetail): number {
  if (run.live?.stepSeconds) return run.live.stepSeconds
  const newest = run.epochs.at(-1)
  return newest && newest.step > 0 ? newest.trainSeconds / newest.step : 0
}
