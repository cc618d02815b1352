// Numbers as people write them in fields: 128, 0.1, 1e-4. Pure, so that the stepping rules are tested without a page.

export type NumberStep = { add: number } | { times: number }

/** The number in a field as it is written in recipes: small ones in scientific form without padding. */
export function numberText(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential().replace('e+', 'e')
  return String(value)
}

/** Reads a number; a decimal comma counts as a point. Null when the text is no finite number. */
export function parseNumberText(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^−/, '-')
    .replace(/^(-?\d+),(\d+)$/, '$1.$2')
  if (plain === '') return null
  const value = Number(plain)
  return Number.isFinite(value) ? value : null
}

/** The next value up (`direction` 1) or down (-1), kept within the limits and free of rounding dust. */
export function stepNumber(
  value: number,
  direction: 1 | -1,
  step: NumberStep,
  limits: { min?: number | undefined; max?: number | undefined; integer?: boolean | undefined } = {},
): number {
  let next: number
  if ('add' in step) next = value + direction * step.add
  else if (value === 0) next = direction > 0 ? (limits.integer ? 1 : 1e-4) : 0
  else next = direction > 0 ? value * step.times : value / step.times
  next = Number(next.toPrecision(12))
  if (limits.integer) next = direction > 0 ? Math.ceil(next) : Math.floor(next)
  return Math.min(limits.max ?? Number.POSITIVE_INFINITY, Math.max(limits.min ?? Number.NEGATIVE_INFINITY, next))
}
