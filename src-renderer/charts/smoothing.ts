// Exponential smoothing with the start corrected, so that early points are not pulled towards zero.

/** Smoothed copy of `values`; `weight` (0 to below 1) is how much of the past stays. Non-finite values are passed over. */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length)
  let mean = 0
  let rest = 1
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isFinite(value)) {
      mean = weight * mean + (1 - weight) * value
      rest *= weight
      smoothed[i] = mean / (1 - rest)
    } else {
      smoothed[i] = Number.NaN
    }
  }
  return smoothed
}
