import { expect, test } from 'vitest'
import { decodeOraclePath, oraclePicture, perceptualHashOracles } from '../../../../tools/oracle/read-augmentations.ts'
import { decodeRgb } from '../decode-picture.ts'
import { edgeCorrelation, miniature, miniatureSide, perceptualHash } from './perceptual-hash.ts'

const { formula, files } = perceptualHashOracles()
const hex = (hash: Uint8Array | null) => hash && Buffer.from(hash).toString('hex')

test.each(formula)('picture $picture of $size has the hash of imagehash', ({ picture, size, hash }) => {
  expect(hex(perceptualHash(miniature(oraclePicture(picture, ...size))))).toBe(hash)
})

test.each(files)('$file has the hash of imagehash', async ({ file, hash }) => {
  expect(hex(perceptualHash(miniature(await decodeRgb(decodeOraclePath(file)))))).toBe(hash)
})

test('a grey picture has the hash of the same picture in three channels', () => {
  const { data } = oraclePicture(1, 28, 28)
  const grey = data.filter((_, i) => i % 3 === 0)
  const repeated = Uint8Array.from(data, (_, i) => grey[Math.floor(i / 3)] as number)
  const size = { height: 28, width: 28 }
  const hash = perceptualHash(miniature({ ...size, channels: 1, data: grey }))
  expect(hash).not.toBeNull()
  expect(hash).toEqual(perceptualHash(miniature({ ...size, channels: 3, data: repeated })))
})

test('a plain picture has none', () => {
  const plain = new Uint8Array(miniatureSide * miniatureSide * 3).fill(90)
  expect(perceptualHash(plain)).toBeNull()
})

const original = miniature(oraclePicture(2, 80, 100))

test('brightness, contrast and a shift by a pixel leave edges alike', () => {
  const darker = original.map((value) => 10 + value * 0.6)
  const shifted = original.map((_, i) => original[i + 3] ?? 0)
  expect(edgeCorrelation(original, original)).toBeCloseTo(1, 9)
  expect(edgeCorrelation(original, darker)).toBeGreaterThan(0.99)
  expect(edgeCorrelation(original, shifted)).toBeGreaterThan(0.99)
})

test('two things before the same sky are not alike, though most of their pixels are', () => {
  const before = (isThing: (x: number, y: number) => boolean) =>
    Uint8Array.from(original, (_, i) => {
      const [y, x] = [Math.floor(i / 3 / miniatureSide), Math.floor(i / 3) % miniatureSide]
      return isThing(x, y) ? 40 : 240 - 3 * y
    })
  const disc = before((x, y) => (x - 16) ** 2 + (y - 16) ** 2 < 50)
  const bar = before((x, y) => x > 12 && x < 20 && y > 8)
  expect(edgeCorrelation(disc, bar)).toBeLessThan(0.4)
})
