// LARS (You et al. 2017) as timm's Lars: the gradient of each decaying parameter is scaled by the trust ratio
// c |p| / (|g| + wd |p| + eps), then follows SGD with momentum in PyTorch's form.
import * as tf from '@tensorflow/tfjs-core'
import { composedOptimizer, coupledDecay, l2Norm } from './composed-optimizer.ts'
import type { OptimizerBuilder } from './optimizer.ts'

export const lars: OptimizerBuilder = (parameters, config) => {
  const { momentum, nesterov, trustCoefficient, epsilon } = config
  return composedOptimizer(parameters, config, {
    slots: (): Record<string, number> => (momentum > 0 ? { momentum: 0 } : {}),
    update({ value, gradient, slots, lr, weightDecay }) {
      let direction = gradient
      if (weightDecay > 0) {
        const [p, g] = [l2Norm(value), l2Norm(gradient)]
        const ratio = tf.div(tf.mul(p, trustCoefficient), tf.add(tf.add(g, tf.mul(p, weightDecay)), epsilon))
        const usable = tf.logicalAnd(tf.greater(p, 0), tf.greater(g, 0))
        const trust = tf.where(usable, ratio, tf.onesLike(ratio))
        direction = tf.mul(coupledDecay(gradient, value, weightDecay), trust)
      }
      const old = slots.momentum
      if (!old) return { value: tf.sub(value, tf.mul(lr, direction)), slots: {} }
      const velocity = tf.add(tf.mul(old, momentum), direction)
      const moved = nesterov ? tf.add(direction, tf.mul(velocity, momentum)) : velocity
      return { value: tf.sub(value, tf.mul(lr, moved)), slots: { momentum: velocity } }
    },
  })
}
