// What one file of a data set is: format, size and mode as stored, why it cannot be read, and traces by which copies are found.
import { createHash } from 'node:crypto'
import sharp, { type Metadata } from 'sharp'
import type { PictureExamination } from '../../../shared/dataset-views.ts'
import { readBmpHeader } from '../../formats/bmp.ts'
import { readNetpbmHeader } from '../../formats/netpbm.ts'
import { pictureFormat } from '../../formats/picture-format.ts'
import { brokenReason, decodeRgb, mostPixels, requireReadable } from '../decode-picture.ts'
import type { RawPixels } from '../thumbnail.ts'
import { miniature, perceptualHash } from './perceptual-hash.ts'
import { createPixelBudget } from './pixel-budget.ts'

/** What a picture's pixels leave behind (PictureTraces of the picture index). */
export interface PixelTraces {
  digest: Uint8Array | null
  perceptual: Uint8Array | null
  sums: number[]
  squares: number[]
  pixels: number
}

export interface ExaminedPicture {
  examination: PictureExamination
  traces: PixelTraces
}

/** A decoder that works longer on one file is left behind: seconds for any, and more for each million pixels. */
const mostSeconds = 10
const secondsPerMillion = 0.2

/** Pictures are decoded several at a time as long as all of them together have no more pixels than one may have. */
const withinBudget = createPixelBudget(mostPixels)

const noTraces: PixelTraces = { digest: null, perceptual: null, sums: [], squares: [], pixels: 0 }
const unknown: PictureExamination = {
  format: null,
  width: 0,
  height: 0,
  mode: 'other',
  depth: 0,
  alpha: false,
  frames: 1,
  orientation: 1,
  problem: null,
}

/** An examination of what could not be looked into. */
export function unexaminable(problem: string): ExaminedPicture {
  return { examination: { ...unknown, frames: 0, problem }, traces: noTraces }
}

/** True where the header alone made the picture too large to be decoded. */
export function isOversized({ width, height, problem }: PictureExamination): boolean {
  return problem !== null && width * height > mostPixels
}

/**
 * Examines a file by its bytes. Never rejects: what cannot be read has a `problem`. The header is read first, so that more than
 * 100 million pixels are refused before any memory is taken for them; a decoder that hangs is left behind after ten seconds, or
 * thirty for the largest pictures.
 */
export async function examinePicture(bytes: Uint8Array): Promise<ExaminedPicture> {
  let examination: PictureExamination = { ...unknown, format: pictureFormat(bytes) }
  try {
    requireReadable(bytes)
    examination = { ...examination, ...(await withinSeconds(mostSeconds, readHeader(bytes, examination.format))) }
    const pixels = examination.width * examination.height
    if (pixels > mostPixels) throw new Error(`${examination.width} x ${examination.height} pixels`)
    const seconds = mostSeconds + (secondsPerMillion * pixels) / 1e6
    const traces = await withinBudget(pixels, async () => tracePixels(await withinSeconds(seconds, decodeRgb(bytes))))
    return { examination, traces }
  } catch (error) {
    return { examination: { ...examination, problem: brokenReason(error, '') }, traces: noTraces }
  }
}

/** Traces of decoded pixels. The digest is a sha256 over width and height (32-bit little endian) and the pixels. */
export function tracePixels(picture: RawPixels): PixelTraces {
  const { height, width, channels, data } = picture
  const size = new Uint8Array(new Uint32Array([width, height]).buffer)
  const digest = createHash('sha256').update(size).update(data).digest()
  return { digest, perceptual: perceptualHash(miniature(picture)), ...channelSums(data, channels) }
}

/** Of raw pixels from a prepared data set. */
export function examinePixels(picture: RawPixels): ExaminedPicture {
  const { height, width, channels } = picture
  const mode = channels === 1 ? 'grey' : 'rgb'
  return { examination: { ...unknown, height, width, mode, depth: 8 }, traces: tracePixels(picture) }
}

/** Sums stay exact: even 100 million times 255 squared is far below 2^53. */
function channelSums(data: Uint8Array, channels: number): Pick<PixelTraces, 'sums' | 'squares' | 'pixels'> {
  const sums = new Array<number>(channels).fill(0)
  const squares = new Array<number>(channels).fill(0)
  for (let c = 0; c < channels; c++) {
    let [sum, square] = [0, 0]
    for (let at = c; at < data.length; at += channels) {
      const value = data[at] as number
      sum += value
      square += value * value
    }
    sums[c] = sum
    squares[c] = square
  }
  return { sums, squares, pixels: data.length / channels }
}

type Header = Omit<PictureExamination, 'format' | 'problem'>

async function readHeader(bytes: Uint8Array, format: string | null): Promise<Header> {
  const plain = { depth: 8, alpha: false, frames: 1, orientation: 1 }
  if (format === 'bmp') {
    const { width, height, bits, alpha } = readBmpHeader(bytes)
    return { ...plain, width, height, mode: bits <= 8 ? 'palette' : 'rgb', alpha }
  }
  if (format === 'netpbm') {
    const { width, height, kind, largest } = readNetpbmHeader(bytes)
    return { ...plain, width, height, mode: kind === 'colour' ? 'rgb' : 'grey', depth: largest > 255 ? 16 : 8 }
  }
  const options = { failOn: 'error', limitInputPixels: false, autoOrient: false } as const
  const found = await sharp(bytes, options).metadata()
  return {
    width: found.width,
    height: found.height,
    mode: modeOf(found),
    depth: depthOf(found),
    alpha: found.hasAlpha,
    frames: format === 'png' ? pngFrames(bytes) : (found.pages ?? 1),
    orientation: found.orientation ?? 1,
  }
}

function modeOf({ space, isPalette }: Metadata): PictureExamination['mode'] {
  if (space === 'cmyk') return 'cmyk'
  if (isPalette) return 'palette'
  if (space === 'b-w' || space === 'grey16') return 'grey'
  return space === 'srgb' || space === 'rgb' || space === 'rgb16' ? 'rgb' : 'other'
}

/** Bits of a channel as stored: samples of 10 and 12 bits count, a palette of 16 colours does not. */
function depthOf({ depth, bitsPerSample }: Metadata): number {
  const decoded = { uchar: 8, char: 8, ushort: 16, short: 16, uint: 32, int: 32, float: 32 }[depth as string] ?? 64
  return Math.max(8, decoded === 8 ? (bitsPerSample ?? 8) : decoded)
}

/** Frames of an animated PNG, which stand in a chunk before the pixels (PNG, third edition, 11.3.6.1). */
function pngFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (name === 'acTL') return view.getUint32(at + 8)
    if (name === 'IDAT') return 1
  }
  return 1
}

async function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const tooLong = () => reject(new Error(`decoding takes longer than ${Math.round(seconds)} seconds`))
    timer = setTimeout(tooLong, seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
