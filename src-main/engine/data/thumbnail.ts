// Small pictures for the eye, from a file's bytes or raw pixels.
import sharp, { type Sharp } from 'sharp'
import { decodeRgb, mostPixels, requireReadable } from './decode-picture.ts'

/** Longer side of a picture that is asked for in its own size: what a screen shows, below the limit of WebP. */
const longestSide = 4096

export interface Thumbnail {
  mime: 'image/webp' | 'image/png'
  bytes: Uint8Array
}

export interface RawPixels {
  height: number
  width: number
  channels: 1 | 3
  data: Uint8Array
}

/**
 * The picture of an encoded file within a square of `side` pixels (0: in its own size), as training sees it: not turned by EXIF,
 * transparency dropped, colour profiles ignored. Of a damaged file, what can be read. Rejects with the decoder's reason when
 * nothing can.
 */
export async function fileThumbnail(file: Uint8Array, side: number): Promise<Thumbnail> {
  const format = requireReadable(file)
  // Formats and colours that sharp does not read as training does.
  if (format === 'bmp' || format === 'netpbm') return pixelThumbnail(await decodeRgb(file), side)
  const options = { failOn: 'none', limitInputPixels: mostPixels, autoOrient: false, ignoreIcc: true } as const
  const { width, height, space } = await sharp(file, options).metadata()
  if (space === 'cmyk') return pixelThumbnail(await decodeRgb(file), side)
  const picture = sharp(file, options).removeAlpha().toColourspace('srgb')
  const { mime, encode } = scaled(picture, Math.max(width, height), side)
  return { mime, bytes: await encode() }
}

/** The same for raw pixels. */
export async function pixelThumbnail({ data, ...raw }: RawPixels, side: number): Promise<Thumbnail> {
  const { mime, encode } = scaled(sharp(data, { raw }), Math.max(raw.width, raw.height), side)
  return { mime, bytes: await encode() }
}

/** Small pictures keep every pixel: enlarged by whole numbers and stored without loss. */
function scaled(picture: Sharp, longest: number, side: number) {
  const wanted = side > 0 ? side : Math.min(longest, longestSide)
  if (longest > wanted || (side === 0 && longest > 512)) {
    const shrunk = picture.resize(wanted, wanted, { fit: 'inside', withoutEnlargement: true })
    return { mime: 'image/webp' as const, encode: () => shrunk.webp({ quality: 85 }).toBuffer() }
  }
  const size = longest * Math.floor(wanted / longest)
  const enlarged = picture.resize(size, size, { fit: 'inside', kernel: 'nearest' })
  return { mime: 'image/png' as const, encode: () => enlarged.png({ compressionLevel: 3 }).toBuffer() }
}
