// Adam (Kingma and Ba 2014) as torch.optim.Adam, with decay in the gradient.
import * as tf from '@tensorflow/tfjs-core'
import {
  biasCorrection,
  composedOptimizer,
  coupledDecay,
  fusedUpdate,
  movingAverage,
  movingSquare,
  type ParameterStep,
  type Slots,
} from './composed-optimizer.ts'
import type { OptimizerBuilder, OptimizerConfig } from './optimizer.ts'

export const adam: OptimizerBuilder = (parameters, config) =>
  composedOptimizer(parameters, config, {
    slots: () => adamSlots,
    update: (step) =>
      adamStep(
        { ...step, gradient: coupledDecay(step.gradient, step.value, step.weightDecay), weightDecay: 0 },
        config,
      ),
  })

export const adamSlots = { exp_avg: 0, exp_avg_sq: 0 }

/** One step with decoupled decay: p (1 - lr wd) - lr m^ / (sqrt(v^) + eps). */
export function adamStep(
  { value, gradient, slots, lr, weightDecay, step }: ParameterStep,
  { beta1, beta2, epsilon }: OptimizerConfig,
): { value: tf.Tensor; slots: Slots } {
  const average = movingAverage(slots.exp_avg as tf.Tensor, gradient, beta1)
  const square = movingSquare(slots.exp_avg_sq as tf.Tensor, gradient, beta2)
  const rate = tf.div(lr, biasCorrection(beta1, step))
  const root = tf.sqrt(biasCorrection(beta2, step))
  const kept = tf.sub(1, tf.mul(lr, weightDecay))
  const next = fusedUpdate(
    'adam',
    [epsilon],
    (...inputs) => {
      const [p, m, v, alpha, correction, keep] = inputs as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ]
      const direction = tf.div(m, tf.add(tf.div(tf.sqrt(v), correction), epsilon))
      return tf.sub(tf.mul(p, keep), tf.mul(alpha, direction))
    },
    [value, average, square, rate, root, kept],
  )
  return { value: next, slots: { exp_avg: average, exp_avg_sq: square } }
}
