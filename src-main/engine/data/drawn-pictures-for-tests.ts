// For tests: picture files of one colour, of noise, grey, and turned.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import sharp from 'sharp'

interface Drawn {
  width?: number
  height?: number
  colour?: [number, number, number]
}

/** Writes one picture of one colour; the name's ending chooses the format. */
export async function draw(path: string, { width = 8, height = 8, colour = [255, 0, 0] }: Drawn = {}): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const [r, g, b] = colour
  await sharp({ create: { width, height, channels: 3, background: { r, g, b } } }).toFile(path)
}

/** Noise of 48 x 48 pixels, which a codec cannot shorten to nothing, so that a cut loses pixels. */
export async function drawNoise(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  await sharp({ create: { width: 48, height: 48, channels: 3, noise, background: '#000' } }).toFile(path)
}

/** A grey picture of these pixels; with an EXIF orientation where one is given, which is for a JPEG. */
export async function drawGrey(path: string, side: number, pixels: Uint8Array, orientation?: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const picture = sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).toColourspace('b-w')
  const written = orientation === undefined ? picture : picture.jpeg({ quality: 100 }).withMetadata({ orientation })
  await written.toFile(path)
}
