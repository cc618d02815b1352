// Axis of the small accuracy charts on Home: accuracies as fractions in, places in a 1000 by 1000 box out. Pure.

export interface PreviewScale {
  low: number
  high: number
  ticks: number[]
  /** Place from the top, 0 to 1000; may lie outside of the box. */
  y(value: number): number
}

const steps = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]

/** A range in which the figure is decided: around the paper and the later part of the curve, in four to six round ticks. */
export function previewScale(values: readonly number[], paper: number, tolerance: number): PreviewScale {
  const later = values.slice(Math.floor(values.length / 4))
  const bottom = Math.min(paper - 2 * tolerance, ...later)
  const top = Math.max(paper + 2 * tolerance, ...values)
  const step = steps.find((size) => (top - bottom) / size <= 5) ?? 0.25
  const low = Math.max(0, Math.floor(bottom / step + 1e-9) * step)
  const high = top >= 1 ? 1 : Math.min(1, top + step * 0.4)
  const ticks: number[] = []
  for (let tick = low; tick <= high + 1e-9; tick += step) ticks.push(Number(tick.toFixed(6)))
  return { low, high, ticks, y: (value) => 1000 - ((value - low) / (high - low)) * 1000 }
}

/** The curve as a path: values after equal shares of the width. A single one is a point, which round line ends show. */
export function previewPath(values: readonly number[], scale: PreviewScale, width = 1): string {
  const [only] = values
  if (values.length === 1 && only !== undefined) return `M${(1000 * width).toFixed(1)} ${scale.y(only).toFixed(1)}h0`
  return values
    .map(
      (value, index) =>
        `${index === 0 ? 'M' : 'L'}${(((index + 1) / values.length) * 1000 * width).toFixed(1)} ${scale.y(value).toFixed(1)}`,
    )
    .join('')
}
