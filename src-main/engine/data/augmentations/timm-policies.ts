// RandAugment, AutoAugment and AugMix (Hendrycks et al. 2019) as timm has them: magnitudes of 0..10 with noise, a chance
// for each operation. Source: timm 1.0.31, data/auto_augment.py.
import { RepriseError } from '../../../shared/errors.ts'
import type { AffineFilter } from '../transforms/affine.ts'
import type { Size } from '../transforms/crop-geometry.ts'
import { filledPicture, type Picture } from '../transforms/picture.ts'
import { type DrawSource, drawBetween, drawChoice, drawDirichlet, drawInteger } from './draw-source.ts'
import { blend } from './enhance.ts'
import { applyOperations, type OperationCall, type OperationName } from './operations.ts'
import { timmSubPolicies } from './timm-auto-augment.ts'
import { type TimmOperationName, timmLevels } from './timm-levels.ts'

export interface TimmNoise {
  /** Standard deviation of the magnitude; infinite for a uniform draw between 0 and the magnitude. */
  magnitudeStd: number
  /** Cut from above. */
  magnitudeMax: number
  /** `random` draws bilinear or bicubic for each operation that moves pixels: timm's default. */
  filter: AffineFilter | 'random'
}

export interface TimmRandAugment extends TimmNoise {
  magnitude: number
  layers: number
  probability: number
  /** The variants whose effect grows with the magnitude. */
  increasing: boolean
}

export interface TimmAugMix extends TimmNoise {
  magnitude: number
  width: number
  /** Operations in a chain; -1 draws 1 to 3. */
  depth: number
  alpha: number
}

const moving: readonly OperationName[] = ['rotate', 'shearX', 'shearY', 'translateX', 'translateY']

/** One operation, or none by chance; draws in timm's order. */
function drawOperation(
  source: DrawSource,
  size: Size,
  name: TimmOperationName,
  probability: number,
  mean: number,
  { magnitudeStd, magnitudeMax, filter }: TimmNoise,
): OperationCall[] {
  if (probability < 1 && source.uniform() > probability) return []
  let magnitude = mean
  if (magnitudeStd === Number.POSITIVE_INFINITY) magnitude = drawBetween(source, 0, mean)
  else if (magnitudeStd > 0) magnitude = mean + magnitudeStd * source.normal()
  const { operation, argument } = timmLevels[name]
  const value = argument(Math.max(0, Math.min(magnitude, magnitudeMax)), source, size)
  const isRandom = filter === 'random' && moving.includes(operation)
  const chosen = isRandom ? drawChoice(source, ['bilinear', 'bicubic'] as const) : filter
  return [{ name: operation, argument: value, filter: chosen === 'random' ? 'bicubic' : chosen }]
}

const randAugmentNames = [
  'AutoContrast',
  'Equalize',
  'Invert',
  'Rotate',
  'Posterize',
  'Solarize',
  'SolarizeAdd',
  'Color',
  'Contrast',
  'Brightness',
  'Sharpness',
  'ShearX',
  'ShearY',
  'TranslateXRel',
  'TranslateYRel',
] as const satisfies TimmOperationName[]

const augMixNames = [
  'AutoContrast',
  'ColorIncreasing',
  'ContrastIncreasing',
  'BrightnessIncreasing',
  'SharpnessIncreasing',
  'Equalize',
  'Rotate',
  'PosterizeIncreasing',
  'SolarizeIncreasing',
  'ShearX',
  'ShearY',
  'TranslateXRel',
  'TranslateYRel',
] as const satisfies TimmOperationName[]

/** The variant that grows with the magnitude, where there is one. */
function increasingName(name: TimmOperationName): TimmOperationName {
  const increasing = `${name}Increasing`
  return increasing in timmLevels ? (increasing as TimmOperationName) : name
}

/** All names are drawn first, with replacement, then the parts of each. */
export function drawTimmRandAugment(source: DrawSource, size: Size, config: TimmRandAugment): OperationCall[] {
  const names = Array.from({ length: config.layers }, () => drawChoice(source, randAugmentNames))
  return names.flatMap((name) => {
    const variant = config.increasing ? increasingName(name) : name
    return drawOperation(source, size, variant, config.probability, config.magnitude, config)
  })
}

/** The operations of one sub-policy. */
export function drawTimmAutoAugment(
  source: DrawSource,
  size: Size,
  policy: keyof typeof timmSubPolicies,
  noise: TimmNoise,
): OperationCall[] {
  const subPolicies = timmSubPolicies[policy]
  const subPolicy = subPolicies[drawInteger(source, subPolicies.length)] ?? []
  return subPolicy.flatMap(([name, probability, magnitude]) =>
    drawOperation(source, size, name, probability, magnitude, noise),
  )
}

export interface AugMixDraw {
  chains: { weight: number; calls: OperationCall[] }[]
  /** Share of the mixed picture in the result. */
  mixed: number
}

/** Weights first, then the chains. */
export function drawTimmAugMix(source: DrawSource, size: Size, config: TimmAugMix): AugMixDraw {
  const weights = drawDirichlet(source, config.alpha, config.width)
  const [mixed = 0] = drawDirichlet(source, config.alpha, 2)
  const chains = weights.map((weight) => ({ weight, calls: drawTimmChain(source, size, config) }))
  return { chains, mixed }
}

/** The operations of one chain of AugMix. */
export function drawTimmChain(source: DrawSource, size: Size, config: TimmAugMix): OperationCall[] {
  const depth = config.depth > 0 ? config.depth : 1 + drawInteger(source, 3)
  const names = Array.from({ length: depth }, () => drawChoice(source, augMixNames))
  return names.flatMap((name) => drawOperation(source, size, name, 1, config.magnitude, config))
}

/** The chains' results summed in single precision and cut to bytes, then blended with the picture. */
export function applyAugMix(picture: Picture, { chains, mixed }: AugMixDraw, fill: readonly [number, number, number]) {
  const { fround } = Math
  const sums = new Float32Array(picture.data.length)
  for (const { weight, calls } of chains) {
    const { data } = applyOperations(picture, calls, fill)
    const share = fround(weight)
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + fround(share * (data[i] as number))
  }
  const mixture = filledPicture(picture.height, picture.width)
  for (let i = 0; i < sums.length; i++) mixture.data[i] = Math.min(Math.max(sums[i] as number, 0), 255)
  return blend(picture, mixture, mixed)
}

/**
 * Reads timm's string, as `rand-m9-n3-mstd0.5-inc1`: m magnitude, n layers, p probability, mstd noise (above 100:
 * uniform), mmax upper bound, inc increasing variants. Throws `config-out-of-range` for any other part.
 */
export function parseTimmRandAugment(text: string, filter: TimmNoise['filter'] = 'random'): TimmRandAugment {
  const values = parseParts(text, 'rand', ['m', 'n', 'p', 'mstd', 'mmax', 'inc'])
  const { m = 10, n = 2, p = 0.5, mstd = 0, mmax = 10, inc = 0 } = values
  const magnitudeStd = mstd > 100 ? Number.POSITIVE_INFINITY : mstd
  return { magnitude: m, layers: n, probability: p, magnitudeStd, magnitudeMax: mmax, increasing: inc !== 0, filter }
}

/** Reads timm's string, as `augmix-m5-w4-d2`: m magnitude, w chains, d depth, a alpha, mstd noise (none: uniform). */
export function parseTimmAugMix(text: string, filter: TimmNoise['filter'] = 'random'): TimmAugMix {
  const values = parseParts(text, 'augmix', ['m', 'w', 'd', 'a', 'mstd'])
  const { m = 3, w = 3, d = -1, a = 1, mstd = Number.POSITIVE_INFINITY } = values
  return { magnitude: m, width: w, depth: d, alpha: a, magnitudeStd: mstd, magnitudeMax: 10, filter }
}

/** Reads timm's string for AutoAugment, as `original-mstd0.5`, whose first part is `policy`. */
export function parseTimmNoise(text: string, policy: string, filter: TimmNoise['filter'] = 'random'): TimmNoise {
  const { mstd = 0 } = parseParts(text, policy, ['mstd'])
  return { magnitudeStd: mstd > 100 ? Number.POSITIVE_INFINITY : mstd, magnitudeMax: 10, filter }
}

function parseParts(text: string, head: string, keys: readonly string[]): Record<string, number> {
  const [first, ...parts] = text.split('-')
  const values = parts.map((part) => /^([a-z]+)(\d+(?:\.\d+)?)$/.exec(part))
  const unknown = parts.find((_, i) => !keys.includes(values[i]?.[1] ?? ''))
  if (first !== head || unknown !== undefined) {
    throw new RepriseError({
      code: 'config-out-of-range',
      message: `The augmentation ${text} cannot be read`,
      expected: `${head} and parts of ${keys.join(', ')}, each with a number`,
      found: unknown ?? `${first}`,
      fix: `Write it as ${head}-m9.`,
    })
  }
  return Object.fromEntries(values.flatMap((match) => (match ? [[match[1], Number(match[2])]] : [])))
}
