// What a magnitude of 0..10 means for each of timm's operations. Source: timm 1.0.31, data/auto_augment.py.
import type { Size } from '../transforms/crop-geometry.ts'
import type { DrawSource } from './draw-source.ts'
import type { OperationName } from './operations.ts'

interface TimmLevel {
  operation: OperationName
  argument: (level: number, source: DrawSource, size: Size) => number
}

const negated = (source: DrawSource, value: number) => (source.uniform() > 0.5 ? -value : value)

const without = (operation: OperationName): TimmLevel => ({ operation, argument: () => 0 })

/** A factor of 0.1..1.9 that grows with the level. */
const enhance = (operation: OperationName): TimmLevel => ({ operation, argument: (level) => (level / 10) * 1.8 + 0.1 })

/** A factor that leaves 1 on either side with the level. */
const enhanceIncreasing = (operation: OperationName): TimmLevel => ({
  operation,
  argument: (level, source) => Math.max(0.1, 1 + negated(source, (level / 10) * 0.9)),
})

const shear = (operation: OperationName): TimmLevel => ({
  operation,
  argument: (level, source) => negated(source, (level / 10) * 0.3),
})

const posterizeBits = (level: number) => Math.trunc((level / 10) * 4)
const solarizeThreshold = (level: number) => Math.min(256, Math.trunc((level / 10) * 256))

const levels = {
  AutoContrast: without('autocontrast'),
  Equalize: without('equalize'),
  Invert: without('invert'),
  Rotate: { operation: 'rotate', argument: (level, source) => negated(source, (level / 10) * 30) },
  Posterize: { operation: 'posterize', argument: posterizeBits },
  PosterizeIncreasing: { operation: 'posterize', argument: (level) => 4 - posterizeBits(level) },
  PosterizeOriginal: { operation: 'posterize', argument: (level) => posterizeBits(level) + 4 },
  Solarize: { operation: 'solarize', argument: solarizeThreshold },
  SolarizeIncreasing: { operation: 'solarize', argument: (level) => 256 - solarizeThreshold(level) },
  SolarizeAdd: { operation: 'solarizeAdd', argument: (level) => Math.min(128, Math.trunc((level / 10) * 110)) },
  Color: enhance('color'),
  ColorIncreasing: enhanceIncreasing('color'),
  Contrast: enhance('contrast'),
  ContrastIncreasing: enhanceIncreasing('contrast'),
  Brightness: enhance('brightness'),
  BrightnessIncreasing: enhanceIncreasing('brightness'),
  Sharpness: enhance('sharpness'),
  SharpnessIncreasing: enhanceIncreasing('sharpness'),
  ShearX: shear('shearX'),
  ShearY: shear('shearY'),
  TranslateXRel: {
    operation: 'translateX',
    argument: (level, source, size) => negated(source, (level / 10) * 0.45) * size[1],
  },
  TranslateYRel: {
    operation: 'translateY',
    argument: (level, source, size) => negated(source, (level / 10) * 0.45) * size[0],
  },
} satisfies Record<string, TimmLevel>

export type TimmOperationName = keyof typeof levels

export const timmLevels: Record<TimmOperationName, TimmLevel> = levels
