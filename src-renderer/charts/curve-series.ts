// Series of a curve chart as plain columns, and the joins and look-ups that drawing them needs.

/** How a series is drawn: the run in question, a fine line in a smaller chart, another seed, the unsmoothed ghost, the paper. */
export type SeriesLook = 'main' | 'fine' | 'other' | 'raw' | 'paper'

export interface CurveSeries {
  id: string
  /** Direct name, such as "Seed 2". */
  label: string
  look: SeriesLook
  /** Number of the series colour, 1 to 8; the paper has its own. */
  color: number
  /** Ascending positions on the x axis. */
  x: ArrayLike<number>
  y: ArrayLike<number>
  /** A dot and a tag with the last value. */
  tagged?: boolean
  /** Drawn only: tooltips and tables read the values behind it. */
  smoothed?: boolean
}

/** One x column and one column per series, null where a series has no point: what uPlot draws. */
export type AlignedColumns = [xs: number[], ...ys: (number | null)[][]]

/** Joins series over the union of their x positions. Values that `usable` refuses become gaps, as zeros do on a log axis. */
export function alignSeries(
  series: readonly CurveSeries[],
  usable: (value: number) => boolean = Number.isFinite,
): AlignedColumns {
  const positions = new Set<number>()
  for (const { x } of series) for (let i = 0; i < x.length; i++) positions.add(x[i] as number)
  const xs = [...positions].sort((a, b) => a - b)
  const columns = series.map(({ x, y }) => {
    const column: (number | null)[] = new Array(xs.length).fill(null)
    let from = 0
    for (let i = 0; i < x.length; i++) {
      while ((xs[from] as number) < (x[i] as number)) from++
      const value = y[i] as number
      if (usable(value)) column[from] = value
    }
    return column
  })
  return [xs, ...columns]
}

/** Smallest and largest finite value over all series, or null when there is none. */
export function extentOf(columns: Iterable<ArrayLike<number>>): [min: number, max: number] | null {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i] as number
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  return min <= max ? [min, max] : null
}

/** Index of the element of the ascending `xs` nearest to `x`, or -1 when there is none. */
export function nearestIndex(xs: ArrayLike<number>, x: number): number {
  let low = 0
  let high = xs.length - 1
  if (high < 0) return -1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((xs[middle] as number) < x) low = middle
    else high = middle
  }
  return x - (xs[low] as number) <= (xs[high] as number) - x ? low : high
}

export interface ReadValue {
  id: string
  label: string
  color: number
  look: SeriesLook
  value: number
}

/**
 * What a tooltip lists at `x`: each series' nearest value, largest first; smoothed lines and series that do not
 * reach `x` are left out.
 */
export function valuesAt(series: readonly CurveSeries[], x: number): ReadValue[] {
  const values: ReadValue[] = []
  for (const { id, label, color, look, x: xs, y, smoothed } of series) {
    if (smoothed || xs.length === 0) continue
    const reach = xs.length > 1 ? (xs[xs.length - 1] as number) - (xs[xs.length - 2] as number) : 0
    if (x < (xs[0] as number) - reach || x > (xs[xs.length - 1] as number) + reach) continue
    const value = y[nearestIndex(xs, x)] as number
    if (Number.isFinite(value)) values.push({ id, label, color, look, value })
  }
  return values.sort((a, b) => b.value - a.value)
}
