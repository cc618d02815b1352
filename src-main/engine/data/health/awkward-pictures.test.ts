// Files that picture folders hold besides plain JPEG: each gives the picture that Pillow gives, or a reason.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { decodeOraclePath, decodeOracles, sha256 } from '../../../../tools/oracle/read-augmentations.ts'
import type { PictureExamination } from '../../../shared/dataset-views.ts'
import { corruptions, truncations } from '../../formats/damaged-inputs.ts'
import { decodeRgb } from '../decode-picture.ts'
import { examinePicture, isOversized } from './examine-picture.ts'

const read = (file: string) => new Uint8Array(readFileSync(decodeOraclePath(file)))
const small = { width: 53, height: 37, depth: 8, alpha: false, frames: 1, orientation: 1, problem: null }
type Expected = Partial<PictureExamination>

/** What is told of files whose pixels are those of Pillow. */
const told: Record<string, Expected> = {
  'baseline-420.jpg': { ...small, format: 'jpeg', mode: 'rgb' },
  'progressive.jpg': { ...small, format: 'jpeg', mode: 'rgb' },
  'grey.jpg': { ...small, format: 'jpeg', mode: 'grey' },
  'cmyk.jpg': { ...small, format: 'jpeg', mode: 'cmyk' },
  'profile.jpg': { ...small, format: 'jpeg', mode: 'rgb' },
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [
      `orientation-${orientation}.jpg`,
      { ...small, width: 24, height: 16, format: 'jpeg', mode: 'rgb', orientation },
    ]),
  ),
  'rgb-16.png': { ...small, format: 'png', mode: 'rgb', depth: 16 },
  'grey-16.png': { ...small, format: 'png', mode: 'grey', depth: 16 },
  'alpha.png': { ...small, format: 'png', mode: 'rgb', alpha: true },
  'grey-alpha.png': { ...small, format: 'png', mode: 'grey', alpha: true },
  'palette.png': { ...small, format: 'png', mode: 'palette' },
  'palette-transparent.png': { ...small, format: 'png', mode: 'palette', alpha: true },
  'bilevel.png': { ...small, format: 'png', mode: 'grey' },
  'animated.png': { ...small, width: 24, height: 16, format: 'png', mode: 'rgb', frames: 2 },
  'wide.png': { ...small, width: 30_000, height: 2, format: 'png', mode: 'palette' },
  'plain.gif': { ...small, format: 'gif', mode: 'palette' },
  // What stays the same in the second frame is transparent there.
  'animated.gif': { ...small, width: 24, height: 16, format: 'gif', mode: 'palette', frames: 2, alpha: true },
  'lossy.webp': { ...small, format: 'webp', mode: 'rgb' },
  'lossless.webp': { ...small, format: 'webp', mode: 'rgb' },
  'alpha.webp': { ...small, format: 'webp', mode: 'rgb', alpha: true },
  'animated.webp': { ...small, width: 24, height: 16, format: 'webp', mode: 'rgb', frames: 2 },
  'rgb.tif': { ...small, format: 'tiff', mode: 'rgb' },
  'turned.tif': { ...small, format: 'tiff', mode: 'rgb', orientation: 6 },
  'cmyk.tif': { ...small, format: 'tiff', mode: 'cmyk' },
  'palette.tif': { ...small, format: 'tiff' },
  'bits-8.bmp': { ...small, format: 'bmp', mode: 'palette' },
  'runs-8.bmp': { ...small, format: 'bmp', mode: 'palette' },
  'bits-565.bmp': { ...small, format: 'bmp', mode: 'rgb' },
  'bits-24.bmp': { ...small, format: 'bmp', mode: 'rgb' },
  'raw.ppm': { ...small, format: 'netpbm', mode: 'rgb' },
  'raw.pgm': { ...small, format: 'netpbm', mode: 'grey' },
  'largest-1000.ppm': { ...small, width: 7, height: 5, format: 'netpbm', mode: 'rgb', depth: 16 },
}

const pillow = new Map(decodeOracles().map(({ file, output }) => [file, output]))

test.each(Object.entries(told))('%s is told as it is stored, with the pixels of Pillow', async (file, expected) => {
  const { examination, traces } = await examinePicture(read(file))
  expect(examination).toMatchObject(expected)
  const picture = await decodeRgb(read(file))
  expect(sha256(picture.data)).toBe(pillow.get(file)?.sha256)
  const size = new Uint8Array(new Uint32Array([picture.width, picture.height]).buffer)
  expect(traces.digest).toEqual(createHash('sha256').update(size).update(picture.data).digest())
  expect(traces.pixels).toBe(picture.width * picture.height)
  const red = picture.data.filter((_, i) => i % 3 === 0)
  expect(traces.sums[0]).toBe(red.reduce((sum, value) => sum + value, 0))
  expect(traces.squares[0]).toBe(red.reduce((sum, value) => sum + value * value, 0))
})

test('AVIF is told as it is stored', async () => {
  const { examination } = await examinePicture(read('close-444.avif'))
  expect(examination).toEqual({ ...small, format: 'avif', mode: 'rgb' })
})

const text = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0))

/** A PNG of that size with one row of pixels for all. */
function pngBomb(width: number, height: number): Uint8Array {
  const chunk = (name: string, data: Uint8Array) => {
    const body = Buffer.concat([text(name), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const pixels = deflateSync(Buffer.alloc(Math.ceil(width * 3) + 1))
  const signature = text('\x89PNG\r\n\x1a\n')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', new Uint8Array())])
}

function bmpBomb(): Uint8Array {
  const bytes = read('runs-8.bmp')
  const view = new DataView(bytes.buffer)
  view.setInt32(18, 40_000, true)
  view.setInt32(22, 40_000, true)
  return bytes
}

function gifBomb(): Uint8Array {
  const bytes = read('plain.gif')
  const view = new DataView(bytes.buffer)
  // The screen, and the frame behind the palette of 64 colours.
  const frame = bytes.indexOf(0x2c, 13 + 3 * 64)
  for (const at of [6, 8, frame + 5, frame + 7]) view.setUint16(at, 65_535, true)
  return bytes
}

const cutOff = (file: string) => {
  const bytes = read(file)
  return bytes.subarray(0, Math.floor(bytes.length * 0.6))
}

const refused: [string, Uint8Array, { format: string | null; problem: RegExp; oversized?: boolean }][] = [
  ['zero bytes', new Uint8Array(), { format: null, problem: /empty/ }],
  ['a page of text', text('<html>not found</html>'), { format: null, problem: /no picture/ }],
  ['a JPEG cut off', cutOff('baseline-444.jpg'), { format: 'jpeg', problem: /./ }],
  ['a progressive JPEG cut off', cutOff('progressive.jpg'), { format: 'jpeg', problem: /./ }],
  ['a PNG cut off', cutOff('rgb.png'), { format: 'png', problem: /./ }],
  ['a WebP cut off', cutOff('lossless.webp'), { format: 'webp', problem: /./ }],
  ['a TIFF cut off', cutOff('rgb.tif'), { format: 'tiff', problem: /./ }],
  ['a BMP cut off', cutOff('bits-24.bmp'), { format: 'bmp', problem: /truncated/ }],
  ['a PPM cut off', cutOff('raw.ppm'), { format: 'netpbm', problem: /truncated/ }],
  ['an AVIF cut off', cutOff('close-444.avif'), { format: 'avif', problem: /./ }],
  ['a signature alone', text('\xff\xd8\xff\xe0'), { format: 'jpeg', problem: /./ }],
  ['HEIC', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), { format: 'heic', problem: /HEIC cannot be read/ }],
  ['JPEG XL', text('\xff\x0a\0\0\0\0'), { format: 'jpeg-xl', problem: /JPEG-XL cannot be read/ }],
  ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), { format: 'svg', problem: /SVG cannot be read/ }],
  ['a PNG bomb', pngBomb(60_000, 60_000), { format: 'png', problem: /60000 x 60000/, oversized: true }],
  ['a BMP bomb', bmpBomb(), { format: 'bmp', problem: /40000 x 40000/, oversized: true }],
  ['a GIF bomb', gifBomb(), { format: 'gif', problem: /65535 x 65535/, oversized: true }],
  [
    'a PPM that claims a billion pixels',
    text('P5 40000 40000 255 '),
    { format: 'netpbm', problem: /40000/, oversized: true },
  ],
]

test.each(refused)('%s has a reason and no traces', async (_, bytes, { format, problem, oversized = false }) => {
  const before = process.memoryUsage.rss()
  const { examination, traces } = await examinePicture(bytes)
  expect(examination.problem).toMatch(problem)
  expect(examination.format).toBe(format)
  expect(isOversized(examination)).toBe(oversized)
  expect(traces).toEqual({ digest: null, perceptual: null, sums: [], squares: [], pixels: 0 })
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
})

describe('damaged files of every format', () => {
  const files = [
    'progressive.jpg',
    'palette.png',
    'plain.gif',
    'lossy.webp',
    'palette.tif',
    'close-420.avif',
    'runs-8.bmp',
  ]

  it.each(files)('%s is examined whatever was changed or cut', async (file) => {
    const bytes = read(file)
    for (const damaged of [...truncations(bytes, 20), ...corruptions(bytes, 60)]) {
      const { examination, traces } = await examinePicture(damaged)
      expect(examination.problem === null).toBe(traces.digest !== null)
    }
  })
})
