import { expect, test } from 'vitest'
import { oraclePicture, storedPicture, transformOracles } from '../../../../tools/oracle/read-transforms.ts'
import { centerCrop, fiveCrop, tenCrop } from './crop-geometry.ts'
import {
  applyEvaluationTransform,
  applyGeometry,
  describeEvaluationTransform,
  type EvaluationGeometry,
  imagenetNormalization,
  symmetricNormalization,
  timmGeometry,
  toFloat,
} from './evaluation-transform.ts'
import { resizeTensorflow } from './tensorflow-resize.ts'

const { evaluation, crops, normalisation } = transformOracles()

function geometryOf(oracle: (typeof evaluation)[number]): EvaluationGeometry {
  const { crop } = oracle
  switch (oracle.source) {
    case 'torchvision':
      return { mode: 'center', resize: oracle.resize, crop }
    case 'timm':
      return timmGeometry(crop, oracle.fraction, oracle.mode)
    case 'tpu':
      return { mode: 'crop-first', size: crop[0], padding: oracle.padding }
  }
}

test.each(evaluation)('$source, $size to $crop, $filter: every pixel equal', (oracle) => {
  const source = oraclePicture(oracle.picture, ...oracle.size)
  expect(applyGeometry(source, geometryOf(oracle), oracle.filter)).toEqual(storedPicture(oracle.output))
})

test('every geometry has an oracle', () => {
  expect(new Set(evaluation.map((oracle) => geometryOf(oracle).mode))).toEqual(
    new Set(['center', 'squash', 'border', 'crop-first']),
  )
})

test('five, ten and centre crops are those of torchvision', () => {
  const source = oraclePicture(crops.picture, ...crops.size)
  expect(fiveCrop(source, crops.crop)).toEqual(crops.five.map(storedPicture))
  expect(tenCrop(source, crops.crop)).toEqual(crops.ten.map(storedPicture))
  for (const { crop, output } of crops.center) expect(centerCrop(source, crop)).toEqual(storedPicture(output))
})

test.each(normalisation)('x / $divisor, mean $mean: float32 equal to the bit', ({ float32, ...normalization }) => {
  const bytes = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3))
  const result = toFloat({ height: 16, width: 16, channels: 3, data: bytes }, normalization)
  expect(Buffer.from(result.buffer).toString('base64')).toBe(float32)
})

test('a transform composes the steps and describes them', () => {
  const geometry = timmGeometry([224, 224], 0.95, 'center')
  const transform = { geometry, filter: 'bicubic', normalization: imagenetNormalization } as const
  expect(describeEvaluationTransform(transform)).toBe(
    'shorter side to 235 (bicubic), middle 224 x 224, x / 255, minus 0.485 0.456 0.406, over 0.229 0.224 0.225',
  )
  const source = oraclePicture(0, 37, 53)
  const expected = toFloat(applyGeometry(source, geometry, 'bicubic'), imagenetNormalization)
  expect(applyEvaluationTransform(source, transform)).toEqual(expected)
})

test('values of TensorFlow’s resizing reach the network unrounded, around 0 in BGR as Caffe’s networks take them', () => {
  const caffe = { divisor: 1, mean: [103.939, 116.779, 123.68], std: [1, 1, 1], order: 'bgr' } as const
  const transform = {
    geometry: { mode: 'squash', resize: [20, 30], crop: [16, 16] },
    filter: 'tf-bilinear',
    normalization: caffe,
  } as const
  expect(describeEvaluationTransform(transform)).toBe(
    'squashed to 20 x 30 (tf-bilinear), middle 16 x 16, BGR, x / 1, minus 103.939 116.779 123.68, over 1 1 1',
  )
  const source = oraclePicture(0, 37, 53)
  const resized = resizeTensorflow(source, 20, 30, 'bilinear')
  const result = applyEvaluationTransform(source, transform)
  // Rows and columns 2 to 17 and 7 to 22 are the middle.
  for (const [row, column] of [
    [0, 0],
    [15, 3],
    [7, 15],
  ] as const) {
    for (const c of [0, 1, 2] as const) {
      const pixel = resized[((row + 2) * 30 + column + 7) * 3 + 2 - c] ?? Number.NaN
      expect(result[(row * 16 + column) * 3 + c]).toBeCloseTo(pixel - caffe.mean[c], 4)
    }
  }
})

test('a picture of bytes and the same in floats are normalised alike', () => {
  const { data, ...shape } = oraclePicture(0, 8, 9)
  const floats = { ...shape, data: Float32Array.from(data) }
  expect(toFloat(floats, imagenetNormalization)).toEqual(toFloat({ ...shape, data }, imagenetNormalization))
})

test('symmetric normalisation spans -1 to 1', () => {
  const picture = { height: 1, width: 1, channels: 3, data: Uint8Array.of(0, 255, 51) } as const
  const [black, white, fifth] = toFloat(picture, symmetricNormalization)
  expect([black, white]).toEqual([-1, 1])
  expect(fifth).toBeCloseTo(-0.6, 6)
})
