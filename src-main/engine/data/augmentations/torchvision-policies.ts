// RandAugment (Cubuk et al. 2019), TrivialAugment Wide (Müller and Hutter 2021) and AutoAugment (Cubuk et al. 2018) with
// torchvision's levels and order of draws. Source: torchvision 0.28, transforms/autoaugment.py.
import type { AffineFilter } from '../transforms/affine.ts'
import { roundHalfEven, type Size } from '../transforms/crop-geometry.ts'
import { type DrawSource, drawInteger } from './draw-source.ts'
import type { OperationCall, OperationName } from './operations.ts'
import { torchvisionSubPolicies } from './torchvision-auto-augment.ts'

interface Level {
  name: OperationName
  /** From the first bin to the last; null for operations without a magnitude. */
  range: readonly [number, number] | null
  isSigned: boolean
}

interface Space {
  shear: number
  translateX: number
  translateY: number
  degrees: number
  enhance: number
  /** Bits given up in the last bin. */
  bits: number
}

const noMagnitude = (name: OperationName): Level => ({ name, range: null, isSigned: false })
const signed = (name: OperationName, most: number): Level => ({ name, range: [0, most], isSigned: true })

/** In torchvision's order, which the index of an operation counts. */
function levels({ shear, translateX, translateY, degrees, enhance, bits }: Space): [Level, ...Level[]] {
  return [
    noMagnitude('identity'),
    signed('shearX', shear),
    signed('shearY', shear),
    signed('translateX', translateX),
    signed('translateY', translateY),
    signed('rotate', degrees),
    signed('brightness', enhance),
    signed('color', enhance),
    signed('contrast', enhance),
    signed('sharpness', enhance),
    { name: 'posterize', range: [0, bits], isSigned: false },
    { name: 'solarize', range: [255, 0], isSigned: false },
    noMagnitude('autocontrast'),
    noMagnitude('equalize'),
  ]
}

const randAugmentSpace = ([height, width]: Size): Space => ({
  shear: 0.3,
  translateX: (150 / 331) * width,
  translateY: (150 / 331) * height,
  degrees: 30,
  enhance: 0.9,
  bits: 4,
})

const wideSpace: Space = { shear: 0.99, translateX: 32, translateY: 32, degrees: 135, enhance: 0.99, bits: 6 }

/** torch.linspace in single precision: from both ends to the middle. */
function binValue([first, last]: readonly [number, number], bin: number, bins: number): number {
  const { fround } = Math
  const step = fround((fround(last) - fround(first)) / (bins - 1))
  return bin < Math.floor(bins / 2)
    ? fround(fround(first) + step * bin)
    : fround(fround(last) - step * (bins - 1 - bin))
}

function magnitudeOf({ name, range }: Level, bin: number, bins: number): number {
  if (range === null) return 0
  return name === 'posterize' ? 8 - roundHalfEven(bin / ((bins - 1) / range[1])) : binValue(range, bin, bins)
}

/** What torchvision's `_apply_op` makes of a magnitude; its pixels move against Pillow's matrix. */
function callOf(name: OperationName, magnitude: number, filter: AffineFilter): OperationCall {
  switch (name) {
    case 'translateX':
    case 'translateY':
      return { name, argument: 0 - Math.trunc(magnitude), filter }
    case 'brightness':
    case 'color':
    case 'contrast':
    case 'sharpness':
      return { name, argument: 1 + magnitude, filter }
    default:
      return { name, argument: magnitude, filter }
  }
}

const isNegated = (source: DrawSource, { isSigned }: Level) => isSigned && drawInteger(source, 2) === 1

export interface RandAugmentConfig {
  operations: number
  /** Index of the magnitude's bin. */
  magnitude: number
  bins: number
  filter: AffineFilter
}

/** torchvision's defaults. */
export const standardRandAugment: RandAugmentConfig = { operations: 2, magnitude: 9, bins: 31, filter: 'nearest' }

/** Operations for a picture of `size`, drawn with replacement. */
export function drawRandAugment(source: DrawSource, size: Size, config: RandAugmentConfig): OperationCall[] {
  const space = levels(randAugmentSpace(size))
  return Array.from({ length: config.operations }, () => {
    const level = space[drawInteger(source, space.length)] ?? space[0]
    const magnitude = magnitudeOf(level, config.magnitude, config.bins)
    return callOf(level.name, isNegated(source, level) ? -magnitude : magnitude, config.filter)
  })
}

/** One operation at one of 31 magnitudes. */
export function drawTrivialAugmentWide(source: DrawSource, filter: AffineFilter, bins = 31): OperationCall[] {
  const space = levels(wideSpace)
  const level = space[drawInteger(source, space.length)] ?? space[0]
  const magnitude = level.range === null ? 0 : magnitudeOf(level, drawInteger(source, bins), bins)
  return [callOf(level.name, isNegated(source, level) ? -magnitude : magnitude, filter)]
}

/** The two operations of one of 25 sub-policies, each by its probability. */
export function drawAutoAugment(
  source: DrawSource,
  size: Size,
  policy: keyof typeof torchvisionSubPolicies,
  filter: AffineFilter,
): OperationCall[] {
  const space = [...levels(randAugmentSpace(size)), noMagnitude('invert')]
  const subPolicies = torchvisionSubPolicies[policy]
  const subPolicy = subPolicies[drawInteger(source, subPolicies.length)] ?? []
  const chances = [source.uniform(), source.uniform()]
  const signs = [drawInteger(source, 2), drawInteger(source, 2)]
  return subPolicy.flatMap(([name, probability, bin], i) => {
    const level = space.find((entry) => entry.name === name)
    // The references compare in single precision.
    if (level === undefined || Math.fround(chances[i] ?? 0) > Math.fround(probability)) return []
    const magnitude = magnitudeOf(level, bin, 10)
    return [callOf(name, level.isSigned && signs[i] === 0 ? -magnitude : magnitude, filter)]
  })
}
