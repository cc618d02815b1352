// Figures of a run that several parts of its screen need. Pure.
import type { RunDetail, RunSummary } from '../../../src-main/shared/api.ts'
import type { EpochResult } from '../../../src-main/shared/worker-protocol.ts'

/** True while a worker is at the run. */
export function isAtWork(run: Pick<RunSummary, 'status'>): boolean {
  return run.status === 'running' || run.status === 'stopping'
}

/** The seed that charts draw in full: the one at work, else the newest with a figure, else the first. */
export function mainSeed(run: RunDetail): number {
  if (isAtWork(run) && run.live) return run.live.seed
  return run.seeds.findLast(({ top1 }) => top1 !== null)?.seed ?? run.seeds[0]?.seed ?? 1
}

/** Steps of one seed; 0 while not known. */
export function totalSteps(run: RunDetail): number {
  return run.live?.totalSteps || (run.seeds.find((seed) => seed.totalSteps > 0)?.totalSteps ?? 0)
}

/** Steps of one epoch: as the worker says, or as the evaluations show; 0 while not known. */
export function stepsPerEpoch(run: RunDetail): number {
  if (run.live?.stepsPerEpoch) return run.live.stepsPerEpoch
  const evaluated = run.epochs.find(({ epoch }) => epoch > 0)
  return evaluated ? evaluated.step / evaluated.epoch : 0
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

/** Seeds that have not ended yet. */
export function seedsToGo(run: RunDetail): number {
  return run.seeds.filter(({ status }) => status === 'queued' || status === 'running').length
}

/** Usual seconds of a training step: as measured now, or as the evaluations show; 0 while not known. */
export function secondsPerStep(run: RunDetail): number {
  if (run.live?.stepSeconds) return run.live.stepSeconds
  const newest = run.epochs.at(-1)
  return newest && newest.step > 0 ? newest.trainSeconds / newest.step : 0
}
