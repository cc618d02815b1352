// The path of a sparkline inside a small box.

export interface SparklineBox {
  width: number
  height: number
  /** Room for the end dot and the stroke. */
  inset: number
}

export interface SparklineShape {
  path: string
  end: { x: number; y: number } | null
  /** Height at which a reference line stands, or null when there is none. */
  reference: number | null
}

/** SVG path of `values` from left to right; a flat line stands in the middle. `domain` fixes the value range. */
export function sparklineShape(
  values: ArrayLike<number>,
  box: SparklineBox,
  options: { domain?: [number, number]; reference?: number } = {},
): SparklineShape {
  const points = Array.from(values).filter((value) => Number.isFinite(value))
  const known = options.reference === undefined ? points : [...points, options.reference]
  const [low, high] = options.domain ?? [Math.min(...known), Math.max(...known)]
  const { width, height, inset } = box
  const y = (value: number) => {
    const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5
    return round(height - inset - share * (height - 2 * inset))
  }
  const x = (index: number) =>
    round(points.length > 1 ? inset + (index / (points.length - 1)) * (width - 2 * inset) : width - inset)
  const last = points.length - 1
  return {
    path: points.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join(''),
    end: last < 0 ? null : { x: x(last), y: y(points[last] as number) },
    reference: options.reference === undefined ? null : y(options.reference),
  }
}

const round = (value: number) => Math.round(value * 10) / 10
