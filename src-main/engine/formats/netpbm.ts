// PBM, PGM and PPM, plain and raw, which libvips is built without here. Format: netpbm.sourceforge.net/doc (pbm, pgm, ppm);
// pixels as Pillow 13 reads them (PpmImagePlugin.py), but for grey with more than 8 bits, whose upper byte is taken.
import { RepriseError } from '../../shared/errors.ts'
import type { RgbPixels } from './rgb-pixels.ts'

export interface NetpbmHeader {
  kind: 'bitmap' | 'grey' | 'colour'
  plain: boolean
  width: number
  height: number
  /** Highest value of a channel; 1 for bitmaps. */
  largest: number
  /** Where the pixels begin. */
  offset: number
}

const kinds = ['bitmap', 'grey', 'colour'] as const
const isSpace = (byte: number | undefined) => byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13))
const hash = 35

const refused = (what: string) =>
  new RepriseError({ code: 'data-format', message: `Netpbm picture with ${what}`, fix: 'Save the picture as PNG.' })
const truncated = () => new RepriseError({ code: 'data-truncated', message: 'The netpbm file is truncated' })

/** Throws `data-format` or `data-truncated`. */
export function readNetpbmHeader(bytes: Uint8Array): NetpbmHeader {
  const digit = (bytes[1] ?? 0) - 48
  const kind = kinds[(digit - 1) % 3]
  if (bytes[0] !== 80 || kind === undefined || digit > 6) throw refused('another signature')
  const words = createWords(bytes, 2)
  const [width, height] = [words.number(), words.number()]
  const largest = kind === 'bitmap' ? 1 : words.number()
  if (width === 0 || height === 0) throw refused(`${width} x ${height} pixels`)
  if (largest < 1 || largest > 65_535) throw refused(`values up to ${largest}`)
  return { kind, plain: digit <= 3, width, height, largest, offset: words.at() }
}

/** Decodes to RGB. Throws `data-format` or `data-truncated`. The caller limits width and height first. */
export function decodeNetpbm(bytes: Uint8Array): RgbPixels {
  const header = readNetpbmHeader(bytes)
  const { kind, plain, width, height } = header
  const channels = kind === 'colour' ? 3 : 1
  const count = width * height * channels
  const values = plain ? plainValues(bytes, header, count) : rawValues(bytes, header, count)
  if (channels === 3) return { height, width, channels: 3, data: values }
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < values.length; i++) data.fill(values[i] as number, 3 * i, 3 * i + 3)
  return { height, width, channels: 3, data }
}

function rawValues(bytes: Uint8Array, { kind, width, height, largest, offset }: NetpbmHeader, count: number) {
  const values = new Uint8Array(count)
  if (kind === 'bitmap') {
    const stride = Math.ceil(width / 8)
    if (offset + stride * height > bytes.length) throw truncated()
    for (let i = 0; i < count; i++) {
      const [y, x] = [Math.floor(i / width), i % width]
      const byte = bytes[offset + y * stride + (x >> 3)] as number
      values[i] = (byte >> (7 - (x & 7))) & 1 ? 0 : 255
    }
    return values
  }
  const wide = largest > 255
  if (offset + count * (wide ? 2 : 1) > bytes.length) throw truncated()
  const toByte = scaleToByte(kind, largest)
  for (let i = 0; i < count; i++) {
    const at = offset + (wide ? 2 * i : i)
    values[i] = toByte(wide ? ((bytes[at] as number) << 8) | (bytes[at + 1] as number) : (bytes[at] as number))
  }
  return values
}

function plainValues(bytes: Uint8Array, { kind, largest, offset }: NetpbmHeader, count: number): Uint8Array {
  // Even without spaces every value takes a byte.
  if (count > bytes.length - offset) throw truncated()
  const values = new Uint8Array(count)
  const words = createWords(bytes, offset)
  const toByte = scaleToByte(kind, largest)
  for (let i = 0; i < count; i++) {
    const value = kind === 'bitmap' ? words.bit() : words.number()
    if (value > largest) throw refused(`a value of ${value} above ${largest}`)
    values[i] = kind === 'bitmap' ? 255 * (1 - value) : toByte(value)
  }
  return values
}

/** Values to bytes, halves to the even number as in Python. */
function scaleToByte(kind: NetpbmHeader['kind'], largest: number): (value: number) => number {
  if (largest === 255) return (value) => value
  if (kind === 'grey' && largest > 255) return (value) => roundEven(Math.min(1, value / largest) * 65_535) >> 8
  return (value) => Math.min(255, roundEven((value / largest) * 255))
}

function roundEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** Reads decimal numbers between white space and comments, which run from # to the end of their line. */
function createWords(bytes: Uint8Array, start: number) {
  let at = start
  const skip = () => {
    for (;;) {
      if (bytes[at] === hash) while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at += 1
      else if (isSpace(bytes[at])) at += 1
      else return
    }
  }
  const digit = () => {
    const value = (bytes[at] ?? 0) - 48
    if (at >= bytes.length) throw truncated()
    if (value < 0 || value > 9) throw refused(`the byte ${bytes[at]} where a digit should be`)
    at += 1
    return value
  }
  return {
    at: () => at,
    bit: () => {
      skip()
      const value = digit()
      if (value > 1) throw refused(`a bit of ${value}`)
      return value
    },
    /** The number and the one white space after it. */
    number: () => {
      skip()
      let value = digit()
      for (let digits = 1; at < bytes.length && !isSpace(bytes[at]) && bytes[at] !== hash; digits++) {
        if (digits > 10) throw refused('a number of more than 10 digits')
        value = 10 * value + digit()
      }
      if (isSpace(bytes[at])) at += 1
      return value
    },
  }
}
