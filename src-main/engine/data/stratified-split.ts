// Sets test pictures apart, the same share of every class, from a seed.
import { epochOrder } from './draws.ts'

/**
 * Chooses `testShare` of each class for the test set, rounded, but at least one of a class that has two; the order
 * within both parts stays as given. The same seed and list give the same split.
 */
export function stratifiedSplit<T extends { label: number }>(
  pictures: readonly T[],
  testShare: number,
  seed: number,
): { train: T[]; test: T[] } {
  const byClass = Map.groupBy(pictures, (picture) => picture.label)
  const chosen = new Set<T>()
  for (const [label, members] of byClass) {
    const most = members.length - 1
    const count = Math.min(most, Math.max(1, Math.round(members.length * testShare)))
    for (const place of epochOrder(seed, label, members.length).subarray(0, count)) {
      const member = members[place]
      if (member !== undefined) chosen.add(member)
    }
  }
  return {
    train: pictures.filter((picture) => !chosen.has(picture)),
    test: pictures.filter((picture) => chosen.has(picture)),
  }
}
