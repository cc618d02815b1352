// Consistency between views of the same pictures (AugMix, Hendrycks et al. 2019).
import * as tf from '@tensorflow/tfjs-core'
import { softmaxCrossEntropy } from './cross-entropy.ts'

/**
 * Cross entropy of the first view, plus `alpha` times the mean Kullback-Leibler divergence of each view's probabilities from
 * their mixture, as timm's JsdCrossEntropy.
 * @param logits [splits x n, classes], one view after the other
 * @param targets [n, classes] of the first view, rows sum to one
 * @returns scalar
 */
export function jsdCrossEntropy(logits: tf.Tensor, targets: tf.Tensor, splits: number, alpha: number): tf.Tensor {
  const views = tf.split(logits, splits)
  const clean = softmaxCrossEntropy(views[0] as tf.Tensor, targets)
  const logarithms = views.map((view) => tf.logSoftmax(view))
  const probabilities = logarithms.map((x) => tf.exp(x))
  const mixture = tf.log(tf.clipByValue(tf.div(tf.addN(probabilities), splits), 1e-7, 1))
  const divergences = probabilities.map((p, i) => {
    const terms = tf.mul(p, tf.sub(logarithms[i] as tf.Tensor, mixture))
    return tf.div(tf.sum(terms), targets.shape[0] ?? 1)
  })
  return tf.add(clean, tf.mul(tf.addN(divergences), alpha / splits))
}
