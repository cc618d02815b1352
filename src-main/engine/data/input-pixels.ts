// A network's input back as a picture for the eye.
import sharp from 'sharp'
import type { Normalization } from './normalization.ts'

/**
 * The 0..255 pixels of one input [height, width, channels], rounded and clamped: for bytes that were normalised the very bytes;
 * zeros after normalisation (padding, cutout, erasing) become the mean colour.
 */
export function inputPixels(input: Float32Array, { scale, offset }: Normalization): Uint8Array {
  const pixels = new Uint8Array(input.length)
  for (let i = 0; i < input.length; i++) {
    const value = ((input[i] as number) - (offset[i % offset.length] as number)) / (scale[i % scale.length] as number)
    pixels[i] = Math.min(Math.max(Math.round(value), 0), 255)
  }
  return pixels
}

/** A PNG of raw pixels [height, width, channels]. */
export async function encodePng(data: Uint8Array, height: number, width: number, channels: 1 | 3): Promise<Uint8Array> {
  return sharp(data, { raw: { height, width, channels } }).png({ compressionLevel: 3 }).toBuffer()
}
