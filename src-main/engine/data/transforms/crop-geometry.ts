// Where torchvision, timm and the TPU EfficientNet code cut and how large they resize, with their roundings.
import { crop, type FloatPicture, flipHorizontal, type Picture } from './picture.ts'

/** height, width */
export type Size = readonly [number, number]

/** Rounds halves to the even number, as Python's round does. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

/** The size at which the shorter side is `short`; the longer one is cut to a whole number (torchvision, Resize(int)). */
export function shortSideSize([height, width]: Size, short: number): Size {
  return width <= height ? [Math.trunc((short * height) / width), short] : [short, Math.trunc((short * width) / height)]
}

/**
 * The size that keeps the shape and fits `target`: inside it (`long`) or around it (`short`), each side rounded half to
 * even (timm, ResizeKeepRatio with longest 1 or 0).
 */
export function keepRatioSize([height, width]: Size, target: Size, side: 'long' | 'short'): Size {
  const ratios = [height / target[0], width / target[1]]
  const ratio = side === 'long' ? Math.max(...ratios) : Math.min(...ratios)
  return [roundHalfEven(height / ratio), roundHalfEven(width / ratio)]
}

/**
 * The middle of a picture; a smaller one is padded with `fill`, the odd pixel to the right and below (torchvision,
 * center_crop; timm, center_crop_or_pad).
 */
export function centerCrop<P extends Picture | FloatPicture>(
  picture: P,
  [height, width]: Size,
  fill?: readonly number[],
): P {
  const start = (size: number, out: number) =>
    out > size ? -Math.floor((out - size) / 2) : roundHalfEven((size - out) / 2)
  return crop(picture, start(picture.height, height), start(picture.width, width), height, width, fill)
}

/** The corners (top left, top right, bottom left, bottom right), then the middle; the picture must be large enough. */
export function fiveCrop<P extends Picture | FloatPicture>(picture: P, [height, width]: Size): P[] {
  const [bottom, right] = [picture.height - height, picture.width - width]
  const corners = [
    [0, 0],
    [0, right],
    [bottom, 0],
    [bottom, right],
  ] as const
  return [
    ...corners.map(([top, left]) => crop(picture, top, left, height, width)),
    centerCrop(picture, [height, width]),
  ]
}

/** The five crops, then those of the mirrored picture (torchvision, TenCrop; He et al. 2015's "10-crop"). */
export function tenCrop<P extends Picture | FloatPicture>(picture: P, size: Size): P[] {
  return [...fiveCrop(picture, size), ...fiveCrop(flipHorizontal(picture), size)]
}

/**
 * The middle square of the original whose side is size / (size + padding) of the shorter one, to be resized afterwards
 * (tensorflow/tpu, efficientnet/preprocessing.py, _decode_and_center_crop, padding 32).
 */
export function paddedCenterCrop(picture: Picture, size: number, padding: number): Picture {
  // Both factors are single precision there.
  const share = Math.fround(size / (size + padding))
  const side = Math.trunc(Math.fround(share * Math.min(picture.height, picture.width)))
  const start = (whole: number) => Math.floor((whole - side + 1) / 2)
  return crop(picture, start(picture.height), start(picture.width), side, side)
}
