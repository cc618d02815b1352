// What happens to a picture before an evaluated network sees it: resize, crop, float. The settings are data, so that a
// model file can carry them, and describe themselves.
import {
  centerCrop,
  keepRatioSize,
  paddedCenterCrop,
  roundHalfEven,
  type Size,
  shortSideSize,
} from './crop-geometry.ts'
import { type Interpolation, resizePicture } from './interpolation.ts'
import type { FloatPicture, Picture } from './picture.ts'
import type { ResampleFilter } from './resample-plan.ts'

export interface PixelNormalization {
  /** Bytes are divided by this first: 255 for mean and std on 0..1, 1 for those on 0..255. */
  divisor: number
  mean: readonly [number, number, number]
  std: readonly [number, number, number]
  /** Order of the channels that the network sees, which is that of mean and std too; RGB by default. */
  order?: 'bgr'
}

/** ImageNet's mean and std as torchvision and timm use them. */
export const imagenetNormalization: PixelNormalization = {
  divisor: 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
}

/** Bytes to [-1, 1]. */
export const symmetricNormalization: PixelNormalization = { divisor: 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }

export type EvaluationGeometry =
  /**
   * The shorter side to `resize` (a pair: around that rectangle), then the middle: torchvision's presets and timm's crop
   * mode "center".
   */
  | { mode: 'center'; resize: number | Size; crop: Size }
  /** Each side to `resize` whatever the shape, then the middle: timm's "squash". */
  | { mode: 'squash'; resize: Size; crop: Size }
  /** The whole picture into `resize`, then the middle with a border of `fill`: timm's "border". */
  | { mode: 'border'; resize: Size; crop: Size; fill: readonly [number, number, number] }
  /** The middle of the original, then resized to `size`: the TPU EfficientNet code. */
  | { mode: 'crop-first'; size: number; padding: number }

export interface EvaluationTransform {
  geometry: EvaluationGeometry
  filter: Interpolation
  normalization: PixelNormalization
}

/** timm's geometry for a size and crop fraction; the resize is rounded down (transforms_factory.py). */
export function timmGeometry(
  crop: Size,
  cropFraction: number,
  mode: 'center' | 'squash' | 'border',
  mean: readonly [number, number, number] = imagenetNormalization.mean,
): EvaluationGeometry {
  const resizeTo: Size = [Math.floor(crop[0] / cropFraction), Math.floor(crop[1] / cropFraction)]
  if (mode === 'squash') return { mode, resize: resizeTo, crop }
  if (mode === 'center') return { mode, resize: resizeTo[0] === resizeTo[1] ? resizeTo[0] : resizeTo, crop }
  const [red, green, blue] = mean.map((value) => roundHalfEven(255 * value))
  return { mode, resize: resizeTo, crop, fill: [red ?? 0, green ?? 0, blue ?? 0] }
}

/** The resized and cropped picture; TensorFlow's interpolations leave values that are not rounded. */
export function applyGeometry(picture: Picture, geometry: EvaluationGeometry, filter: ResampleFilter): Picture
export function applyGeometry(
  picture: Picture,
  geometry: EvaluationGeometry,
  filter: Interpolation,
): Picture | FloatPicture
export function applyGeometry(
  picture: Picture,
  geometry: EvaluationGeometry,
  filter: Interpolation,
): Picture | FloatPicture {
  const size: Size = [picture.height, picture.width]
  switch (geometry.mode) {
    case 'center': {
      const { resize: to } = geometry
      const around = typeof to === 'number' ? shortSideSize(size, to) : keepRatioSize(size, to, 'short')
      return centerCrop(resizePicture(picture, ...around, filter), geometry.crop)
    }
    case 'squash':
      return centerCrop(resizePicture(picture, ...geometry.resize, filter), geometry.crop)
    case 'border': {
      const inside = resizePicture(picture, ...keepRatioSize(size, geometry.resize, 'long'), filter)
      return centerCrop(inside, geometry.crop, geometry.fill)
    }
    case 'crop-first': {
      const middle = paddedCenterCrop(picture, geometry.size, geometry.padding)
      return resizePicture(middle, geometry.size, geometry.size, filter)
    }
  }
}

/**
 * Pixels to network input, [height, width, 3]: (x / divisor - mean) / std, rounded to float32 after each step as
 * torchvision's ToTensor and Normalize do.
 */
export function toFloat({ data }: Picture | FloatPicture, normalization: PixelNormalization): Float32Array {
  const { divisor, mean, std, order } = normalization
  const { fround } = Math
  const normalised = (value: number, channel: number) => {
    const centred = fround(fround(value / divisor) - fround(mean[channel] ?? 0))
    return centred / fround(std[channel] ?? 1)
  }
  const table = Float32Array.from({ length: 3 * 256 }, (_, i) => normalised(Math.floor(i / 3), i % 3))
  const result = new Float32Array(data.length)
  const [red, blue] = order === 'bgr' ? [2, 0] : [0, 2]
  const look = (value: number, channel: number) => table[value * 3 + channel] as number
  const at = data instanceof Uint8Array ? look : normalised
  for (let i = 0; i < data.length; i += 3) {
    result[i + red] = at(data[i] as number, red)
    result[i + 1] = at(data[i + 1] as number, 1)
    result[i + blue] = at(data[i + 2] as number, blue)
  }
  return result
}

/** Network input [height, width, 3] from a decoded picture. */
export function applyEvaluationTransform(picture: Picture, transform: EvaluationTransform): Float32Array {
  return toFloat(applyGeometry(picture, transform.geometry, transform.filter), transform.normalization)
}

/** One sentence for model cards and logs. */
export function describeEvaluationTransform({ geometry, filter, normalization }: EvaluationTransform): string {
  const { divisor, mean, std, order } = normalization
  const float = `${order === 'bgr' ? 'BGR, ' : ''}x / ${divisor}, minus ${mean.join(' ')}, over ${std.join(' ')}`
  return `${describeGeometry(geometry, filter)}, ${float}`
}

function describeGeometry(geometry: EvaluationGeometry, filter: Interpolation): string {
  switch (geometry.mode) {
    case 'center':
      return `shorter side to ${[geometry.resize].flat().join(' x ')} (${filter}), middle ${geometry.crop.join(' x ')}`
    case 'squash':
      return `squashed to ${geometry.resize.join(' x ')} (${filter}), middle ${geometry.crop.join(' x ')}`
    case 'border': {
      const border = `border ${geometry.fill.join(' ')}`
      return `fitted into ${geometry.resize.join(' x ')} (${filter}), middle ${geometry.crop.join(' x ')}, ${border}`
    }
    case 'crop-first':
      return `middle ${geometry.size} / ${geometry.size + geometry.padding} of the shorter side, to ${geometry.size} (${filter})`
  }
}
