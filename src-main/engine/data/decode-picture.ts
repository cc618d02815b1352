// Pictures of any kind and size as raw bytes of one size.
import { readFile } from 'node:fs/promises'
import sharp, { type Sharp } from 'sharp'
import { decodeBmp, readBmpHeader } from '../formats/bmp.ts'
import { decodeNetpbm, readNetpbmHeader } from '../formats/netpbm.ts'
import { type PictureFormat, pictureFormat } from '../formats/picture-format.ts'
import type { Picture } from './transforms/picture.ts'

// Many pictures are decoded at once; one thread each is faster than many threads on one.
sharp.concurrency(1)

/** Larger pictures are refused before they are decoded, so that a small file cannot use up the memory. */
export const mostPixels = 100_000_000

/** libvips gives up a picture on which it works longer, so that it holds no thread. */
const mostSeconds = 30

/** sharp's build reads neither; every other format that is read here is sharp's. */
const ownFormats = {
  bmp: {
    header: (bytes: Uint8Array): PictureHeader => {
      const { width, height } = readBmpHeader(bytes)
      return { width, height, isGrey: false }
    },
    decode: decodeBmp,
  },
  netpbm: {
    header: (bytes: Uint8Array): PictureHeader => {
      const { width, height, kind } = readNetpbmHeader(bytes)
      return { width, height, isGrey: kind !== 'colour' }
    },
    decode: decodeNetpbm,
  },
}
const sharpFormats: readonly PictureFormat[] = ['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif']

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

/** The format of a file's bytes. Throws when it is none that can be decoded, naming it where it is known. */
export function requireReadable(bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) throw new Error('the file is empty')
  const format = pictureFormat(bytes)
  if (format === null) throw new Error('the content is no picture of a known format')
  if (format in ownFormats || sharpFormats.includes(format)) return format
  throw new Error(`${format.toUpperCase()} cannot be read: save the picture as JPEG or PNG`)
}

/** Reads the header only. Rejects with the decoder's reason when it is no picture that can be read. */
export async function readPictureHeader(file: string | Uint8Array): Promise<PictureHeader> {
  const bytes = await bytesOf(file)
  const format = requireReadable(bytes)
  if (format === 'bmp' || format === 'netpbm') return limited(ownFormats[format].header(bytes))
  const header = limited(await sharp(bytes, options).metadata())
  const { width, height } = header.autoOrient
  return { width, height, isGrey: header.space === 'b-w' || header.space === 'grey16' }
}

/**
 * Decodes a picture (its path or bytes) to [height, width, channels]: turned by its EXIF orientation, transparency dropped,
 * colours as sRGB, scaled to cover the size (Lanczos) and cut in the middle. A picture that has the size already keeps its pixels.
 */
export async function decodePicture(file: string | Uint8Array, target: PictureTarget): Promise<Uint8Array> {
  const picture = openPicture(await bytesOf(file))
    .removeAlpha()
    .resize(target.width, target.height, { fit: 'cover', position: 'centre' })
    .toColourspace(target.channels === 1 ? 'b-w' : 'srgb')
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels === target.channels) return data
  throw new Error(`${info.channels} channels instead of ${target.channels}`)
}

/**
 * Decodes a file (its path or bytes) to RGB in its own size, equal to Pillow 13's `Image.open(...).convert('RGB')`: turned by
 * EXIF only in TIFF, colour profiles ignored, transparency dropped, the upper byte of 16-bit colour. CMYK follows Pillow's
 * formula. Known differences: grey with 16 bits, where Pillow cuts at 255 and this takes the upper byte; transparent pixels of
 * GIF, which are black here and keep the palette's colour there; AVIF, whose colours are converted with another rounding.
 * Rejects with the decoder's reason when it is no picture that can be read.
 */
export async function decodeRgb(file: string | Uint8Array): Promise<Picture> {
  const bytes = await bytesOf(file)
  const format = requireReadable(bytes)
  if (format === 'bmp' || format === 'netpbm') return decodeOwn(format, bytes)
  const picture = sharp(bytes, { ...options, autoOrient: format === 'tiff', ignoreIcc: true })
  const { space } = await picture.metadata()
  const decoded =
    space === 'cmyk'
      ? picture.pipelineColourspace('cmyk').toColourspace('cmyk')
      : picture.removeAlpha().toColourspace('srgb')
  const raw = decoded.timeout({ seconds: mostSeconds }).raw({ depth: 'uchar' })
  const { data, info } = await raw.toBuffer({ resolveWithObject: true })
  const size = { height: info.height, width: info.width, channels: 3 } as const
  if (space === 'cmyk' && info.channels === 4) return { ...size, data: cmykToRgb(data) }
  if (info.channels !== 3) throw new Error(`${info.channels} channels instead of 3`)
  return { ...size, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
}

const bytesOf = async (file: string | Uint8Array) => (typeof file === 'string' ? await readFile(file) : file)

function limited<H extends { width: number; height: number }>(header: H): H {
  if (header.width * header.height <= mostPixels) return header
  throw new Error(`more than ${mostPixels} pixels`)
}

function decodeOwn(format: keyof typeof ownFormats, bytes: Uint8Array): Picture {
  limited(ownFormats[format].header(bytes))
  return ownFormats[format].decode(bytes)
}

/** A pipeline on the file's bytes, also of the formats that sharp does not read. */
function openPicture(bytes: Uint8Array): Sharp {
  const format = requireReadable(bytes)
  if (format !== 'bmp' && format !== 'netpbm') return sharp(bytes, options)
  const { width, height, channels, data } = decodeOwn(format, bytes)
  return sharp(data, { raw: { width, height, channels } })
}

/** Black takes from what the other inks leave, in bytes rounded as Pillow's Convert.c does. */
function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3)
  for (let i = 0, o = 0; i < cmyk.length; i += 4, o += 3) {
    const light = 255 - (cmyk[i + 3] ?? 0)
    for (let c = 0; c < 3; c++) {
      const product = (cmyk[i + c] ?? 0) * light + 128
      rgb[o + c] = light - (((product >> 8) + product) >> 8)
    }
  }
  return rgb
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
