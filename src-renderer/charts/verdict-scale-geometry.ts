// Places on a verdict scale, as fractions of its width. The span is three tolerances to each side of the paper's figure;
// what lies outside touches the edge.

export interface VerdictScaleValues {
  paper: number
  tolerance: number
  mean: number | null
  /** Half the interval; null when there is none. */
  half: number | null
  /** Judged value of each seed. */
  seeds: readonly { seed: number; value: number }[]
  /** Half of the paper's own interval, when it gives its spread. */
  paperHalf?: number | null | undefined
}

export interface VerdictScaleGeometry {
  /** Values at the left and right edge. */
  domain: [low: number, high: number]
  paper: number
  band: { left: number; right: number }
  mean: number | null
  interval: { left: number; right: number } | null
  paperInterval: { left: number; right: number } | null
  seeds: { seed: number; at: number }[]
  ticks: { value: number; at: number }[]
}

const clip = (at: number) => Math.min(1, Math.max(0, at))

/** Half the width of the scale: three tolerances, or three hundredths of a point when the tolerance is zero. */
export function scaleSpan(tolerance: number): number {
  return 3 * (tolerance > 0 ? tolerance : 0.0001)
}

/** Where everything on the scale stands, 0 at its left edge and 1 at its right. */
export function verdictScaleGeometry(values: VerdictScaleValues): VerdictScaleGeometry {
  const { paper, tolerance, mean, half, seeds, paperHalf } = values
  const span = scaleSpan(tolerance)
  const domain: [number, number] = [paper - span, paper + span]
  const place = (value: number) => 0.5 + (value - paper) / (2 * span)
  const around = (center: number, reach: number) => ({
    left: clip(place(center - reach)),
    right: clip(place(center + reach)),
  })
  return {
    domain,
    paper: 0.5,
    band: around(paper, tolerance),
    mean: mean === null ? null : clip(place(mean)),
    interval: mean === null || half === null ? null : around(mean, half),
    paperInterval: paperHalf === null || paperHalf === undefined ? null : around(paper, paperHalf),
    seeds: seeds.map(({ seed, value }) => ({ seed, at: clip(place(value)) })),
    ticks: scaleTicks(domain).map((value) => ({ value, at: place(value) })),
  }
}

/** Round values inside the domain, five to ten of them, none so near an edge that its label would be cut. */
export function scaleTicks([low, high]: [number, number]): number[] {
  const width = high - low
  const power = 10 ** Math.floor(Math.log10(width / 10))
  const step = [1, 2, 5, 10].map((lead) => lead * power).find((candidate) => width / candidate <= 10) ?? width
  const ticks: number[] = []
  for (let i = Math.ceil((low + 0.03 * width) / step); i * step <= high - 0.03 * width; i++) {
    ticks.push(Number((i * step).toPrecision(12)))
  }
  return ticks
}
