// Muon (Jordan et al. 2024) as torch.optim.Muon: the momentum of a kernel, seen as a matrix, is made nearly orthogonal by five
// Newton-Schulz steps. A convolution counts as the matrix [out, in x height x width], as in Jordan's code. Everything else
// follows AdamW at `lr` times `otherLrScale`.
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../../nn/parameters.ts'
import { adamSlots, adamStep } from './adam.ts'
import { composedOptimizer, l2Norm, movingAverage } from './composed-optimizer.ts'
import type { OptimizerBuilder, OptimizerConfig } from './optimizer.ts'

const newtonSchulz = { steps: 5, a: 3.4445, b: -4.775, c: 2.0315, epsilon: 1e-7 }

const isMatrix = ({ role, variable }: Parameter) =>
  (role === 'conv-weight' || role === 'linear-weight') && variable.shape.length > 1

export const muon: OptimizerBuilder = (parameters, config) =>
  composedOptimizer(parameters, config, {
    slots: (parameter): Record<string, number> => (isMatrix(parameter) ? { momentum: 0 } : adamSlots),
    update(step) {
      const { parameter, value, gradient, slots, lr, weightDecay } = step
      if (!isMatrix(parameter)) return adamStep({ ...step, lr: tf.mul(lr, config.otherLrScale) }, config)
      const velocity = movingAverage(slots.momentum as tf.Tensor, gradient, config.momentum)
      const direction = config.nesterov ? movingAverage(velocity, gradient, config.momentum) : velocity
      const shape = parameter.variable.shape
      const outputs = shape.at(-1) ?? 1
      const inputs = parameter.variable.size / outputs
      const orthogonal = tf.reshape(orthogonalised(tf.reshape(direction, [inputs, outputs])), [...shape])
      const kept = tf.mul(value, tf.sub(1, tf.mul(lr, weightDecay)))
      const rate = tf.mul(lr, shapeFactor(outputs, inputs, config.muonRate))
      return { value: tf.sub(kept, tf.mul(rate, orthogonal)), slots: { momentum: velocity } }
    },
  })

/** Factor on the rate of a matrix: Jordan's sqrt(max(1, out / in)), or .2 sqrt(max(out, in)) for AdamW's size of step. */
function shapeFactor(outputs: number, inputs: number, rule: OptimizerConfig['muonRate']): number {
  return rule === 'original' ? Math.sqrt(Math.max(1, outputs / inputs)) : 0.2 * Math.sqrt(Math.max(outputs, inputs))
}

/** [rows, columns] with all singular values moved near 1. The Gram matrix is taken on the shorter side. */
function orthogonalised(matrix: tf.Tensor): tf.Tensor {
  const { steps, a, b, c, epsilon } = newtonSchulz
  const [rows = 1, columns = 1] = matrix.shape
  const wide = rows <= columns
  let x = tf.div(matrix, tf.maximum(l2Norm(matrix), epsilon))
  for (let i = 0; i < steps; i++) {
    const gram = wide ? tf.matMul(x, x, false, true) : tf.matMul(x, x, true, false)
    const polynomial = tf.add(tf.mul(gram, b), tf.mul(tf.matMul(gram, gram), c))
    x = tf.add(tf.mul(x, a), wide ? tf.matMul(polynomial, x) : tf.matMul(x, polynomial))
  }
  return x
}
