// Resizing by the name that a run config gives: Pillow's filters and TensorFlow's.
import type { InterpolationName } from '../../../shared/registry/augmentation.ts'
import type { FloatPicture, Picture } from './picture.ts'
import { resize } from './resample.ts'
import type { ResampleFilter } from './resample-plan.ts'
import { resizeTensorflow, type TensorflowMethod } from './tensorflow-resize.ts'

/** What one picture is resized with: 'random' stands for two of them. */
export type Interpolation = Exclude<InterpolationName, 'random'>

const tensorflowMethods = {
  'tf-bilinear': 'bilinear',
  'tf-bicubic': 'bicubic',
  'tf-area': 'area',
} as const satisfies Record<Exclude<Interpolation, ResampleFilter>, TensorflowMethod>

function isTensorflow(interpolation: Interpolation): interpolation is keyof typeof tensorflowMethods {
  return interpolation in tensorflowMethods
}

/**
 * The whole picture as [height, width, 3]. Pillow's filters round to bytes; TensorFlow's leave float32 values that are not
 * rounded, and with bicubic may lie outside 0..255.
 */
export function resizePicture(picture: Picture, height: number, width: number, interpolation: ResampleFilter): Picture
export function resizePicture(
  picture: Picture,
  height: number,
  width: number,
  interpolation: Interpolation,
): Picture | FloatPicture
export function resizePicture(
  picture: Picture,
  height: number,
  width: number,
  interpolation: Interpolation,
): Picture | FloatPicture {
  if (!isTensorflow(interpolation)) return resize(picture, height, width, interpolation)
  const data = resizeTensorflow(picture, height, width, tensorflowMethods[interpolation])
  return { height, width, channels: 3, data }
}
