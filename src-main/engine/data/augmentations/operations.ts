// The operations that the augmentation policies choose from, each with one number. Signs and units are Pillow's; the
// policies turn their levels into these numbers.
import { type AffineFilter, type AffineOptions, affine, rotate } from '../transforms/affine.ts'
import type { Picture } from '../transforms/picture.ts'
import { brightness, color, contrast, sharpness } from './enhance.ts'
import { autocontrast, equalize, invert, posterize, solarize, solarizeAdd } from './tone.ts'

type Operation = (picture: Picture, argument: number, options: AffineOptions) => Picture

const registry = {
  identity: (picture) => picture,
  /** A row `factor` further for every row down. */
  shearX: (picture, factor, options) => affine(picture, [1, factor, 0, 0, 1, 0], options),
  shearY: (picture, factor, options) => affine(picture, [1, 0, 0, factor, 1, 0], options),
  /** Content moves left (up) by so many pixels, as timm's; torchvision's magnitude has the other sign. */
  translateX: (picture, pixels, options) => affine(picture, [1, 0, pixels, 0, 1, 0], options),
  translateY: (picture, pixels, options) => affine(picture, [1, 0, 0, 0, 1, pixels], options),
  /** Degrees, counter-clockwise. */
  rotate,
  /** The enhancements' factor: 0 is degenerate, 1 the picture. */
  brightness,
  color,
  contrast,
  sharpness,
  /** Bits kept. */
  posterize,
  /** Threshold. */
  solarize,
  solarizeAdd,
  autocontrast,
  equalize,
  invert,
} satisfies Record<string, Operation>

export type OperationName = keyof typeof registry
export const operationNames = Object.keys(registry) as OperationName[]

export interface OperationCall {
  name: OperationName
  /** 0 where the operation takes none. */
  argument: number
  /** For the operations that move pixels. */
  filter: AffineFilter
}

/** The picture after every call in turn; `fill` comes in from outside of it. */
export function applyOperations(
  picture: Picture,
  calls: readonly OperationCall[],
  fill: AffineOptions['fill'],
): Picture {
  return calls.reduce<Picture>((current, { name, argument, filter }) => {
    const operation: Operation = registry[name]
    return operation(current, argument, { filter, fill })
  }, picture)
}
