// RMSprop (Hinton, lecture 6e) as torch.optim.RMSprop: epsilon outside the root, rate outside the momentum.
import * as tf from '@tensorflow/tfjs-core'
import { composedOptimizer, coupledDecay, fusedUpdate, movingSquare } from './composed-optimizer.ts'
import type { OptimizerBuilder } from './optimizer.ts'

export const rmsprop: OptimizerBuilder = (parameters, config) => {
  const { alpha, epsilon, momentum } = config
  return composedOptimizer(parameters, config, {
    slots: (): Record<string, number> => (momentum > 0 ? { square_avg: 0, momentum: 0 } : { square_avg: 0 }),
    update({ value, gradient, slots, lr, weightDecay }) {
      const g = coupledDecay(gradient, value, weightDecay)
      const square = movingSquare(slots.square_avg as tf.Tensor, g, alpha)
      const direction = fusedUpdate(
        'rmsprop_direction',
        [epsilon],
        (x, s) => tf.div(x as tf.Tensor, tf.add(tf.sqrt(s as tf.Tensor), epsilon)),
        [g, square],
      )
      const velocity = slots.momentum ? tf.add(tf.mul(slots.momentum, momentum), direction) : direction
      return { value: tf.sub(value, tf.mul(lr, velocity)), slots: { square_avg: square, momentum: velocity } }
    },
  })
}
