import type { PixelDataset } from './dataset.ts'
import type { Picture } from './transforms/picture.ts'

/** A colour picture of a prepared data set, without copying its pixels. */
export function storedPicture({ shape, ...sets }: PixelDataset, set: 'train' | 'test', index: number): Picture {
  const [height, width] = shape
  const bytes = height * width * 3
  return { height, width, channels: 3, data: sets[set].images.subarray(index * bytes, (index + 1) * bytes) }
}
