import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decodeRgb } from './decode-picture.ts'
import { fileThumbnail, pixelThumbnail } from './thumbnail.ts'

const oraclePicture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../tools/oracle/values/pictures/${name}`, import.meta.url)))

const sizeOf = async (bytes: Uint8Array) => {
  const { width, height } = await sharp(bytes).metadata()
  return [width, height]
}

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 90 } } })

test('a large picture fits the square, in its own shape', async () => {
  const jpeg = await plain(600, 300).jpeg().toBuffer()
  const { mime, bytes } = await fileThumbnail(jpeg, 128)
  expect(mime).toBe('image/webp')
  expect(await sizeOf(bytes)).toEqual([128, 64])
})

test('small pictures are enlarged by whole numbers, every pixel kept', async () => {
  const data = Uint8Array.of(0, 50, 100, 150, 200, 250)
  const { mime, bytes } = await pixelThumbnail({ width: 3, height: 2, channels: 1, data }, 64)
  expect([mime, await sizeOf(bytes)]).toEqual(['image/png', [63, 42]])
  const large = await decodeRgb(bytes)
  for (let y = 0; y < 42; y++) {
    for (let x = 0; x < 63; x++) {
      expect(large.data[(y * 63 + x) * 3]).toBe(data[Math.floor(y / 21) * 3 + Math.floor(x / 21)])
    }
  }
})

test.each(['rgb.png', 'grey.jpg', 'cmyk.jpg', 'turned.jpg', 'alpha.png', 'profile.jpg', 'palette.png', 'rgb-16.png'])(
  '%s is shown as training decodes it',
  async (name) => {
    const file = oraclePicture(name)
    const { mime, bytes } = await fileThumbnail(file, 0)
    expect(mime).toBe('image/png')
    expect(await decodeRgb(bytes)).toEqual(await decodeRgb(file))
  },
)

test('a picture that asks for more than a screen shows is made smaller', async () => {
  const png = await plain(5000, 100).png().toBuffer()
  expect(await sizeOf((await fileThumbnail(png, 0)).bytes)).toEqual([4096, 82])
})

test('of a file that is cut off what can be read is shown; what is no picture is refused', async () => {
  const file = oraclePicture('window-420.jpg')
  const { bytes } = await fileThumbnail(file.subarray(0, file.length - 3000), 64)
  expect(await sizeOf(bytes)).toContain(64)
  await expect(fileThumbnail(new TextEncoder().encode('no picture at all'), 64)).rejects.toThrow('no picture')
  await expect(fileThumbnail(new Uint8Array(0), 64)).rejects.toThrow('empty')
})
