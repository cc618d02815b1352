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

/** The fused operation on x [n, h, w, c], off the tape; `reserved` is for its gradient. */
export function fusedBatchNorm(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): BatchNormTraining & { reserved: tf.Tensor[] } {
  const empty = tf.tensor1d([], 'float32')
  const attrs = [...fusedAttrs(epsilon, true), attr.float('exponential_avg_factor', 1)]
  const outputs = rawOps('FusedBatchNormV3', attrs, [x, gamma, beta, empty, empty], 6)
  const [y, mean, variance] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor]
  return { y, mean, variance, reserved: outputs.slice(3) }
}

/** Gradients of x [n, h, w, c], gamma [c] and beta [c]. */
export function fusedBatchNormGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
  reserved: readonly tf.Tensor[],
  epsilon: number,
): tf.Tensor[] {
  return rawOps('FusedBatchNormGradV3', fusedAttrs(epsilon, true), [dy, x, gamma, ...reserved], 5).slice(0, 3)
}

/**
 * Normalises x [n, h, w, c] by the batch's own statistics, then scales by gamma [c] and shifts by beta [c]. With a
 * gradient for x, gamma and beta.
 */
export function batchNormTraining(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): BatchNormTraining {
  let mean: tf.Tensor | undefined
  let variance: tf.Tensor | undefined
  const normalise = tf.customGrad((a, b, c, save) => {
    const [input, scale, offset] = [a, b, c] as [tf.Tensor, tf.Tensor, tf.Tensor]
    const result = fusedBatchNorm(input, scale, offset, epsilon)
    mean = tf.keep(result.mean)
    variance = tf.keep(result.variance)
    ;(save as tf.GradSaveFunc)([input, scale, ...result.reserved])
    return {
      value: result.y,
      gradFunc: (dy: tf.Tensor, [x0, gamma0, ...reserved]: tf.Tensor[]) =>
        fusedBatchNormGradient(dy, x0 as tf.Tensor, gamma0 as tf.Tensor, reserved, epsilon),
    }
  }) as (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor
  const y = normalise(x, gamma, beta)
  return { y, mean: mean as unknown as tf.Tensor, variance: variance as unknown as tf.Tensor }
}

/**
 * Normalises x [n, h, w, c] by running statistics [c], which count as constants. With a gradient for x, gamma and beta, for
 * networks that train with frozen statistics.
 */
export function batchNormInference(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const normalise = tf.customGrad((a, b, c, save) => {
    const [input, scale, offset] = [a, b, c] as [tf.Tensor, tf.Tensor, tf.Tensor]
    const attrs = [...fusedAttrs(epsilon, false), attr.float('exponential_avg_factor', 1)]
    const [y] = rawOps('FusedBatchNormV3', attrs, [input, scale, offset, mean, variance], 6)
    ;(save as tf.GradSaveFunc)([input, scale, mean, variance])
    return {
      value: y as tf.Tensor,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const inputs = [dy, ...saved, tf.tensor1d([], 'float32')]
        return rawOps('FusedBatchNormGradV3', fusedAttrs(epsilon, false), inputs, 5).slice(0, 3)
      },
    }
  }) as (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor
  return normalise(x, gamma, beta)
}
