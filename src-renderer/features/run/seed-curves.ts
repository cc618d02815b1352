// The curves of each seed as columns: step curves come as such, evaluations are turned from rows.
import type { EpochResult } from '../../../src-main/shared/worker-protocol.ts'
import type { StepSeries } from '../../stores/step-series.ts'

/** Evaluations of one seed, one row per evaluated epoch. */
export interface EpochColumns {
  step: number[]
  epoch: number[]
  /** Seconds of training. */
  time: number[]
  top1: number[]
  testLoss: number[]
}

export interface SeedCurves {
  seed: number
  steps: Pick<StepSeries, 'step' | 'epoch' | 'loss' | 'lr'>
  epochs: EpochColumns
}

const noSteps = {
  step: new Float64Array(),
  epoch: new Float64Array(),
  loss: new Float64Array(),
  lr: new Float64Array(),
}

/**
 * Evaluations of `seed` in order of steps. Rows told twice are taken once; the final figure, taken with the recipe's test
 * views, stands in place of the plain one of the same step.
 */
export function epochColumns(epochs: readonly EpochResult[], seed: number): EpochColumns {
  const byStep = new Map<number, EpochResult>()
  for (const result of epochs) {
    if (result.seed !== seed) continue
    if (!byStep.get(result.step)?.final) byStep.set(result.step, result)
  }
  const rows = [...byStep.values()].sort((a, b) => a.step - b.step)
  return {
    step: rows.map((row) => row.step),
    epoch: rows.map((row) => row.epoch),
    time: rows.map((row) => row.trainSeconds),
    top1: rows.map((row) => row.testTop1),
    testLoss: rows.map((row) => row.testLoss),
  }
}

/** Curves of the seeds that have some, in order of seeds. */
export function seedCurves(steps: readonly StepSeries[], epochs: readonly EpochResult[]): SeedCurves[] {
  const seeds = new Set([...steps.map(({ seed }) => seed), ...epochs.map(({ seed }) => seed)])
  return [...seeds]
    .sort((a, b) => a - b)
    .map((seed) => ({
      seed,
      steps: steps.find((series) => series.seed === seed) ?? noSteps,
      epochs: epochColumns(epochs, seed),
    }))
}
