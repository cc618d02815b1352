// Crops of random area and shape, resized to one size (Szegedy et al. 2015), as torchvision's and timm's.
import { roundHalfEven, type Size } from '../transforms/crop-geometry.ts'
import { crop, type Picture } from '../transforms/picture.ts'
import { resize } from '../transforms/resample.ts'
import type { ResampleFilter } from '../transforms/resample-plan.ts'
import { type DrawSource, drawBetween, drawInteger } from './draw-source.ts'

export interface CropBox {
  top: number
  left: number
  height: number
  width: number
}

export interface RandomResizedCropConfig {
  /** Shares of the picture's area, 0.08..1 in torchvision and timm. */
  scale: readonly [number, number]
  /** Width over height, 3/4..4/3 in both; drawn on a logarithmic scale. */
  ratio: readonly [number, number]
}

export const standardCrop: RandomResizedCropConfig = { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] }

/** Ten tries, then the largest middle box whose shape is allowed. */
export function drawResizedCrop(source: DrawSource, [height, width]: Size, config: RandomResizedCropConfig): CropBox {
  const { scale, ratio } = config
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * drawBetween(source, scale[0], scale[1])
    const shape = Math.exp(drawBetween(source, Math.log(ratio[0]), Math.log(ratio[1])))
    const w = roundHalfEven(Math.sqrt(area * shape))
    const h = roundHalfEven(Math.sqrt(area / shape))
    if (w <= 0 || w > width || h <= 0 || h > height) continue
    const top = drawInteger(source, height - h + 1)
    return { top, left: drawInteger(source, width - w + 1), height: h, width: w }
  }
  const [narrowest, widest] = [Math.min(...ratio), Math.max(...ratio)]
  const h = width / height < narrowest ? roundHalfEven(width / narrowest) : height
  const w = width / height > widest ? roundHalfEven(height * widest) : width
  return { top: Math.floor((height - h) / 2), left: Math.floor((width - w) / 2), height: h, width: w }
}

/** The box, cut and then resized, so that no pixel outside of it takes part. */
export function applyResizedCrop(
  picture: Picture,
  box: CropBox,
  [height, width]: Size,
  filter: ResampleFilter,
): Picture {
  return resize(crop(picture, box.top, box.left, box.height, box.width), height, width, filter)
}
