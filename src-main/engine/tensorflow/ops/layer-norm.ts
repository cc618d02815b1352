// Layer normalisation (Ba, Kiros, Hinton 2016) with the gradient written by hand: tfjs has none that is fast.
import * as tf from '@tensorflow/tfjs-core'
import { biasGradient } from './bias-add.ts'

/**
 * Normalises each vector along the last axis to mean 0 and (biased) variance 1, then scales by gamma [c] and shifts by
 * beta [c], as torch.nn.LayerNorm. x [..., c] of rank 2 or more -> same shape, with gradients for x, gamma and beta.
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor {
  const normalise = tf.customGrad((a, b, c, save) => {
    const [input, scale, offset] = [a, b, c] as [tf.Tensor, tf.Tensor, tf.Tensor]
    const centred = tf.sub(input, tf.mean(input, -1, true))
    const inverseStd = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon))
    const normalised = tf.mul(centred, inverseStd)
    ;(save as tf.GradSaveFunc)([normalised, inverseStd, scale])
    return {
      value: tf.add(tf.mul(normalised, scale), offset),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [y, rstd, g] = saved as [tf.Tensor, tf.Tensor, tf.Tensor]
        const scaled = tf.mul(dy, g)
        const along = tf.mul(y, tf.mean(tf.mul(scaled, y), -1, true))
        const dx = tf.mul(rstd, tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), along))
        return [dx, biasGradient(tf.mul(dy, y)), biasGradient(dy)]
      },
    }
  }) as (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor
  return normalise(x, gamma, beta)
}
