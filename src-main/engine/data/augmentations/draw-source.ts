// A stream of random numbers for one picture in one epoch; the draw functions of this folder read from it in order.
import { type PhiloxKey, philox4x32, scaleWord } from '../philox.ts'

export interface DrawSource {
  /** In [0, 1). */
  uniform(): number
  /** Mean 0, standard deviation 1. */
  normal(): number
}

/** Second word of the key; draws.ts uses 1 to 5 with the same seed. */
const streams = { picture: 6, batch: 7 } as const

/**
 * The stream of a picture (its place in the training set) in an epoch, where `view` counts its appearances from 0: the same
 * for the same numbers, whatever else is drawn.
 */
export function pictureDraws(seed: number, epoch: number, picture: number, view = 0): DrawSource {
  return drawsOf([seed, streams.picture], [picture, epoch, view])
}

/** The stream of a whole batch, counted from 0 over the run. */
export function batchDraws(seed: number, batch: number): DrawSource {
  return drawsOf([seed, streams.batch], [batch, 0, 0])
}

function drawsOf(key: PhiloxKey, [first, second, third]: readonly [number, number, number]): DrawSource {
  const words = new Uint32Array(4)
  let drawn = 0
  const uniform = () => {
    if ((drawn & 3) === 0) philox4x32([first, second, drawn >>> 2, third], key, words)
    const word = words[drawn & 3] ?? 0
    drawn++
    return word / 2 ** 32
  }
  // Box and Muller 1958; 1 - u keeps the logarithm finite.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal }
}

/** A number between `low` and `high`. */
export function drawBetween(source: DrawSource, low: number, high: number): number {
  return low + (high - low) * source.uniform()
}

/** A whole number from 0 to below `range`. */
export function drawInteger(source: DrawSource, range: number): number {
  return scaleWord(source.uniform() * 2 ** 32, range)
}

/** One of `choices`. */
export function drawChoice<T>(source: DrawSource, choices: readonly [T, ...T[]]): T {
  return choices[drawInteger(source, choices.length)] ?? choices[0]
}

/** 0 to `count` - 1 in random order (Fisher and Yates). */
export function drawPermutation(source: DrawSource, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const other = drawInteger(source, i + 1)
    const moved = order[i] as number
    order[i] = order[other] as number
    order[other] = moved
  }
  return order
}

/** The gamma distribution of scale 1 (Marsaglia and Tsang 2000; below shape 1 by their power of a uniform draw). */
export function drawGamma(source: DrawSource, shape: number): number {
  if (shape < 1) return drawGamma(source, shape + 1) * (1 - source.uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = source.normal()
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - source.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Shares that sum to 1, all with the same concentration; two of them are a beta draw. */
export function drawDirichlet(source: DrawSource, concentration: number, count: number): number[] {
  const shares = Array.from({ length: count }, () => drawGamma(source, concentration))
  const sum = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => share / sum)
}
