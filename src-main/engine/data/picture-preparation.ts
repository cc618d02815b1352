// A training picture on its way to the network where that needs more than the compiled step does: cut, resized, changed in
// colour and shape on bytes, then normalised and erased. The same functions serve training and previews.
import type { InterpolationName } from '../../shared/registry/augmentation.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { applyAugmentation } from './augment.ts'
import { applyColorJitter, drawColorJitter } from './augmentations/color-jitter.ts'
import { type DrawSource, drawChoice, drawInteger, pictureDraws } from './augmentations/draw-source.ts'
import { grayscale } from './augmentations/enhance.ts'
import { drawLighting } from './augmentations/lighting.ts'
import { createPolicy } from './augmentations/policy.ts'
import { applyRandomErasing, drawRandomErasing, type RandomErasingConfig } from './augmentations/random-erasing.ts'
import { type CropBox, drawResizedCrop } from './augmentations/random-resized-crop.ts'
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

/**
 * Whether prepared pictures are bytes until they are normalised, so that they may go to the compiled step as bytes: nothing
 * is covered, filled or lit after normalisation, and no resizing leaves fractions of bytes.
 */
export function preparesBytes(augment: AugmentConfig): boolean {
  const { crop: cut, cutout, erasing, interpolation, lighting, pad, padMode, splits } = augment
  const isRounded = cut === 'none' || !interpolation.startsWith('tf-') || (changesColors(augment) && splits === 1)
  return isRounded && cutout === 0 && erasing === 0 && lighting === 0 && (pad === 0 || padMode !== 'zero')
}

/** What works on bytes; values that resizing left between them are cut before. */
function changesColors({ policy, grayscale: grey, colorJitter }: AugmentConfig): boolean {
  return policy !== 'none' || grey > 0 || colorJitter.some((strength) => strength > 0)
}

/** A picture of which parts can be had: a decoder need not make more of it than the crop keeps. */
export interface UncutPicture {
  height: number
  width: number
  /** The pixels of the box, which lies inside; valid until the next cut of any picture, and not to be changed. */
  cut(box: CropBox): Picture
}

/** A picture that is decoded already. */
export function uncut(picture: Picture): UncutPicture {
  const { height, width } = picture
  const isWhole = (box: CropBox) => box.height === height && box.width === width
  return {
    height,
    width,
    cut: (box) => (isWhole(box) ? picture : crop(picture, box.top, box.left, box.height, box.width)),
  }
}

/** The network's input [height, width, 3] for a picture, float32. */
export type Preparation = (picture: UncutPicture, key: PictureKey, input: Size) => Float32Array

/** The same before normalisation, for settings that `preparesBytes` allows. */
export type BytePreparation = (picture: UncutPicture, key: PictureKey, input: Size) => Uint8Array

/** Throws `config-out-of-range` for policy settings that cannot be read. */
export function createBytePreparation(augment: AugmentConfig): BytePreparation {
  const change = createChange(augment)
  return (picture, key, input) => asBytes(change(picture, key, input).changed).data
}

/** Throws `config-out-of-range` for policy settings that cannot be read. `normalization` must be per channel. */
export function createPreparation(augment: AugmentConfig, normalization: Normalization): Preparation {
  const change = createChange(augment)
  const erasing = erasingConfig(augment)
  return (picture, key, input) => {
    const [height, width] = input
    const { changed, colors, draws, isClean } = change(picture, key, input)
    const shift = augment.lighting > 0 ? drawLighting(colors, augment.lighting) : []
    const pixels = normalisedPixels(changed.data, normalization, shift)
    const covered = isPlacedLate(augment)
      ? applyAugmentation(pixels, [height, width, 3], draws, augment)
      : cutOut(pixels, input, draws, augment.cutout)
    if (augment.erasing > 0 && !isClean) applyRandomErasing(covered, width, drawRandomErasing(colors, input, erasing))
    return covered
  }
}

/** Zeros after normalisation can only be padded there. */
const isPlacedLate = ({ pad, padMode }: AugmentConfig) => pad > 0 && padMode === 'zero'

/** All that happens before normalisation, with the draws that are left for what follows it. */
function createChange(augment: AugmentConfig) {
  const policy = createPolicy(augment)
  const [brightness = 0, contrast = 0, saturation = 0, hue = 0] = augment.colorJitter
  const jitter = { brightness, contrast, saturation, hue }
  const changesColor = changesColors(augment)
  // timm's order; both references take the policy in place of the jitter by default.
  const recoloured = (picture: Picture, source: DrawSource): Picture => {
    const operated = policy ? policy(source, [picture.height, picture.width])(picture) : picture
    const jittered = applyColorJitter(operated, drawColorJitter(source, jitter))
    return augment.grayscale > 0 && source.uniform() < augment.grayscale ? grayscale(jittered) : jittered
  }
  return (picture: UncutPicture, { seed, epoch, index, view, split }: PictureKey, input: Size) => {
    const isClean = augment.splits > 1 && split === 0
    const colors = pictureDraws(seed, epoch, index, view + (split + 1) * 2 ** 16)
    const [height, width] = input
    const draws = augmentationDraws(seed, epoch, [index], { height, width }, augment, [view])
    const cut = cropped(picture, pictureDraws(seed, epoch, index, view), input, augment)
    const moved = isPlacedLate(augment) ? cut : placedPixels(cut, draws, augment)
    const changed = changesColor && !isClean ? recoloured(asBytes(moved), colors) : moved
    return { changed, colors, draws, isClean }
  }
}

function cropped(
  picture: UncutPicture,
  source: DrawSource,
  input: Size,
  augment: AugmentConfig,
): Picture | FloatPicture {
  const size: Size = [picture.height, picture.width]
  const whole: CropBox = { top: 0, left: 0, height: picture.height, width: picture.width }
  switch (augment.crop) {
    case 'none':
      return picture.cut(whole)
    case 'random-resized': {
      const [scale, ratio] = [pair(augment.cropScale), pair(augment.cropRatio)]
      const box = drawResizedCrop(source, size, { scale, ratio })
      const filter = drawInterpolation(source, augment.interpolation)
      return resizePicture(picture.cut(box), ...input, filter)
    }
    case 'random-crop': {
      const [shortest, longest] = pair(augment.cropShortSide)
      const short = shortest + drawInteger(source, longest - shortest + 1)
      const resized = resizePicture(
        picture.cut(whole),
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
