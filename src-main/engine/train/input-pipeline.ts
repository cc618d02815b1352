// Raw pixels to network input inside the compiled step: normalise, pad to the network's size, crop, mirror, cut out. The
// meaning is that of data/augment.ts, which is the oracle of its test.
import * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset, PictureShape } from '../data/dataset.ts'
import { attr } from '../tensorflow/attributes.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { castToFloat, rawOp } from '../tensorflow/ops/raw-op.ts'

/** Affine map of raw bytes: x * scale + offset, per channel or per pixel. */
export interface Normalization {
  /** [c] */
  scale: Float32Array
  /** [c] or [h, w, c] */
  offset: Float32Array
  offsetShape: readonly number[]
}

// LeCun et al. 1998: background -0.1, foreground 1.175, so that the mean is about 0 and the variance about 1.
const lenetScale = 1.275 / 255
const lenetOffset = -0.1

/** The normalisation that a config asks for, on the pixels of `dataset`. */
export function normalizationOf(config: RunConfig['input'], dataset: Dataset): Normalization {
  const channels = dataset.shape[2]
  const filled = (value: number) => new Float32Array(channels).fill(value)
  switch (config.normalization) {
    case 'lenet':
      return { scale: filled(lenetScale), offset: filled(lenetOffset), offsetShape: [channels] }
    case 'unit':
      return { scale: filled(1 / 255), offset: filled(0), offsetShape: [channels] }
    case 'pixel-mean': {
      const mean = pixelMean(dataset)
      return { scale: filled(1 / 255), offset: mean.map((v) => -v / 255), offsetShape: dataset.shape }
    }
    case 'channel': {
      const mean = config.mean.length === channels ? config.mean : dataset.mean
      const std = config.std.length === channels ? config.std : dataset.std
      const scale = Float32Array.from({ length: channels }, (_, c) => 1 / (255 * (std[c] ?? 1)))
      const offset = Float32Array.from({ length: channels }, (_, c) => -(mean[c] ?? 0) / (std[c] ?? 1))
      return { scale, offset, offsetShape: [channels] }
    }
  }
}

/** Mean training picture in raw units, [h, w, c]. */
function pixelMean({ train, shape }: Dataset): Float32Array {
  const size = shape[0] * shape[1] * shape[2]
  const sums = new Float64Array(size)
  for (let start = 0; start < train.images.length; start += size) {
    for (let i = 0; i < size; i++) sums[i] = (sums[i] ?? 0) + (train.images[start + i] ?? 0)
  }
  return Float32Array.from(sums, (sum) => sum / train.count)
}

/** images uint8 [n, h, w, c] -> float32 [n, h, w, c] */
export function normalise(images: tf.Tensor, normalization: Normalization): tf.Tensor {
  const scaled = tf.mul(castToFloat(images, DType.uint8), tf.tensor1d(normalization.scale))
  return tf.add(scaled, tf.tensor(normalization.offset, [...normalization.offsetShape]))
}

/** Centres pictures [n, h, w, c] in the network's height and width, with raw pixel 0 around them. uint8 in and out. */
export function padToInput(images: tf.Tensor, shape: PictureShape, input: readonly [number, number]): tf.Tensor {
  const [top, left] = [Math.floor((input[0] - shape[0]) / 2), Math.floor((input[1] - shape[1]) / 2)]
  if (top === 0 && left === 0) return images
  const paddings = tf.tensor2d(
    [0, 0, top, input[0] - shape[0] - top, left, input[1] - shape[1] - left, 0, 0],
    [4, 2],
    'int32',
  )
  return rawOp('Pad', [attr.type('T', DType.uint8), attr.type('Tpaddings', DType.int32)], [images, paddings])
}

/**
 * Crop, mirror and cutout as one gather of pixels; a row of zeros serves the padding and the cut-out square.
 * @param pictures float32 [n, h, w, c], normalised
 * @param draws int32 [n, 5]: crop y, crop x, flip, cutout y, cutout x (data/draws.ts)
 */
export function augment(pictures: tf.Tensor, draws: tf.Tensor, config: RunConfig['augment']): tf.Tensor {
  const { pad, padMode, flip, cutout } = config
  if (pad === 0 && flip === 'none' && cutout === 0) return pictures
  const [n = 0, h = 0, w = 0, c = 0] = pictures.shape
  const column = (index: number) => tf.reshape(tf.slice(draws, [0, index], [n, 1]), [n, 1, 1])
  const int = (value: number) => tf.scalar(value, 'int32')
  const range = (size: number, shape: number[]) =>
    tf.reshape(
      tf.tensor1d(
        Int32Array.from({ length: size }, (_, i) => i),
        'int32',
      ),
      shape,
    )
  // [1, h, 1] and [1, 1, w]
  const [y, x] = [range(h, [1, h, 1]), range(w, [1, 1, w])]
  const mirrored = tf.equal(column(2), int(1))
  // [n, h, 1] and [n, 1, w]: the row and column that each output pixel comes from
  let row = tf.add(y, tf.sub(column(0), int(pad)))
  let col = tf.add(tf.where(mirrored, tf.sub(int(w - 1), x), x), tf.sub(column(1), int(pad)))
  let outside: tf.Tensor = tf.logicalOr(
    tf.logicalOr(tf.less(row, int(0)), tf.greater(row, int(h - 1))),
    tf.logicalOr(tf.less(col, int(0)), tf.greater(col, int(w - 1))),
  )
  if (padMode === 'reflect') {
    row = reflect(row, h)
    col = reflect(col, w)
    outside = tf.zeros([n, h, w], 'bool')
  }
  if (cutout > 0) {
    const inside = (at: tf.Tensor, centre: tf.Tensor) => {
      const first = tf.sub(centre, int(Math.floor(cutout / 2)))
      return tf.logicalAnd(tf.greaterEqual(at, first), tf.less(at, tf.add(first, int(cutout))))
    }
    outside = tf.logicalOr(outside, tf.logicalAnd(inside(y, column(3)), inside(x, column(4))))
  }
  const picture = tf.mul(range(n, [n, 1, 1]), int(h * w))
  const source = tf.add(picture, tf.add(tf.mul(row, int(w)), col))
  const index =
    padMode === 'reflect' && cutout === 0 ? source : tf.where(outside, tf.fill([n, h, w], n * h * w, 'int32'), source)
  const pixels = tf.concat([tf.reshape(pictures, [n * h * w, c]), tf.zeros([1, c])], 0)
  return gatherRows(pixels, index)
}

// Reflection without repeating the border: -1 -> 1, size -> size - 2.
function reflect(at: tf.Tensor, size: number): tf.Tensor {
  const last = tf.scalar(size - 1, 'int32')
  return tf.sub(last, tf.abs(tf.sub(last, tf.abs(at))))
}

/** rows [m, c], index int32 [n, h, w] -> [n, h, w, c]; tf.gather would read the index back to check its range. */
function gatherRows(rows: tf.Tensor, index: tf.Tensor): tf.Tensor {
  const attrs = [
    attr.type('Tparams', DType.float),
    attr.type('Tindices', DType.int32),
    attr.type('Taxis', DType.int32),
    attr.int('batch_dims', 0),
  ]
  return rawOp('GatherV2', attrs, [rows, index, tf.scalar(0, 'int32')])
}
