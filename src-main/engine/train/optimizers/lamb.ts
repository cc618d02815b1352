// LAMB (You et al. 2019) as timm's Lamb: the norm of all gradients is clipped to 1 first, the trust ratio applies only to
// parameters that decay, and the decay is part of the update that is scaled.
import * as tf from '@tensorflow/tfjs-core'
import { adamSlots } from './adam.ts'
import {
  biasCorrection,
  composedOptimizer,
  fusedUpdate,
  globalNorm,
  l2Norm,
  movingAverage,
  movingSquare,
} from './composed-optimizer.ts'
import type { OptimizerBuilder } from './optimizer.ts'

const maxGradientNorm = 1

export const lamb: OptimizerBuilder = (parameters, config) => {
  const { beta1, beta2, epsilon } = config
  return composedOptimizer(parameters, config, {
    slots: () => adamSlots,
    prepare(gradients) {
      const divisor = tf.maximum(tf.div(globalNorm(gradients), maxGradientNorm), 1)
      return gradients.map((g) => tf.div(g, divisor))
    },
    update({ value, gradient, slots, lr, weightDecay, step }) {
      const average = movingAverage(slots.exp_avg as tf.Tensor, gradient, beta1)
      const square = movingSquare(slots.exp_avg_sq as tf.Tensor, gradient, beta2)
      const direction = fusedUpdate(
        'lamb_direction',
        [epsilon, weightDecay],
        (...inputs) => {
          const [p, m, v, c1, c2] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
          const adam = tf.div(tf.div(m, c1), tf.add(tf.div(tf.sqrt(v), c2), epsilon))
          return tf.add(adam, tf.mul(p, weightDecay))
        },
        [value, average, square, biasCorrection(beta1, step), tf.sqrt(biasCorrection(beta2, step))],
      )
      const rate = weightDecay > 0 ? tf.mul(lr, trustRatio(l2Norm(value), l2Norm(direction))) : lr
      return {
        value: tf.sub(value, tf.mul(rate, direction)),
        slots: { exp_avg: average, exp_avg_sq: square },
      }
    },
  })
}

// 1 where either norm is zero.
function trustRatio(weights: tf.Tensor, update: tf.Tensor): tf.Tensor {
  const usable = tf.logicalAnd(tf.greater(weights, 0), tf.greater(update, 0))
  return tf.where(usable, tf.div(weights, update), tf.onesLike(weights))
}
