// Windows of JPEG files by TensorFlow's decoder, with the pixels that Pillow gives.
import type { CropBox } from '../data/augmentations/random-resized-crop.ts'
import { mostPixels } from '../data/decode-picture.ts'
import type { Picture } from '../data/transforms/picture.ts'
import type { JpegHeader } from '../formats/jpeg-header.ts'
import type { JpegDecoder } from '../tensorflow/jpeg-decoder.ts'

/**
 * Whether TensorFlow decodes a file as Pillow does: not with four components, which it turns into RGB in its own way, and not
 * what its libjpeg was built without. Pictures that are refused for their size are left to the decoder that refuses them.
 */
export function isDecodedAlike({ width, height, components, depth, coding }: JpegHeader): boolean {
  const isKnown = (components === 1 || components === 3) && depth === 8 && coding !== 'other'
  return isKnown && width * height <= mostPixels
}

/** Smooth upsampling looks at the neighbours of each colour sample, which stand for up to four pixels. */
const margin = 4

/** Takes the pixels of every window that is not huge, one after the other. */
let kept = new Uint8Array(0)
const mostKeptBytes = 2 ** 26

/**
 * The window of a file, equal to that part of the whole picture. Its pixels are valid until the next call. Throws
 * `tensorflow-op` with the decoder's reason.
 */
export function decodeJpegWindow(decoder: JpegDecoder, file: Uint8Array, header: JpegHeader, box: CropBox): Picture {
  const [above, below] = widened(box.top, box.height, header.height, header.unit.height)
  const [before, after] = widened(box.left, box.width, header.width, header.unit.width)
  const [height, width] = [below - above, after - before]
  const bytes = height * width * 3
  const pixels = kept.length >= bytes ? kept : new Uint8Array(bytes)
  if (bytes <= mostKeptBytes) kept = pixels
  decoder.decode(file, { top: above, left: before, height, width }, pixels)
  const row = box.width * 3
  // The margin is closed up from the first row on, so that no row is overwritten before it has moved.
  for (let y = 0; y < box.height; y++) {
    const from = ((y + box.top - above) * width + box.left - before) * 3
    pixels.copyWithin(y * row, from, from + row)
  }
  return { height: box.height, width: box.width, channels: 3, data: pixels.subarray(0, box.height * row) }
}

/** Start and end on an axis with a margin, the start at a unit of the file, where the decoder begins anyway. */
function widened(start: number, length: number, size: number, unit: number): [number, number] {
  return [Math.max(Math.floor((start - margin) / unit) * unit, 0), Math.min(start + length + margin, size)]
}
