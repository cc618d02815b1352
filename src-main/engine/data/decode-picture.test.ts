import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closeOracles, decodeOraclePath, decodeOracles, summarised } from '../../../tools/oracle/read-augmentations.ts'
import { decodePicture, decodeRgb, readPictureHeader } from './decode-picture.ts'

test.each(decodeOracles())('$file decodes to the bytes of Pillow', async ({ file, output }) => {
  const path = decodeOraclePath(file)
  expect(summarised(await decodeRgb(path))).toEqual(output)
  expect(summarised(await decodeRgb(readFileSync(path)))).toEqual(output)
})

test.each(closeOracles())('$file decodes to nearly the pixels of Pillow', async ({ file, output }) => {
  const { height, width, data } = await decodeRgb(decodeOraclePath(file))
  const expected = Buffer.from(output.base64, 'base64')
  expect([height, width, 3]).toEqual(output.shape)
  const differences = Array.from(data, (value, i) => Math.abs(value - (expected[i] as number)))
  expect(differences.reduce((sum, value) => sum + value, 0) / data.length).toBeLessThan(tolerance[file]?.mean ?? 0)
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance[file]?.most ?? 0)
})

/** Of 255. Chroma at half size is interpolated by other weights. */
const tolerance: Record<string, { mean: number; most: number }> = {
  'close-444.avif': { mean: 0.5, most: 2 },
  'close-420.avif': { mean: 2.5, most: 16 },
}

test('a file that is no picture is refused', async () => {
  await expect(decodeRgb(new TextEncoder().encode('no picture'))).rejects.toThrow('no picture of a known format')
  await expect(decodeRgb(new Uint8Array())).rejects.toThrow('empty')
})

test('formats that sharp does not read are scaled as the others are', async () => {
  const [bitmap, portable] = ['bits-24.bmp', 'raw.pgm'].map(decodeOraclePath) as [string, string]
  expect(await readPictureHeader(bitmap)).toEqual({ width: 53, height: 37, isGrey: false })
  expect(await readPictureHeader(portable)).toEqual({ width: 53, height: 37, isGrey: true })
  const own = await decodePicture(bitmap, { width: 53, height: 37, channels: 3 })
  expect(own).toEqual(Buffer.from((await decodeRgb(bitmap)).data))
  expect(await decodePicture(portable, { width: 8, height: 8, channels: 1 })).toHaveLength(64)
})
