// What a split will make of a data set, before it is applied.
import type { ClassCount, SplitRecipe } from '../../../../src-main/shared/dataset-views.ts'

export interface PartCounts {
  train: number
  val: number
  test: number
}

/** Pictures of each part now, those left out not counted. */
export function partCounts(classes: readonly ClassCount[]): PartCounts {
  return classes.reduce(
    (sum, { train, val, test }) => ({ train: sum.train + train, val: sum.val + val, test: sum.test + test }),
    { train: 0, val: 0, test: 0 },
  )
}

/**
 * About how many pictures each part will have. Null where only the engine can say: whole groups go to one part, and what a
 * source sets apart is not known once another split is in force.
 */
export function plannedCounts(split: SplitRecipe, now: { split: SplitRecipe; counts: PartCounts }): PartCounts | null {
  const total = now.counts.train + now.counts.val + now.counts.test
  const shared = (test: number, valShare: number) => {
    const rest = total - test
    const val = Math.round(rest * valShare)
    return { train: rest - val, val, test }
  }
  switch (split.kind) {
    case 'ratio': {
      const [test, val] = [Math.round(total * split.testShare), Math.round(total * split.valShare)]
      return { train: Math.max(0, total - test - val), val, test }
    }
    case 'k-fold':
      return shared(Math.round(total / split.folds), split.valShare)
    case 'given':
      return now.split.kind === 'given' ? shared(now.counts.test, split.valShare) : null
    case 'group':
      return null
  }
}
