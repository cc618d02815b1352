// Random erasing (Zhong et al. 2017) on normalised pictures, in the two common meanings.
import { roundHalfEven, type Size } from '../transforms/crop-geometry.ts'
import { type DrawSource, drawBetween, drawInteger } from './draw-source.ts'
import type { CropBox } from './random-resized-crop.ts'

export interface RandomErasingConfig {
  reference: 'torchvision' | 'timm'
  probability: number
  /** Shares of the picture's area: 0.02..0.33 in torchvision, 0.02..1/3 in timm, divided by the number of boxes. */
  area: readonly [number, number]
  /** Height over width, 0.3..3.3 in torchvision, 0.3..1/0.3 in timm; drawn on a logarithmic scale. */
  aspect: readonly [number, number]
  /** Zeros, one normal draw for each channel of a box (timm only), or one for each value. */
  fill: 'const' | 'rand' | 'pixel'
  /** Fewest and most boxes (timm only; torchvision has one). */
  count: readonly [number, number]
}

export interface ErasedBox extends CropBox {
  /** [height, width, 3] */
  values: Float32Array
}

/** The boxes to erase, none where chance says so; each has ten tries to be smaller than the picture on both sides. */
export function drawRandomErasing(source: DrawSource, size: Size, config: RandomErasingConfig): ErasedBox[] {
  const chance = source.uniform()
  const isSkipped = config.reference === 'timm' ? chance > config.probability : chance >= config.probability
  if (isSkipped) return []
  const [fewest, most] = config.count
  const count = fewest === most ? fewest : fewest + drawInteger(source, most - fewest + 1)
  return Array.from({ length: count }, () => drawBox(source, size, config, count)).filter((box) => box !== null)
}

function drawBox(source: DrawSource, [height, width]: Size, config: RandomErasingConfig, count: number) {
  const { area, aspect, reference } = config
  for (let attempt = 0; attempt < 10; attempt++) {
    const target = (drawBetween(source, area[0], area[1]) * height * width) / count
    const shape = Math.exp(drawBetween(source, Math.log(aspect[0]), Math.log(aspect[1])))
    const h = roundHalfEven(Math.sqrt(target * shape))
    const w = roundHalfEven(Math.sqrt(target / shape))
    if (w >= width || h >= height) continue
    // torchvision draws the values before the place, timm after it.
    const before = reference === 'torchvision' ? drawValues(source, h, w, config.fill) : null
    const top = drawInteger(source, height - h + 1)
    const left = drawInteger(source, width - w + 1)
    const values = before ?? drawValues(source, h, w, config.fill)
    return { top, left, height: h, width: w, values }
  }
  return null
}

/** Drawn channel by channel, as both references lay out pictures. */
function drawValues(source: DrawSource, height: number, width: number, fill: RandomErasingConfig['fill']) {
  const values = new Float32Array(height * width * 3)
  if (fill === 'const') return values
  for (let c = 0; c < 3; c++) {
    const shared = fill === 'rand' ? source.normal() : null
    for (let i = c; i < values.length; i += 3) values[i] = shared ?? source.normal()
  }
  return values
}

/** Writes the boxes into `picture`, float32 [height, width, 3]. */
export function applyRandomErasing(picture: Float32Array, width: number, boxes: readonly ErasedBox[]): void {
  for (const box of boxes) {
    for (let y = 0; y < box.height; y++) {
      const row = box.values.subarray(y * box.width * 3, (y + 1) * box.width * 3)
      picture.set(row, ((box.top + y) * width + box.left) * 3)
    }
  }
}
