// One batch ahead of the step: it is gathered while TensorFlow works on the one before.
import type { Batch, BatchSource } from './batch-source.ts'

export interface BatchLine {
  start(step: number): void
  take(step: number, part: number): Promise<Batch>
  /** Gathers the batch after this one, across steps. */
  gatherAfter(step: number, part: number): void
  /** Frees what was gathered; the next batch is gathered when it is taken. */
  drop(): Promise<void>
}

/** Batches of `source` for steps up to `totalSteps`. */
export function createBatchLine(source: BatchSource, totalSteps: number): BatchLine {
  let next: Promise<Batch> | null = null
  // Whoever awaits a batch gets its error; it must not count as unhandled before.
  const gather = (step: number, part: number) => {
    const batch = source.batch(step, part)
    batch.catch(() => {})
    return batch
  }
  return {
    start: (step) => {
      if (step < totalSteps) next = gather(step, 0)
    },
    take(step, part) {
      const batch = next ?? gather(step, part)
      next = null
      return batch
    },
    gatherAfter(step, part) {
      if (part + 1 < source.parts(step)) next = gather(step, part + 1)
      else next = step + 1 < totalSteps ? gather(step + 1, 0) : null
    },
    async drop() {
      const dropped = next
      next = null
      await dropped?.then(source.release, () => {})
    },
  }
}
