// Tick labels: short forms that are allowed on axes only.

/** Counts with k from a thousand: 0, 500, 16k, 1.2M. */
export function axisCount(value: number): string {
  const short = (scaled: number, unit: string) => `${Number(scaled.toPrecision(3))}${unit}`
  if (Math.abs(value) >= 1_000_000) return short(value / 1_000_000, 'M')
  if (Math.abs(value) >= 1_000) return short(value / 1_000, 'k')
  return `${Number(value.toPrecision(4))}`
}

/** Fewest decimals, at most `most`, that write `distance` in full: none for 5, two for 0.25. */
function decimalsOf(distance: number, most: number): number {
  for (let decimals = 0; decimals < most; decimals++) {
    const scaled = distance * 10 ** decimals
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, scaled) && scaled > 0.5) return decimals
  }
  return most
}

/** Fractions as percent without the sign, with as many decimals as the distance between ticks needs. */
export function axisPercent(value: number, tickDistance: number): string {
  return (value * 100).toFixed(decimalsOf(tickDistance * 100, 3))
}

/** Plain numbers with as many decimals as the distance between ticks needs. */
export function axisNumber(value: number, tickDistance: number): string {
  if (tickDistance >= 1000) return axisCount(value)
  return value.toFixed(decimalsOf(tickDistance, 6))
}

/** Rates as papers write them: 0.1, 0.01, 1e-3. */
export function axisRate(value: number): string {
  if (value === 0) return '0'
  if (Math.abs(value) >= 0.01) return `${Number(value.toPrecision(3))}`
  return value.toExponential().replace(/\.?0+e/, 'e')
}

/** Seconds as m:ss or h:mm. */
export function axisTime(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const pad = (value: number) => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)}:${pad(whole % 60)}`
  return `${Math.floor(whole / 3600)}:${pad(Math.floor((whole % 3600) / 60))} h`
}

/** Distances of ticks that read well as times, in seconds. */
export const timeSteps: readonly number[] = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 604_800,
]

/** True for 1, 10, 0.01: the ticks of a log axis that carry a label. */
export function isPowerOfTen(value: number): boolean {
  const power = Math.log10(value)
  return Math.abs(power - Math.round(power)) < 1e-9
}
