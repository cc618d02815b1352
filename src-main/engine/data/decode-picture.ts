// Pictures of any kind and size as raw bytes of one size.
import sharp from 'sharp'

// Many pictures are decoded at once; one thread each is faster than many threads on one.
sharp.concurrency(1)

/** Larger pictures are refused before they are decoded, so that a small file cannot use up the memory. */
const mostPixels = 100_000_000

const options = { failOn: 'error', limitInputPixels: mostPixels, autoOrient: true } as const

export interface PictureHeader {
  /** After turning by the EXIF orientation. */
  width: number
  height: number
  isGrey: boolean
}

export interface PictureTarget {
  width: number
  height: number
  channels: 1 | 3
}

/** File names that promise a picture; whether it is one is told by the content. */
export function isPictureName(name: string): boolean {
  return /\.(jpe?g|png|webp|gif|bmp|tiff?|avif|heic|ppm|pgm|pbm)$/i.test(name)
}

/** Reads the header only. Rejects with the decoder's reason when it is no picture that can be read. */
export async function readPictureHeader(path: string): Promise<PictureHeader> {
  const header = await sharp(path, options).metadata()
  if (header.width * header.height > mostPixels) throw new Error(`more than ${mostPixels} pixels`)
  const { width, height } = header.autoOrient
  return { width, height, isGrey: header.space === 'b-w' || header.space === 'grey16' }
}

/**
 * Decodes a picture to [height, width, channels]: turned by its EXIF orientation, transparency dropped, colours as sRGB,
 * scaled to cover the size (Lanczos) and cut in the middle. A picture that has the size already keeps its pixels.
 */
export async function decodePicture(path: string, target: PictureTarget): Promise<Uint8Array> {
  const picture = sharp(path, options)
    .removeAlpha()
    .resize(target.width, target.height, { fit: 'cover', position: 'centre' })
    .toColourspace(target.channels === 1 ? 'b-w' : 'srgb')
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels === target.channels) return data
  throw new Error(`${info.channels} channels instead of ${target.channels}`)
}

/** The decoder's message on one line, without the path, which is told beside it. */
export function brokenReason(error: unknown, path: string): string {
  const text = error instanceof Error ? error.message : String(error)
  return text
    .replaceAll(path, '')
    .replace(/\s+/g, ' ')
    .replace(/^[:\s]+/, '')
    .trim()
}
