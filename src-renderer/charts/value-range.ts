// Ranges of the y axis: where an accuracy is decided, all of a curve, and powers of ten around a rate.

/** The nearest of 1, 2, 5 times a power of ten. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const lead = rough / power
  const nice = lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10
  return nice * power
}

// 0.30000000000000004 and its like would show as uneven ticks.
const tidy = (value: number) => Number(value.toPrecision(12))

const roundTo = (value: number, step: number) => tidy(Math.round(value / step) * step)

/**
 * The part of the accuracy axis in which a run against `paper` is decided: two thirds below the figure for each third above
 * it, at a scale set by what the paper leaves to 100 %. Falls lower while fewer than two of `values` would be seen.
 */
export function decidedRange(paper: number, tolerance: number, values: ArrayLike<number>): [number, number] {
  const gap = Math.max(1 - paper, tolerance, 0.002)
  const step = niceStep((2.3 * gap) / 4)
  let low = Math.max(0, roundTo(paper - 2 * gap, step))
  let high = roundTo(paper + 0.3 * gap, step)
  while (high < paper + 1.2 * tolerance) high = tidy(high + step)
  let first = 0
  let second = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value > first) [first, second] = [value, first]
    else if (value > second) second = value
  }
  const seen = second > 0 ? second : first
  if (values.length > 0 && seen < low) {
    const coarse = niceStep((high - seen) / 4)
    low = Math.max(0, tidy(Math.floor(seen / coarse) * coarse))
  }
  if (first > high) high = tidy(Math.ceil(first / step) * step)
  return [low, Math.min(high, 1)]
}

/** A range that holds `extent` and ends on whole ticks. */
export function niceRange([min, max]: [number, number]): [number, number] {
  if (min === max) {
    const room = Math.abs(min) * 0.1 || 1
    return [tidy(min - room), tidy(max + room)]
  }
  const step = niceStep((max - min) / 4)
  return [tidy(Math.floor(min / step) * step), tidy(Math.ceil(max / step) * step)]
}

/** From zero up to a whole tick above most of the curve: the steep start of a loss curve may leave the top. */
export function lossRange(columns: readonly ArrayLike<number>[]): [number, number] {
  const settled: number[] = []
  for (const column of columns) {
    // The first tenth of a curve says little and would flatten the rest.
    for (let i = Math.floor(column.length / 10); i < column.length; i++) {
      const value = column[i] as number
      if (Number.isFinite(value)) settled.push(value)
    }
  }
  if (settled.length === 0) return [0, 1]
  settled.sort((a, b) => a - b)
  const high = settled[Math.min(settled.length - 1, Math.floor(settled.length * 0.98))] as number
  return high > 0 ? [0, niceRange([0, high * 1.15])[1]] : niceRange([settled[0] as number, high])
}

/** Powers of ten around the positive values of `extent`, with a third of a decade of room. */
export function logRange([min, max]: [number, number]): [number, number] {
  const room = 10 ** (1 / 3)
  return [min / room, max * room]
}
