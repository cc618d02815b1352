// The curves of one run as growing columns outside React. Charts redraw when `version` has grown.
import type { SeedCurve } from '../../../src-main/shared/api.ts'
import type { EpochResult, StepPoint } from '../../../src-main/shared/worker-protocol.ts'

/** A column that grows without copying on every value. */
export class GrowingColumn {
  #values = new Float64Array(256)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.length++] = value
  }

  replaceLast(value: number): void {
    if (this.length > 0) this.#values[this.length - 1] = value
  }

  /** The values so far, without a copy; stays as it is when the column grows. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length)
  }
}

/** Training curve of a seed: one row per reported step. */
interface StepColumns {
  step: GrowingColumn
  epoch: GrowingColumn
  loss: GrowingColumn
  lr: GrowingColumn
}

/** Evaluations of a seed: one row per evaluated epoch. */
interface EpochColumns {
  step: GrowingColumn
  epoch: GrowingColumn
  /** Seconds of training. */
  time: GrowingColumn
  top1: GrowingColumn
  testLoss: GrowingColumn
  trainLoss: GrowingColumn
  trainTop1: GrowingColumn
}

export interface SeedColumns {
  steps: StepColumns
  epochs: EpochColumns
}

const newColumns = (): SeedColumns => ({
  steps: {
    step: new GrowingColumn(),
    epoch: new GrowingColumn(),
    loss: new GrowingColumn(),
    lr: new GrowingColumn(),
  },
  epochs: {
    step: new GrowingColumn(),
    epoch: new GrowingColumn(),
    time: new GrowingColumn(),
    top1: new GrowingColumn(),
    testLoss: new GrowingColumn(),
    trainLoss: new GrowingColumn(),
    trainTop1: new GrowingColumn(),
  },
})

/** All curves of a run. Rows that are not beyond the last one are passed over, so that history and events may overlap. */
export class RunColumns {
  readonly seeds = new Map<number, SeedColumns>()
  version = 0

  #seed(seed: number): SeedColumns {
    const known = this.seeds.get(seed)
    if (known) return known
    const made = newColumns()
    this.seeds.set(seed, made)
    return made
  }

  addSteps(seed: number, points: readonly StepPoint[]): void {
    const { steps } = this.#seed(seed)
    for (const point of points) {
      if (steps.step.length > 0 && point.step <= (steps.step.values.at(-1) ?? 0)) continue
      steps.step.push(point.step)
      steps.epoch.push(point.epoch)
      steps.loss.push(point.loss)
      steps.lr.push(point.lr)
    }
    this.version++
  }

  addEpoch(result: EpochResult): void {
    const { epochs } = this.#seed(result.seed)
    const last = epochs.step.values.at(-1)
    if (last !== undefined && result.step <= last) {
      // The final figure is taken with the recipe's test views and stands in place of the plain one of the same step.
      if (result.step === last && result.final) {
        epochs.top1.replaceLast(result.testTop1)
        this.version++
      }
      return
    }
    epochs.step.push(result.step)
    epochs.epoch.push(result.epoch)
    epochs.time.push(result.trainSeconds)
    epochs.top1.push(result.testTop1)
    epochs.testLoss.push(result.testLoss)
    epochs.trainLoss.push(result.trainLoss)
    epochs.trainTop1.push(result.trainTop1)
    this.version++
  }

  /** Puts stored history in; call before events are added. */
  addHistory(curves: readonly SeedCurve[], epochs: readonly EpochResult[]): void {
    for (const { seed, points } of curves) this.addSteps(seed, points)
    for (const result of epochs) this.addEpoch(result)
  }
}
