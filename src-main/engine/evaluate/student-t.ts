// Quantiles of Student's t distribution for any real number of degrees of freedom of at least 1.

/** Γ(a + 1/2) / Γ(a), by the asymptotic series for large `a` and Γ(x + 1) = x Γ(x) below it. */
function gammaRatio(a: number): number {
  let factor = 1
  let x = a
  while (x < 20) {
    factor *= x / (x + 0.5)
    x += 1
  }
  const q = 1 / (x * x)
  return factor * Math.sqrt(x) * Math.exp((-1 / 8 + q * (1 / 192 + q * (-1 / 640 + q * (17 / 14_336)))) / x)
}

/** Composite Simpson rule with an even number of intervals. */
function integrate(f: (x: number) => number, to: number, intervals: number): number {
  const h = to / intervals
  let sum = f(0) + f(to)
  for (let i = 1; i < intervals; i += 1) sum += f(i * h) * (i % 2 === 1 ? 4 : 2)
  return (sum * h) / 3
}

/**
 * The value below which a t variable with `degrees` degrees of freedom lies with probability `probability`
 * (one half or more). `degrees` may be fractional, as Welch's are. Absolute error below 1e-10 for the 0.975 quantile.
 *
 * With t = √ν tan θ the distribution becomes P(|T| < t) = c ∫₀^θ cos^(ν−1) φ dφ, which is solved for θ by Newton steps.
 */
export function studentTQuantile(probability: number, degrees: number): number {
  if (!(probability >= 0.5 && probability < 1 && degrees >= 1)) {
    throw new RangeError(`No t quantile for probability ${probability} and ${degrees} degrees of freedom.`)
  }
  const density = (2 * gammaRatio(degrees / 2)) / Math.sqrt(Math.PI)
  const f = (theta: number) => density * Math.cos(theta) ** (degrees - 1)
  const target = 2 * probability - 1
  let theta = 0
  for (let i = 0; i < 100; i += 1) {
    const step = (target - integrate(f, theta, 2000)) / f(theta)
    // The integrand falls, so Newton from the left never overshoots the root.
    theta += step
    if (step < 1e-12 * theta) break
  }
  return Math.sqrt(degrees) * Math.tan(theta)
}
