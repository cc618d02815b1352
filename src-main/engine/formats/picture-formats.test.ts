import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { decodeOraclePath } from '../../../tools/oracle/read-augmentations.ts'
import { decodeBmp, readBmpHeader } from './bmp.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { decodeNetpbm, readNetpbmHeader } from './netpbm.ts'
import { pictureFormat, promisedFormat } from './picture-format.ts'

const read = (file: string) => new Uint8Array(readFileSync(decodeOraclePath(file)))
const mostPixels = 1_000_000

const bitmaps = ['bits-1.bmp', 'bits-8.bmp', 'runs-8.bmp', 'bits-565.bmp', 'bits-24.bmp']
const portables = ['raw.ppm', 'raw.pbm', 'plain.ppm', 'plain.pbm', 'largest-1000.ppm']
const readers = [
  ...bitmaps.map((file) => ({ file, header: readBmpHeader, decode: decodeBmp })),
  ...portables.map((file) => ({ file, header: readNetpbmHeader, decode: decodeNetpbm })),
]

describe.each(readers)('$file', ({ file, header, decode }) => {
  /** Refused with a reason, or decoded to as many pixels as its header says. */
  const survives = (bytes: Uint8Array) => {
    try {
      const { width, height } = header(bytes)
      if (width * height > mostPixels) return
      expect(decode(bytes).data).toHaveLength(width * height * 3)
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^data-(format|truncated)$/)
    }
  }

  it('cut off is refused, unless only its end mark is missing', () => {
    const whole = decode(read(file)).data
    for (const bytes of truncations(read(file), 200)) {
      let decoded: Uint8Array | null = null
      try {
        decoded = decode(bytes).data
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/^data-(format|truncated)$/)
      }
      if (decoded !== null && !file.startsWith('plain')) expect(decoded).toEqual(whole)
    }
  })

  it('damaged is refused or decoded, and nothing else', () => {
    for (const bytes of corruptions(read(file), 500)) survives(bytes)
  })
})

test('a run-length picture that its runs do not fill is truncated', () => {
  const bytes = read('runs-8.bmp')
  const ended = bytes.slice()
  // An end mark in place of the first run.
  ended.set([0, 1], new DataView(bytes.buffer).getUint32(10, true))
  expect(() => decodeBmp(ended)).toThrow('truncated')
})

test('formats are told by content', () => {
  const head = (text: string) => Uint8Array.from(`${text}${'\0'.repeat(32)}`, (letter) => letter.charCodeAt(0))
  expect(pictureFormat(head('\0\0\0\x18ftypheic\0\0\0\0mif1heic'))).toBe('heic')
  expect(pictureFormat(head('\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf'))).toBe('avif')
  expect(pictureFormat(head('\0\0\0\x14ftypisom\0\0\0\0mp41'))).toBeNull()
  expect(pictureFormat(head('\0\0\0\x0cjP  \r\n\x87\n'))).toBe('jpeg-2000')
  expect(pictureFormat(head('<?xml version="1.0"?><svg xmlns="x">'))).toBe('svg')
  expect(pictureFormat(head('P5 a portable'))).toBe('netpbm')
  expect(pictureFormat(head('PK\x03\x04'))).toBeNull()
  expect(pictureFormat(new Uint8Array())).toBeNull()
})

test('names promise formats by their ending', () => {
  expect(promisedFormat('a.b/c.JPEG')).toBe('jpeg')
  expect(promisedFormat('folder.png/readme')).toBeNull()
  expect(promisedFormat('list.txt')).toBeNull()
})
