// Pillow's resampling filters, and what they make of one axis of a picture. Source: Pillow 13, src/libImaging/Resample.c.

export const resampleFilters = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const
export type ResampleFilter = (typeof resampleFilters)[number]
export type AveragingFilter = Exclude<ResampleFilter, 'nearest'>

/** `size` pixels of which those from `start` to `end` become `out`; fractions are allowed. */
export interface ResampledAxis {
  size: number
  start: number
  end: number
  out: number
}

const precisionBits = 22
/** The lower part of a weight, as pixel-passes.wat cuts it. */
const lowBits = 12
const lowMask = (1 << lowBits) - 1

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

/** Keys 1981 with a = -0.5. */
function bicubic(x: number): number {
  const a = -0.5
  const d = Math.abs(x)
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0
}

function hamming(x: number): number {
  const d = Math.abs(x)
  if (d === 0) return 1
  return d >= 1 ? 0 : (Math.sin(d * Math.PI) / (d * Math.PI)) * (0.54 + 0.46 * Math.cos(d * Math.PI))
}

const kernels: Record<AveragingFilter, { support: number; weight: (x: number) => number }> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

/**
 * What each output pixel of an axis is summed up from, in the form that pixel-passes.wat describes: its first source pixel, its
 * pairs of taps, and their weights in fixed point with 22 bits after the point.
 */
export function axisPlan({ size, start, end, out }: ResampledAxis, filter: AveragingFilter): Int32Array {
  const { support, weight } = kernels[filter]
  // The box is single precision in Pillow.
  const from = Math.fround(start)
  const scale = Math.fround(Math.fround(end) - from) / out
  const filterScale = Math.max(scale, 1)
  const reach = support * filterScale
  const shares = new Float64Array(Math.ceil(reach) * 2 + 2)
  const plan = new Int32Array(out * (2 + shares.length))
  let length = 0
  for (let place = 0; place < out; place++) {
    const centre = from + (place + 0.5) * scale
    const first = Math.max(Math.trunc(centre - reach + 0.5), 0)
    const count = Math.min(Math.trunc(centre + reach + 0.5), size) - first
    let sum = 0
    for (let i = 0; i < count; i++) {
      const share = weight((i + first - centre + 0.5) * (1 / filterScale))
      shares[i] = share
      sum += share
    }
    const fixed = (i: number) => {
      const w = i < count ? ((shares[i] as number) / (sum === 0 ? 1 : sum)) * (1 << precisionBits) : 0
      return Math.trunc(w < 0 ? w - 0.5 : w + 0.5)
    }
    const pairs = Math.max(Math.ceil(count / 2), 1)
    plan[length++] = first
    plan[length++] = pairs
    for (let i = 0; i < pairs * 2; i += 2) {
      const [one, other] = [fixed(i), fixed(i + 1)]
      plan[length++] = (one & lowMask) | ((other & lowMask) << 16)
      plan[length++] = ((one >> lowBits) & 0xffff) | ((other >> lowBits) << 16)
    }
  }
  return plan.slice(0, length)
}

/** Random crops of like pictures meet the same few hundred sizes again and again. */
const keptPlans = 1024
const plans = new Map<string, Int32Array>()

/** `axisPlan`, kept for the next picture of that size. */
export function keptAxisPlan(axis: ResampledAxis, filter: AveragingFilter): Int32Array {
  const key = `${filter} ${axis.size} ${axis.start} ${axis.end} ${axis.out}`
  const kept = plans.get(key)
  if (kept !== undefined) return kept
  const plan = axisPlan(axis, filter)
  if (plans.size === keptPlans) plans.delete(plans.keys().next().value ?? '')
  plans.set(key, plan)
  return plan
}
