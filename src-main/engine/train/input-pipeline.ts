// Raw pixels to network input inside the compiled step: normalise, pad to the network's size, crop, mirror, cut out. The
// meaning is that of data/augment.ts, which is the oracle of its test.
import * as tf from '@tensorflow/tfjs-core'
import type { PictureShape } from '../data/dataset.ts'
import type { PlaceConfig } from '../data/draws.ts'
import type { Normalization } from '../data/normalization.ts'
import { attr } from '../tensorflow/attributes.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { castToFloat, rawOp } from '../tensorflow/ops/raw-op.ts'

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
 * Crop, mirror and cutout as one gather of pixels; a row of zeros serves the padding and the cut-out square, a black one
 * (`offset`, [c]) the padding with black.
 * @param pictures float32 [n, h, w, c], normalised
 * @param draws int32 [n, 5]: crop y, crop x, flip, cutout y, cutout x (data/draws.ts)
 */
export function augment(
  pictures: tf.Tensor,
  draws: tf.Tensor,
  config: PlaceConfig,
  { offset }: Pick<Normalization, 'offset'>,
): tf.Tensor {
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
  const outside: tf.Tensor = tf.logicalOr(
    tf.logicalOr(tf.less(row, int(0)), tf.greater(row, int(h - 1))),
    tf.logicalOr(tf.less(col, int(0)), tf.greater(col, int(w - 1))),
  )
  if (padMode === 'reflect') {
    row = reflect(row, h)
    col = reflect(col, w)
  }
  const added = (index: number) => tf.fill([n, h, w], n * h * w + index, 'int32')
  const picture = tf.mul(range(n, [n, 1, 1]), int(h * w))
  let source = tf.add(picture, tf.add(tf.mul(row, int(w)), col))
  if (pad > 0 && padMode !== 'reflect') source = tf.where(outside, added(padMode === 'black' ? 1 : 0), source)
  if (cutout > 0) {
    const inside = (at: tf.Tensor, centre: tf.Tensor) => {
      const first = tf.sub(centre, int(Math.floor(cutout / 2)))
      return tf.logicalAnd(tf.greaterEqual(at, first), tf.less(at, tf.add(first, int(cutout))))
    }
    const covered = tf.logicalAnd(inside(y, column(3)), inside(x, column(4)))
    source = tf.where(covered, added(0), source)
  }
  const black = padMode === 'black' ? [tf.tensor2d(offset, [1, c])] : []
  const pixels = tf.concat([tf.reshape(pictures, [n * h * w, c]), tf.zeros([1, c]), ...black], 0)
  return gatherRows(pixels, source)
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
