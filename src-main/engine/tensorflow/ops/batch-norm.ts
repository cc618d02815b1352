// Batch normalisation by TensorFlow's fused pair (48 ms against 165 composed, ResNet-50 shapes). Like PyTorch's, the
// running variance receives the unbiased batch variance.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../attributes.ts'
import { DType } from '../dtypes.ts'
import { floatType, rawOps } from './raw-op.ts'

export interface BatchNormTraining {
  /** [n, h, w, c] */
  y: tf.Tensor
  /** Batch mean and unbiased batch variance, [c]; the caller owns both (kept out of tidy). */
  mean: tf.Tensor
  variance: tf.Tensor
}

const fusedAttrs = (epsilon: number, training: boolean) => [
  floatType,
  attr.type('U', DType.float),
  attr.float('epsilon', epsilon),
  attr.string('data_format', 'NHWC'),
  attr.bool('is_training', training),
]

/**
 * Normalises x [n, h, w, c] by the batch's own statistics, then scales by gamma [c] and shifts by beta [c]. With a
 * gradient for x, gamma and beta.
 */
export function batchNormTraining(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): BatchNormTraining {
  let mean: tf.Tensor | undefined
  let variance: tf.Tensor | undefined
  const normalise = tf.customGrad((a, b, c, save) => {
    const [input, scale, offset] = [a, b, c] as [tf.Tensor, tf.Tensor, tf.Tensor]
    const empty = tf.tensor1d([], 'float32')
    const [y, batchMean, batchVariance, r1, r2, r3] = rawOps(
      'FusedBatchNormV3',
      [...fusedAttrs(epsilon, true), attr.float('exponential_avg_factor', 1)],
      [input, scale, offset, empty, empty],
      6,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    mean = tf.keep(batchMean)
    variance = tf.keep(batchVariance)
    ;(save as tf.GradSaveFunc)([input, scale, r1, r2, r3])
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x0, gamma0, s1, s2, s3] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
        return rawOps('FusedBatchNormGradV3', fusedAttrs(epsilon, true), [dy, x0, gamma0, s1, s2, s3], 5).slice(0, 3)
      },
    }
  }) as (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor
  const y = normalise(x, gamma, beta)
  return { y, mean: mean as unknown as tf.Tensor, variance: variance as unknown as tf.Tensor }
}

/** Normalises x [n, h, w, c] by running statistics [c]; no gradient. */
export function batchNormInference(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const attrs = [...fusedAttrs(epsilon, false), attr.float('exponential_avg_factor', 1)]
  const outputs = rawOps('FusedBatchNormV3', attrs, [x, gamma, beta, mean, variance], 6)
  return outputs[0] as tf.Tensor
}
