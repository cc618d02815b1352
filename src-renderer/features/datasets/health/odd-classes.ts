/**
 * Labels whose number of pictures stands out: unlike the count that more than half of the classes share, or else below
 * half or above twice the median.
 */
export function oddClasses(counts: readonly number[]): Set<number> {
  const times = new Map<number, number>()
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1)
  const shared = [...times].find(([, classes]) => classes * 2 > counts.length)?.[0]
  const median = [...counts].sort((a, b) => a - b)[counts.length >> 1] ?? 0
  const isOdd = (count: number) => (shared === undefined ? count * 2 < median || count > median * 2 : count !== shared)
  return new Set(counts.flatMap((count, label) => (isOdd(count) ? [label] : [])))
}
