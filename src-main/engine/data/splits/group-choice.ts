// Whole groups whose pictures add up to a wanted number.
import { epochOrder } from '../draws.ts'

/** Up to so many additions the nearest sum is found; beyond, groups are many and small, and a greedy choice is as near. */
const mostSteps = 50_000_000

/**
 * Chooses some of `candidates`, at least one and leaving at least `spare`, so that the sizes add up to as near to `target` as
 * possible; which of the equally near choices it is follows from the seed. `draw` tells uses of one seed apart.
 */
export function groupsNear(
  sizes: readonly number[],
  candidates: readonly number[],
  target: number,
  seed: number,
  draw: number,
  spare: number,
): number[] {
  const order = Array.from(epochOrder(seed, draw, candidates.length), (at) => candidates[at] ?? 0)
  const most = order.length - spare
  const largest = order.reduce((high, group) => Math.max(high, sizes[group] ?? 0), 0)
  const reach = Math.ceil(target) + largest
  const exact =
    order.length * reach <= mostSteps ? nearestSum(sizes, order, target, reach) : greedy(sizes, order, target)
  if (exact.length > most) exact.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).length = most
  return exact
}

/** Subset sums: for each sum up to `reach`, the group by which it was first reached. */
function nearestSum(sizes: readonly number[], order: readonly number[], target: number, reach: number): number[] {
  const reachedBy = new Int32Array(reach + 1).fill(-1)
  const start = order.length
  reachedBy[0] = start
  for (const [at, group] of order.entries()) {
    const size = sizes[group] ?? 0
    for (let sum = reach; sum >= size; sum--) {
      const before = reachedBy[sum - size] ?? -1
      if (reachedBy[sum] === -1 && before !== -1 && before !== at) reachedBy[sum] = at
    }
  }
  let best = -1
  for (let sum = 1; sum <= reach; sum++) {
    if (reachedBy[sum] === -1) continue
    if (best === -1 || Math.abs(sum - target) < Math.abs(best - target)) best = sum
  }
  const chosen: number[] = []
  for (let sum = best; sum > 0; ) {
    const group = order[reachedBy[sum] ?? 0] ?? 0
    chosen.push(group)
    sum -= sizes[group] ?? 0
  }
  return chosen
}

/** Takes each group that brings the sum nearer. */
function greedy(sizes: readonly number[], order: readonly number[], target: number): number[] {
  const chosen: number[] = []
  let sum = 0
  for (const group of order) {
    const size = sizes[group] ?? 0
    if (chosen.length > 0 && Math.abs(sum + size - target) >= Math.abs(sum - target)) continue
    chosen.push(group)
    sum += size
  }
  return chosen
}
