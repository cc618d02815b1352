// Step curves as growing typed arrays, outside React: charts read them directly and draw again when a version changes.
import type { SeedCurve } from '../../src-main/shared/api.ts'
import type { StepPoint } from '../../src-main/shared/worker-protocol.ts'

const columns = ['step', 'epoch', 'loss', 'lr'] as const
export type StepColumn = (typeof columns)[number]

/** Points of one seed in order of steps. The arrays are views of exactly `length` values, valid until the next append. */
export interface StepSeries {
  seed: number
  length: number
  step: Float64Array
  epoch: Float64Array
  loss: Float64Array
  lr: Float64Array
}

interface Buffers {
  length: number
  values: Record<StepColumn, Float64Array<ArrayBuffer>>
}

const makeBuffers = (capacity: number): Buffers => ({
  length: 0,
  values: {
    step: new Float64Array(capacity),
    epoch: new Float64Array(capacity),
    loss: new Float64Array(capacity),
    lr: new Float64Array(capacity),
  },
})

function grow(buffers: Buffers, needed: number) {
  const capacity = buffers.values.step.length
  if (needed <= capacity) return
  for (const column of columns) {
    const larger = new Float64Array(Math.max(needed, capacity * 2))
    larger.set(buffers.values[column].subarray(0, buffers.length))
    buffers.values[column] = larger
  }
}

/** The step curves of one run. */
export interface StepCurves {
  /** Adds newer points of a seed; points that are not newer than the last are left out. */
  append(seed: number, points: readonly StepPoint[]): void
  /** Forgets the points of a seed behind `step`, from which it goes on. */
  cut(seed: number, step: number): void
  /** Replaces everything, as after a gap in the events. */
  replace(curves: readonly SeedCurve[]): void
  seeds(): StepSeries[]
}

export function createStepCurves(): StepCurves {
  const bySeed = new Map<number, Buffers>()
  const append = (seed: number, points: readonly StepPoint[]) => {
    const buffers = bySeed.get(seed) ?? makeBuffers(1024)
    bySeed.set(seed, buffers)
    grow(buffers, buffers.length + points.length)
    for (const point of points) {
      const last = buffers.length === 0 ? -1 : (buffers.values.step[buffers.length - 1] ?? -1)
      if (point.step <= last) continue
      for (const column of columns) buffers.values[column][buffers.length] = point[column]
      buffers.length += 1
    }
  }
  return {
    append,
    cut(seed, step) {
      const buffers = bySeed.get(seed)
      if (!buffers) return
      while (buffers.length > 0 && (buffers.values.step[buffers.length - 1] ?? 0) > step) buffers.length -= 1
    },
    replace(curves) {
      bySeed.clear()
      for (const { seed, points } of curves) append(seed, points)
    },
    seeds: () =>
      [...bySeed].map(([seed, { length, values }]) => ({
        seed,
        length,
        step: values.step.subarray(0, length),
        epoch: values.epoch.subarray(0, length),
        loss: values.loss.subarray(0, length),
        lr: values.lr.subarray(0, length),
      })),
  }
}
