// Random masks from TensorFlow's stateless generator (Philox on every device), keyed by tensors, so that a traced step draws
// anew at each call and a key always gives the same mask.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../attributes.ts'
import { DType } from '../dtypes.ts'
import { rawOp } from './raw-op.ts'

const uniformAttrs = [attr.type('dtype', DType.float), attr.type('T', DType.int32), attr.type('Tseed', DType.int32)]

/** Bernoulli(1 - rate) / (1 - rate) of the given shape; `key` int32 [2]. No gradient. */
function scaledMask(shape: number[], rate: number, key: tf.Tensor): tf.Tensor {
  const draws = rawOp('StatelessRandomUniform', uniformAttrs, [tf.tensor1d(shape, 'int32'), key])
  return tf.mul(tf.cast(tf.greaterEqual(draws, rate), 'float32'), 1 / (1 - rate))
}

/**
 * Zeroes each value with probability `rate` and scales the rest by 1 / (1 - rate) (Srivastava et al. 2014), any shape.
 * @param key int32 [2]; the same key gives the same mask
 */
export function dropout(x: tf.Tensor, rate: number, key: tf.Tensor): tf.Tensor {
  return tf.mul(x, scaledMask(x.shape, rate, key))
}

/**
 * Stochastic depth (Huang et al. 2016): zeroes whole examples with probability `rate` and scales the rest by 1 / (1 - rate).
 * @param x [n, ...]
 * @param key int32 [2]; the same key gives the same mask
 */
export function dropPath(x: tf.Tensor, rate: number, key: tf.Tensor): tf.Tensor {
  return tf.mul(x, scaledMask([x.shape[0] ?? 1, ...x.shape.slice(1).map(() => 1)], rate, key))
}
