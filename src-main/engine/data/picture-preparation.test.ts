// Pictures that are prepared one by one. The operations have oracles of their own; here it is which of them happen, in which
// order, by which draws, and that a setting that both ways know gives the same picture on both.
import { expect, test } from 'vitest'
import { oraclePicture } from '../../../tools/oracle/read-transforms.ts'
import { runConfigSchema } from '../../shared/run-config.ts'
import { applyAugmentation } from './augment.ts'
import { pictureDraws } from './augmentations/draw-source.ts'
import { applyOperations } from './augmentations/operations.ts'
import { type CropBox, drawResizedCrop } from './augmentations/random-resized-crop.ts'
import { drawTrivialAugmentWide } from './augmentations/torchvision-policies.ts'
import { augmentationDraws } from './draws.ts'
import { type Normalization, normalisedPixels } from './normalization.ts'
import { createBytePreparation, createPreparation, preparesBytes, uncut } from './picture-preparation.ts'
import { crop, flipHorizontal, type Picture } from './transforms/picture.ts'
import { resize } from './transforms/resample.ts'

const settings = (augment: object) => runConfigSchema.parse({ augment }).augment
const normalization: Normalization = {
  scale: Float32Array.of(1 / 50, 1 / 60, 1 / 70),
  offset: Float32Array.of(-2, -1.5, -1),
  offsetShape: [3],
}
const picture = oraclePicture(0, 37, 53)
const square: Picture = crop(picture, 0, 0, 32, 32)
const key = { seed: 3, epoch: 2, index: 11, view: 0, split: 0 }
const prepare = (augment: object, of: Picture, input: [number, number], at = key) =>
  createPreparation(settings(augment), normalization)(uncut(of), at, input)

test.each(['zero', 'black', 'reflect'] as const)(
  'pad with %s, flip and cutout give what the compiled step gives for the same draws',
  (padMode) => {
    const config = settings({ pad: 3, padMode, flip: 'random', cutout: 9 })
    for (let index = 0; index < 12; index++) {
      const draws = augmentationDraws(3, 2, [index], { height: 32, width: 32 }, config)
      const plain = normalisedPixels(square.data, normalization)
      const expected = applyAugmentation(plain, [32, 32, 3], draws, config, normalization.offset)
      expect(prepare(config, square, [32, 32], { ...key, index })).toEqual(expected)
    }
  },
)

test('a random resized crop is cut, resized, mirrored, then changed by the policy', () => {
  const augment = { crop: 'random-resized', interpolation: 'bicubic', flip: 'random', policy: 'trivial-wide' }
  const mirrored = new Set<number>()
  for (let index = 0; index < 12; index++) {
    const source = pictureDraws(3, 2, index)
    const box = drawResizedCrop(source, [37, 53], { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] })
    const resized = resize(crop(picture, box.top, box.left, box.height, box.width), 24, 20, 'bicubic')
    const flip = augmentationDraws(3, 2, [index], { height: 24, width: 20 }, settings(augment))[2] ?? 0
    mirrored.add(flip)
    const placed = flip === 1 ? flipHorizontal(resized) : resized
    const changed = applyOperations(
      placed,
      drawTrivialAugmentWide(pictureDraws(3, 2, index, 2 ** 16), 'bilinear'),
      [0, 0, 0],
    )
    const found = prepare(augment, picture, [24, 20], { ...key, index })
    expect(found).toEqual(normalisedPixels(changed.data, normalization))
  }
  expect(mirrored.size).toBe(2)
})

test('the same picture differs by epoch, view and seed, and is the same again', () => {
  const augment = { crop: 'random-resized', flip: 'random', colorJitter: [0.4, 0.4, 0.4, 0.1], erasing: 1 }
  const of = (change: object) => Buffer.from(prepare(augment, picture, [16, 16], { ...key, ...change }).buffer)
  const pictures = [{}, { epoch: 3 }, { view: 1 }, { seed: 4 }, { index: 12 }].map((c) => of(c).toString('base64'))
  expect(new Set(pictures).size).toBe(5)
  expect(of({}).toString('base64')).toBe(pictures[0])
})

test('a scale and crop keeps to its range and never leaves the picture', () => {
  const white: Picture = { height: 40, width: 60, channels: 3, data: new Uint8Array(40 * 60 * 3).fill(255) }
  const augment = { crop: 'random-crop', cropShortSide: [32, 48] }
  for (let index = 0; index < 20; index++) {
    const found = prepare(augment, white, [32, 32], { ...key, index })
    expect(Math.min(...found)).toBeGreaterThan(1)
  }
})

test('lighting shifts all pixels of a picture by one colour', () => {
  const found = prepare({ lighting: 0.1 }, square, [32, 32])
  const plain = normalisedPixels(square.data, normalization)
  for (const c of [0, 1, 2]) {
    const shifts = Array.from({ length: 32 * 32 }, (_, i) => (found[i * 3 + c] ?? 0) - (plain[i * 3 + c] ?? 0))
    expect(Math.max(...shifts) - Math.min(...shifts)).toBeLessThan(1e-5)
    expect(Math.abs(shifts[0] ?? 0)).toBeGreaterThan(1e-4)
  }
})

test('grey, jitter and erasing happen where they are certain, and not where they are off', () => {
  const plain = normalisedPixels(square.data, normalization)
  expect(prepare({}, square, [32, 32])).toEqual(plain)
  const unit: Normalization = { scale: Float32Array.of(1, 1, 1), offset: new Float32Array(3), offsetShape: [3] }
  const grey = createPreparation(settings({ grayscale: 1 }), unit)(uncut(square), key, [32, 32])
  for (let i = 0; i < grey.length; i += 3) expect([grey[i + 1], grey[i + 2]]).toEqual([grey[i], grey[i]])
  const erased = prepare({ erasing: 1 }, square, [32, 32])
  const zeros = erased.reduce((sum, value, i) => sum + (value === 0 && plain[i] !== 0 ? 1 : 0), 0)
  expect(zeros / erased.length).toBeGreaterThan(0.01)
  expect(zeros / erased.length).toBeLessThan(0.4)
})

test.each([
  { crop: 'random-resized', flip: 'random' },
  { crop: 'random-crop', cropShortSide: [32, 48], policy: 'rand-torchvision', colorJitter: [0.4, 0.4, 0.4, 0.1] },
  { crop: 'random-resized', interpolation: 'tf-bicubic', grayscale: 0.5 },
  { pad: 4, padMode: 'reflect', flip: 'random' },
])('%o is prepared as bytes that become the same input', (augment) => {
  const config = settings(augment)
  expect(preparesBytes(config)).toBe(true)
  for (let index = 0; index < 6; index++) {
    const bytes = createBytePreparation(config)(uncut(square), { ...key, index }, [32, 32])
    expect(normalisedPixels(bytes, normalization)).toEqual(prepare(config, square, [32, 32], { ...key, index }))
  }
})

test.each([
  { crop: 'random-resized', interpolation: 'tf-bicubic' },
  { pad: 4 },
  { cutout: 8 },
  { lighting: 0.1 },
  { erasing: 0.25 },
])('%o is no work on bytes alone', (augment) => {
  expect(preparesBytes(settings(augment))).toBe(false)
})

test('of a picture only the box of its random resized crop is asked for', () => {
  const boxes: CropBox[] = []
  const cut = (box: CropBox) => {
    boxes.push(box)
    return uncut(picture).cut(box)
  }
  const found = createPreparation(settings({ crop: 'random-resized' }), normalization)(
    { ...uncut(picture), cut },
    key,
    [24, 20],
  )
  expect(found).toEqual(prepare({ crop: 'random-resized' }, picture, [24, 20]))
  expect(boxes).toEqual([
    drawResizedCrop(pictureDraws(3, 2, 11), [37, 53], { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] }),
  ])
})

test('a policy setting that cannot be read is refused before the first picture', () => {
  expect(() => createPreparation(settings({ policy: 'rand-timm', policySpec: 'rand-m9-x2' }), normalization)).toThrow(
    expect.objectContaining({ code: 'config-out-of-range' }),
  )
})
