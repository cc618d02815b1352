// What a student learns from a teacher's logits; neither form gives the teacher a gradient.
import * as tf from '@tensorflow/tfjs-core'
import { softmaxCrossEntropy } from './cross-entropy.ts'

/**
 * Kullback-Leibler divergence of the student's softened probabilities from the teacher's, mean over the batch, times the
 * square of the temperature (Hinton et al. 2015), as timm's logit distillation.
 * @param student [n, classes] with gradient
 * @param teacher [n, classes]
 * @returns scalar
 */
export function softDistillation(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Tensor {
  const goal = tf.logSoftmax(tf.div(teacher, temperature))
  const found = tf.logSoftmax(tf.div(student, temperature))
  const divergence = tf.sum(tf.mul(tf.exp(goal), tf.sub(goal, found)))
  return tf.mul(divergence, temperature ** 2 / (student.shape[0] ?? 1))
}

/**
 * Cross entropy with the teacher's first choice as label (Touvron et al. 2021, DeiT).
 * @param student [n, classes] with gradient
 * @param teacher [n, classes]
 * @returns scalar
 */
export function hardDistillation(student: tf.Tensor, teacher: tf.Tensor): tf.Tensor {
  const choice = tf.argMax(teacher, 1) as tf.Tensor1D
  return softmaxCrossEntropy(student, tf.oneHot(choice, student.shape[1] ?? 1, 1, 0, 'float32'))
}
