// Lion (Chen et al. 2023) as timm's Lion: the sign of an average between momentum and gradient; decay times the rate.
import * as tf from '@tensorflow/tfjs-core'
import { composedOptimizer, fusedUpdate, movingAverage } from './composed-optimizer.ts'
import type { OptimizerBuilder } from './optimizer.ts'

export const lion: OptimizerBuilder = (parameters, config) => {
  const { beta1, beta2 } = config
  return composedOptimizer(parameters, config, {
    slots: () => ({ exp_avg: 0 }),
    update({ value, gradient, slots, lr, weightDecay }) {
      const average = slots.exp_avg as tf.Tensor
      const next = fusedUpdate(
        'lion',
        [beta1, weightDecay],
        (...inputs) => {
          const [p, m, g, rate] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
          const direction = tf.sign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)))
          return tf.sub(tf.mul(p, tf.sub(1, tf.mul(rate, weightDecay))), tf.mul(rate, direction))
        },
        [value, average, gradient, lr],
      )
      return { value: next, slots: { exp_avg: movingAverage(average, gradient, beta2) } }
    },
  })
}
