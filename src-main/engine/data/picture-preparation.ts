// A training picture on its way to the network where that needs more than the compiled step does: cut, resized, changed in
// colour and shape on bytes, then normalised and erased. The same function serves training and previews.
import type { InterpolationName } from '../../shared/registry/augmentation.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { applyAugmentation } from './augment.ts'
import { applyColorJitter, drawColorJitter } from './augmentations/color-jitter.ts'
import { type DrawSource, drawChoice, drawInteger, pictureDraws } from './augmentations/draw-source.ts'
import { grayscale } from './augmentations/enhance.ts'
import { drawLighting } from './augmentations/lighting.ts'
import { createPolicy } from './augmentations/policy.ts'
import { applyRandomErasing, drawRandomErasing, type RandomErasingConfig } from './augmentations/random-erasing.ts'
import { drawResizedCrop } from './augmentations/random-resized-crop.ts'
import { augmentationDraws } from './draws.ts'
import { type Normalization, normalisedPixels } from './normalization.ts'
import { type Size, shortSideSize } from './transforms/crop-geometry.ts'
import { type Interpolation, resizePicture } from './transforms/interpolation.ts'
import { crop, type FloatPicture, flipHorizontal, type Picture } from './transforms/picture.ts'

type AugmentConfig = RunConfig['augment']

/** What the draws of a picture depend on. */
export interface PictureKey {
  seed: number
  epoch: number
  /** Place in the training set. */
  index: number
  /** Counts the appearances of the picture in the epoch from 0. */
  view: number
  /** View of the picture in one batch: all are cropped alike, colours and erasing have their own draws. */
  split: number
}

/** The network's input [height, width, 3] for a picture, float32. */
export type Preparation = (picture: Picture, key: PictureKey, input: Size) => Float32Array

/** Throws `config-out-of-range` for policy settings that cannot be read. `normalization` must be per channel. */
export function createPreparation(augment: AugmentConfig, normalization: Normalization): Preparation {
  const policy = createPolicy(augment)
  const [brightness = 0, contrast = 0, saturation = 0, hue = 0] = augment.colorJitter
  const jitter = { brightness, contrast, saturation, hue }
  const erasing = erasingConfig(augment)
  const changesColor = policy !== null || augment.grayscale > 0 || augment.colorJitter.some((strength) => strength > 0)
  // timm's order; both references take the policy in place of the jitter by default.
  const recoloured = (picture: Picture, source: DrawSource): Picture => {
    const operated = policy ? policy(source, [picture.height, picture.width])(picture) : picture
    const jittered = applyColorJitter(operated, drawColorJitter(source, jitter))
    return augment.grayscale > 0 && source.uniform() < augment.grayscale ? grayscale(jittered) : jittered
  }
  // Zeros after normalisation can only be padded there.
  const isPlacedLate = augment.pad > 0 && augment.padMode === 'zero'
  return (picture, { seed, epoch, index, view, split }, input) => {
    const isClean = augment.splits > 1 && split === 0
    const colors = pictureDraws(seed, epoch, index, view + (split + 1) * 2 ** 16)
    const [height, width] = input
    const draws = augmentationDraws(seed, epoch, [index], { height, width }, augment, [view])
    const cut = cropped(picture, pictureDraws(seed, epoch, index, view), input, augment)
    const moved = isPlacedLate ? cut : placedPixels(cut, draws, augment)
    const changed = changesColor && !isClean ? recoloured(asBytes(moved), colors) : moved
    const shift = augment.lighting > 0 ? drawLighting(colors, augment.lighting) : []
    const pixels = normalisedPixels(changed.data, normalization, shift)
    const covered = isPlacedLate
      ? applyAugmentation(pixels, [height, width, 3], draws, augment)
      : cutOut(pixels, input, draws, augment.cutout)
    if (augment.erasing > 0 && !isClean) applyRandomErasing(covered, width, drawRandomErasing(colors, input, erasing))
    return covered
  }
}

function cropped(picture: Picture, source: DrawSource, input: Size, augment: AugmentConfig): Picture | FloatPicture {
  const size: Size = [picture.height, picture.width]
  switch (augment.crop) {
    case 'none':
      return picture
    case 'random-resized': {
      const [scale, ratio] = [pair(augment.cropScale), pair(augment.cropRatio)]
      const box = drawResizedCrop(source, size, { scale, ratio })
      const filter = drawInterpolation(source, augment.interpolation)
      return resizePicture(crop(picture, box.top, box.left, box.height, box.width), ...input, filter)
    }
    case 'random-crop': {
      const [shortest, longest] = pair(augment.cropShortSide)
      const short = shortest + drawInteger(source, longest - shortest + 1)
      const resized = resizePicture(
        picture,
        ...shortSideSize(size, short),
        drawInterpolation(source, augment.interpolation),
      )
      const top = drawInteger(source, Math.max(resized.height - input[0], 0) + 1)
      return crop(resized, top, drawInteger(source, Math.max(resized.width - input[1], 0) + 1), ...input)
    }
  }
}

/** Values that TensorFlow's resizing left between and beyond the bytes, cut as the TPU EfficientNet code does before a policy. */
function asBytes(picture: Picture | FloatPicture): Picture {
  if (picture.data instanceof Uint8Array) return { ...picture, data: picture.data }
  return { ...picture, data: Uint8Array.from(picture.data, (value) => Math.min(Math.max(value, 0), 255)) }
}

const pair = ([first = 0, second = 0]: readonly number[]): [number, number] => [first, second]

function drawInterpolation(source: DrawSource, name: InterpolationName): Interpolation {
  return name === 'random' ? drawChoice(source, ['bilinear', 'bicubic'] as const) : name
}

/** Padded, cropped and mirrored. */
function placedPixels(picture: Picture | FloatPicture, draws: Int32Array, { pad, padMode }: AugmentConfig) {
  if (pad === 0) return draws[2] === 1 ? flipHorizontal(picture) : picture
  const { height, width } = picture
  const data = applyAugmentation(picture.data, [height, width, 3], draws, { pad, padMode, cutout: 0 })
  return { ...picture, data } as typeof picture
}

/** Normalised pixels with the square of the draws at 0. */
function cutOut(pixels: Float32Array, [height, width]: Size, draws: Int32Array, cutout: number): Float32Array {
  if (cutout === 0) return pixels
  const [, , , ...center] = draws
  return applyAugmentation(pixels, [height, width, 3], [0, 0, 0, ...center], { pad: 0, padMode: 'zero', cutout })
}

function erasingConfig(augment: AugmentConfig): RandomErasingConfig {
  const { erasingReference: reference, erasing: probability, erasingFill: fill, erasingCount } = augment
  return reference === 'timm'
    ? { reference, probability, fill, area: [0.02, 1 / 3], aspect: [0.3, 1 / 0.3], count: [1, erasingCount] }
    : { reference, probability, fill, area: [0.02, 0.33], aspect: [0.3, 3.3], count: [1, 1] }
}
