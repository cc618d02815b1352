// Seeded draws of pictures, class by class or out of all.
import { epochOrder } from '../draws.ts'

/** Places of pictures by class, in their order; one class of all of them for draws that do not look at classes. */
export type Strata = ReadonlyMap<number, Uint32Array>

/** Keeps the draws of one seed apart: labels end below it. */
const stride = 2 ** 16

export function strataOf(places: Uint32Array, labels: ArrayLike<number> | null): Strata {
  if (labels === null) return new Map([[0, places]])
  const counts = new Map<number, number>()
  for (const place of places) counts.set(labels[place] ?? 0, (counts.get(labels[place] ?? 0) ?? 0) + 1)
  const strata = new Map([...counts].map(([label, count]) => [label, new Uint32Array(count)]))
  const filled = new Map<number, number>()
  for (const place of places) {
    const label = labels[place] ?? 0
    const next = filled.get(label) ?? 0
    const own = strata.get(label)
    if (own !== undefined) own[next] = place
    filled.set(label, next + 1)
  }
  return strata
}

/**
 * Draws a share of each class: rounded, at least one of a class that has two, never all of it. The share is of the class's
 * size in `whole`. `draw` tells uses of one seed apart.
 */
export function drawShare(strata: Strata, share: number, seed: number, draw: number, whole: Strata = strata): number[] {
  const drawn: number[] = []
  for (const [label, places] of strata) {
    const wanted = Math.max(1, Math.round((whole.get(label)?.length ?? 0) * share))
    const count = Math.min(places.length - 1, wanted)
    for (const at of epochOrder(seed, draw * stride + label, places.length).subarray(0, count)) {
      drawn.push(places[at] ?? 0)
    }
  }
  return drawn
}

/**
 * The fold of each of `count` pictures, from 0. Shuffled classes are dealt out one after the other, each where the one before
 * it ended, so that folds differ by at most one picture of each class and by one in all; scikit-learn's StratifiedKFold deals
 * the same numbers.
 */
export function foldOf(strata: Strata, folds: number, seed: number, count: number): Uint8Array {
  const inFold = new Uint8Array(count)
  let next = 0
  for (const [label, places] of [...strata].sort(([a], [b]) => a - b)) {
    for (const at of epochOrder(seed, label, places.length)) inFold[places[at] ?? 0] = next++ % folds
  }
  return inFold
}
