/** An example for the drawing on the first card, not a measurement: rises fast, then wanders inside the tolerance band. */
export function exampleCurve(paper: number, tolerance: number): number[] {
  const points = 40
  return Array.from({ length: points }, (_, index) => {
    const rise = tolerance * 40 * Math.exp(-index / 5.5)
    const wander = tolerance * (0.55 * Math.sin(index * 1.9) + 0.35 * Math.sin(index * 4.3 + 1))
    return paper - rise + wander * (0.4 + 0.4 * Math.exp(-index / 30))
  })
}
