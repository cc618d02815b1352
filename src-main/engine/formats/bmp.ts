// BMP, which libvips does not read: the forms that Pillow 13 reads, to the same pixels (BmpImagePlugin.py). Layout: Microsoft,
// "Bitmap Storage"; run lengths: [MS-WMF] 3.1.6.
import { RepriseError } from '../../shared/errors.ts'
import type { RgbPixels } from './rgb-pixels.ts'

export interface BmpHeader {
  width: number
  height: number
  /** Bits of a pixel. */
  bits: 1 | 4 | 8 | 16 | 24 | 32
  /** True where a mask sets bits apart for transparency. */
  alpha: boolean
}

interface Layout extends BmpHeader {
  compression: number
  topDown: boolean
  /** Of red, green and blue, in pixels of 16 bits and more. */
  masks: readonly [number, number, number]
  palette: { offset: number; entries: number; bytesPerEntry: 3 | 4 }
  pixels: number
}

const compressions = { none: 0, rle8: 1, rle4: 2, masks: 3 } as const
const headerSizes = [12, 40, 52, 56, 64, 108, 124]
const rgb24 = [0xff0000, 0xff00, 0xff] as const
const rgb15 = [0x7c00, 0x3e0, 0x1f] as const

const refused = (what: string) =>
  new RepriseError({ code: 'data-format', message: `BMP with ${what}`, fix: 'Save the picture as PNG.' })
const truncated = () => new RepriseError({ code: 'data-truncated', message: 'The BMP file is truncated' })

/** Throws `data-format` for a form that is not supported, `data-truncated` for a header that is not whole. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const { width, height, bits, alpha } = readLayout(bytes)
  return { width, height, bits, alpha }
}

/**
 * Decodes to RGB; transparency is dropped. Throws `data-format` or `data-truncated`. The caller limits width and height first:
 * a run-length picture may be far larger than its file.
 */
export function decodeBmp(bytes: Uint8Array): RgbPixels {
  const layout = readLayout(bytes)
  const { width, height, compression, bits } = layout
  const data = new Uint8Array(width * height * 3)
  const isRunLength = compression === compressions.rle8 || compression === compressions.rle4
  if (bits > 8) readColours(bytes, layout, data)
  else paint(layout, bytes, isRunLength ? readRuns(bytes, layout) : readPlaces(bytes, layout), data)
  return { height, width, channels: 3, data }
}

function readLayout(bytes: Uint8Array): Layout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 26) throw truncated()
  const size = view.getUint32(14, true)
  if (!headerSizes.includes(size)) throw refused(`a header of ${size} bytes`)
  if (bytes.length < 14 + size) throw truncated()
  const isCore = size === 12
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true)
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true)
  const height = Math.abs(signedHeight)
  const bits = view.getUint16(isCore ? 24 : 28, true)
  if (width <= 0 || height === 0) throw refused(`${width} x ${signedHeight} pixels`)
  if (!isDepth(bits)) throw refused(`${bits} bits a pixel`)
  const compression = isCore ? 0 : view.getUint32(30, true)
  const entries = (isCore ? 0 : view.getUint32(46, true)) || 2 ** bits
  const bytesPerEntry = isCore ? 3 : 4
  let end = 14 + size
  let found = { masks: bits === 16 ? rgb15 : rgb24, alpha: false } as Pick<Layout, 'masks' | 'alpha'>
  if (compression === compressions.masks) {
    // In a header of 40 bytes the three masks follow it; larger ones hold them, and from 56 bytes on one for transparency.
    if (bytes.length < 66) throw truncated()
    found = readMasks(view, bits, size >= 56)
    if (size === 40) end += 12
  } else if (compression !== compressions.none && !isRunsOf(compression, bits)) {
    throw refused(`compression ${compression} at ${bits} bits a pixel`)
  }
  if (bits <= 8 && entries > 65_536) throw refused(`a palette of ${entries} colours`)
  let pixels = view.getUint32(10, true) || end
  // As in Pillow: files that forget their palette in this offset.
  if (pixels === 14 + size && bits <= 8) pixels += entries * bytesPerEntry
  const palette = { offset: end, entries, bytesPerEntry } as const
  return { width, height, bits, compression, topDown: signedHeight < 0, ...found, palette, pixels }
}

const isDepth = (bits: number): bits is BmpHeader['bits'] => [1, 4, 8, 16, 24, 32].includes(bits)

const isRunsOf = (compression: number, bits: number) =>
  (compression === compressions.rle8 && bits === 8) || (compression === compressions.rle4 && bits === 4)

function readMasks(view: DataView, bits: number, hasAlphaMask: boolean): Pick<Layout, 'masks' | 'alpha'> {
  const alpha = hasAlphaMask && view.getUint32(66, true) !== 0
  const [red, green, blue] = [54, 58, 62].map((at) => view.getUint32(at, true)) as [number, number, number]
  if (bits === 32 && (red | green | blue) === 0 && !alpha) return { masks: rgb24, alpha: true }
  const known = { 16: [[0xf800, 0x7e0, 0x1f], rgb15], 24: [rgb24], 32: bytesOfPixel }[bits] ?? []
  const masks = known.find(([r, g, b]) => r === red && g === green && b === blue)
  if (masks === undefined) {
    throw refused(`masks ${[red, green, blue].map((mask) => mask.toString(16)).join(', ')} at ${bits} bits a pixel`)
  }
  return { masks: masks as [number, number, number], alpha }
}

const bytesOfPixel = [
  rgb24,
  [0xff000000, 0xff0000, 0xff00],
  [0xff000000, 0xff00, 0xff],
  [0xff, 0xff00, 0xff0000],
] as const

/** Places in the palette, in the order of the rows in the file. */
function readPlaces(bytes: Uint8Array, { width, height, bits, pixels }: Layout): Uint8Array {
  const stride = Math.ceil((width * bits) / 32) * 4
  if (pixels + stride * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length) throw truncated()
  const places = new Uint8Array(width * height)
  const perByte = 8 / bits
  const mask = 2 ** bits - 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = bytes[pixels + y * stride + Math.floor(x / perByte)] as number
      places[y * width + x] = (byte >> (8 - bits - (x % perByte) * bits)) & mask
    }
  }
  return places
}

/** Run lengths. What a jump leaves out is place 0, as in Pillow. */
function readRuns(bytes: Uint8Array, { width, height, bits, pixels }: Layout): Uint8Array {
  const places = new Uint8Array(width * height)
  const end = places.length
  let [at, out, column] = [pixels, 0, 0]
  const put = (place: number) => {
    if (out < end) places[out++] = place
  }
  const half = (byte: number, odd: boolean) => (bits === 8 ? byte : odd ? byte & 15 : byte >> 4)
  while (out < end) {
    const [count, value] = [bytes[at], bytes[at + 1]]
    if (count === undefined || value === undefined) throw truncated()
    at += 2
    if (count > 0) {
      const run = Math.min(count, Math.max(0, width - column))
      for (let i = 0; i < run; i++) put(half(value, i % 2 === 1))
      column += run
    } else if (value === 0) {
      out = Math.min(end, Math.ceil(out / width) * width)
      column = 0
    } else if (value === 1) {
      throw truncated()
    } else if (value === 2) {
      const [right, up] = [bytes[at], bytes[at + 1]]
      if (right === undefined || up === undefined) throw truncated()
      at += 2
      out = Math.min(end, out + right + up * width)
      column = out % width
    } else {
      const pixelsHere = Math.min(end - out, value)
      const length = bits === 8 ? pixelsHere : Math.ceil(pixelsHere / 2)
      if (at + length > bytes.length) throw truncated()
      for (let i = 0; i < pixelsHere; i++) put(half(bytes[at + (bits === 8 ? i : i >> 1)] as number, i % 2 === 1))
      at += length
      column += value
      at += at % 2
    }
  }
  return places
}

/** Colours of the palette; places beyond it are black. */
function paint(layout: Layout, bytes: Uint8Array, places: Uint8Array, data: Uint8Array): void {
  const { width, height, topDown, palette } = layout
  const { offset, entries, bytesPerEntry } = palette
  if (offset + entries * bytesPerEntry > bytes.length) throw truncated()
  for (let y = 0; y < height; y++) {
    const row = topDown ? y : height - 1 - y
    for (let x = 0; x < width; x++) {
      const place = places[y * width + x] as number
      if (place >= entries) continue
      const from = offset + place * bytesPerEntry
      const to = (row * width + x) * 3
      for (let c = 0; c < 3; c++) data[to + c] = bytes[from + 2 - c] as number
    }
  }
}

/** Pixels that hold their colour, each channel widened to 0..255 and cut to whole numbers as in Pillow's Unpack.c. */
function readColours(bytes: Uint8Array, layout: Layout, data: Uint8Array): void {
  const { width, height, bits, masks, topDown, pixels } = layout
  const stride = Math.ceil((width * bits) / 32) * 4
  const bytesPerPixel = bits / 8
  if (pixels + stride * (height - 1) + width * bytesPerPixel > bytes.length) throw truncated()
  const channels = masks.map((mask) => {
    const shift = 31 - Math.clz32(mask & -mask)
    return { shift, largest: mask >>> shift }
  })
  for (let y = 0; y < height; y++) {
    const row = topDown ? y : height - 1 - y
    for (let x = 0; x < width; x++) {
      const from = pixels + y * stride + x * bytesPerPixel
      let pixel = 0
      for (let i = bytesPerPixel - 1; i >= 0; i--) pixel = (pixel << 8) | (bytes[from + i] as number)
      for (const [c, { shift, largest }] of channels.entries()) {
        data[(row * width + x) * 3 + c] = Math.trunc((((pixel >>> shift) & largest) * 255) / largest)
      }
    }
  }
}
