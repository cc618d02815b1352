// RMSProp as TensorFlow 1 trains EfficientNet with it, and timm's RMSpropTF: epsilon inside the root, the mean square from 1
// on, and the learning rate inside the momentum.
import * as tf from '@tensorflow/tfjs-core'
import { composedOptimizer, coupledDecay, fusedUpdate, movingSquare } from './composed-optimizer.ts'
import type { OptimizerBuilder } from './optimizer.ts'

export const rmspropTf: OptimizerBuilder = (parameters, config) => {
  const { alpha, epsilon, momentum } = config
  return composedOptimizer(parameters, config, {
    slots: (): Record<string, number> => (momentum > 0 ? { square_avg: 1, momentum: 0 } : { square_avg: 1 }),
    update({ value, gradient, slots, lr, weightDecay }) {
      const g = coupledDecay(gradient, value, weightDecay)
      const square = movingSquare(slots.square_avg as tf.Tensor, g, alpha)
      const scaled = fusedUpdate(
        'rmsprop_tf_direction',
        [epsilon],
        (x, s, rate) => tf.mul(rate as tf.Tensor, tf.div(x as tf.Tensor, tf.sqrt(tf.add(s as tf.Tensor, epsilon)))),
        [g, square, lr],
      )
      const velocity = slots.momentum ? tf.add(tf.mul(slots.momentum, momentum), scaled) : scaled
      return { value: tf.sub(value, velocity), slots: { square_avg: square, momentum: velocity } }
    },
  })
}
