// The compiled pixels-to-input path against the plain implementation in data/augment.ts.
import type * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { runConfigSchema } from '../../shared/run-config.ts'
import { applyAugmentation } from '../data/augment.ts'
import type { PictureShape, PixelDataset } from '../data/dataset.ts'
import { augmentationDraws, drawCount } from '../data/draws.ts'
import { type Normalization, normalizationOf } from '../data/normalization.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import { augment, normalise, padToInput } from './input-pipeline.ts'

beforeAll(startForTests)

const shape: PictureShape = [12, 10, 3]
const count = 8
const pixels = Uint8Array.from(pattern(5, count * 12 * 10 * 3), (v) => Math.round((v + 1) * 127))
const dataset: PixelDataset = {
  storage: 'pixels',
  summary: {
    id: 't',
    label: 't',
    train: count,
    test: 0,
    classes: ['a', 'b'],
    fingerprint: '',
    benchmark: false,
    skipped: [],
  },
  shape,
  mean: [0.4, 0.5, 0.6],
  std: [0.2, 0.25, 0.3],
  train: { images: pixels, labels: new Uint8Array(count), count },
  test: { images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 },
}

/** float32 output of `body` on the raw pixels and draws, traced. */
function run(body: (images: tf.Tensor, draws: tf.Tensor) => tf.Tensor, draws: Int32Array): Float32Array {
  const { runtime } = tensorFlowBackend()
  const specs = [
    { dtype: DType.uint8, shape: [count, ...shape] },
    { dtype: DType.int32, shape: [count, drawCount] },
  ]
  const compiled = compileFunction('input', specs, (images, d) => [body(images as tf.Tensor, d as tf.Tensor)])
  const ids = [
    runtime.createTensor([count, ...shape], DType.uint8, pixels),
    runtime.createTensor([count, drawCount], DType.int32, draws),
  ]
  const [output] = compiled.run(ids)
  const values = new Float32Array(runtime.readTensor(output?.id ?? -1).bytes)
  for (const id of [...ids, output?.id ?? -1]) runtime.deleteTensor(id)
  compiled.dispose()
  return values
}

function normalisedByHand({ scale, offset }: Normalization): Float32Array {
  const size = shape[0] * shape[1] * shape[2]
  return Float32Array.from(
    pixels,
    (v, i) => v * (scale[i % 3] ?? 0) + (offset.length === 3 ? (offset[i % 3] ?? 0) : (offset[i % size] ?? 0)),
  )
}

const cases = [
  { pad: 2, padMode: 'zero', flip: 'random', cutout: 0 },
  { pad: 3, padMode: 'reflect', flip: 'alternating', cutout: 0 },
  { pad: 0, padMode: 'zero', flip: 'random', cutout: 5 },
  { pad: 2, padMode: 'reflect', flip: 'random', cutout: 4 },
  { pad: 4, padMode: 'zero', flip: 'none', cutout: 3 },
  { pad: 3, padMode: 'black', flip: 'random', cutout: 0 },
  { pad: 2, padMode: 'black', flip: 'random', cutout: 4 },
] as const

test.each(cases)('pad $pad $padMode, flip $flip, cutout $cutout equals the plain implementation', (augmentation) => {
  const config = runConfigSchema.parse({ augment: augmentation })
  const normalization = normalizationOf(config.input, dataset)
  const indices = Array.from({ length: count }, (_, i) => i * 3)
  const draws = augmentationDraws(7, 1, indices, { height: shape[0], width: shape[1] }, config.augment)
  const found = run((images, d) => augment(normalise(images, normalization), d, config.augment, normalization), draws)
  const plain = normalisedByHand(normalization)
  const size = shape[0] * shape[1] * shape[2]
  for (let i = 0; i < count; i++) {
    const expected = applyAugmentation(
      plain.subarray(i * size, (i + 1) * size),
      shape,
      draws.subarray(i * drawCount, (i + 1) * drawCount),
      config.augment,
      normalization.offset,
    )
    expect(relativeError(found.subarray(i * size, (i + 1) * size), expected)).toBeLessThan(1e-6)
  }
})

test.each(['channel', 'pixel-mean', 'unit', 'lenet'] as const)(
  'normalisation %s maps bytes as its definition says',
  (kind) => {
    const normalization = normalizationOf(runConfigSchema.parse({ input: { normalization: kind } }).input, dataset)
    const found = run((images) => normalise(images, normalization), new Int32Array(count * drawCount))
    expect(relativeError(found, normalisedByHand(normalization))).toBeLessThan(1e-6)
    const size = shape[0] * shape[1] * shape[2]
    const first = pixels[0] ?? 0
    const mean = pixels.filter((_, i) => i % size === 0).reduce((a, b) => a + b, 0) / count
    const definition = {
      channel: (first / 255 - 0.4) / 0.2,
      'pixel-mean': (first - mean) / 255,
      unit: first / 255,
      lenet: (first / 255) * 1.275 - 0.1,
    }
    expect(found[0]).toBeCloseTo(definition[kind], 5)
  },
)

test('pictures smaller than the input are centred on raw zeros', () => {
  const found = run(
    (images) =>
      normalise(
        padToInput(images, shape, [16, 16]),
        normalizationOf(runConfigSchema.parse({ input: { normalization: 'unit' } }).input, dataset),
      ),
    new Int32Array(count * drawCount),
  )
  const at = (y: number, x: number, c: number) => found[(y * 16 + x) * 3 + c] ?? Number.NaN
  expect(at(0, 0, 0)).toBe(0)
  expect(at(2, 3, 1)).toBeCloseTo((pixels[1] ?? 0) / 255, 6)
  expect(at(13, 12, 2)).toBeCloseTo((pixels[12 * 10 * 3 - 1] ?? 0) / 255, 6)
})
