import { expect, test } from 'vitest'
import { runConfigSchema } from '../../shared/run-config.ts'
import type { PixelDataset } from './dataset.ts'
import { decodeRgb } from './decode-picture.ts'
import { encodePng, inputPixels } from './input-pixels.ts'
import { normalisedPixels, normalizationOf } from './normalization.ts'

const allBytes = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3))
const dataset: PixelDataset = {
  storage: 'pixels',
  summary: {
    id: 't',
    label: 'T',
    train: 1,
    test: 0,
    classes: ['a'],
    fingerprint: '',
    benchmark: false,
    skipped: [],
  },
  shape: [16, 16, 3],
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  train: { images: allBytes, labels: new Uint8Array(1), count: 1 },
  test: { images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 },
}

test.each(['channel', 'unit', 'lenet'] as const)('every byte comes back from the normalisation %s', (normalization) => {
  const map = normalizationOf(runConfigSchema.parse({ input: { normalization } }).input, dataset)
  expect(inputPixels(normalisedPixels(allBytes, map), map)).toEqual(allBytes)
})

test('zeros are the mean colour, and noise beyond the bytes is clamped', () => {
  const { input } = runConfigSchema.parse({ input: { normalization: 'channel' } })
  const map = normalizationOf(input, dataset)
  expect(inputPixels(Float32Array.of(0, 0, 0, 9, -9, 9), map)).toEqual(Uint8Array.of(124, 116, 104, 255, 0, 255))
})

test('a PNG holds the very pixels', async () => {
  const png = await encodePng(allBytes, 16, 16, 3)
  expect((await decodeRgb(png)).data).toEqual(allBytes)
})
