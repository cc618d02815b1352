// Stochastic gradient descent in PyTorch's form (torch.optim.SGD): g' = g + wd p; v = m v + g'; p = p - lr v, or
// p - lr (g' + m v) with Nesterov (Sutskever et al. 2013).
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../../tensorflow/attributes.ts'
import { DType } from '../../tensorflow/dtypes.ts'
import {
  assignVariable,
  createVariable,
  deleteVariable,
  readVariable,
  updateVariable,
  type Variable,
} from '../../tensorflow/variables.ts'
import { type OptimizerBuilder, type OptimizerConfig, type ParameterGroup, parameterGroups } from './optimizer.ts'

export const sgd: OptimizerBuilder = (parameters, config) => {
  const groups = parameterGroups(parameters, config)
  const slots = new Map<string, Variable>()
  if (config.momentum > 0) {
    for (const { name, variable } of parameters) {
      slots.set(`momentum.${name}`, createVariable(`${name}/momentum`, variable.shape, new Float32Array(variable.size)))
    }
  }
  return {
    slots,
    apply({ parameters, values, gradients, lr, finite }) {
      for (const [i, parameter] of parameters.entries()) {
        const { lrScale, weightDecay } = groups.get(parameter) as ParameterGroup
        const [value, raw] = [values[i] as tf.Tensor, gradients[i] as tf.Tensor]
        const gradient = weightDecay > 0 ? tf.add(raw, tf.mul(value, weightDecay)) : raw
        const rate = lrScale === 1 ? lr : tf.mul(lr, lrScale)
        const slot = slots.get(`momentum.${parameter.name}`) ?? null
        if (finite) stepWhere(finite, parameter.variable, slot, value, gradient, rate, config)
        else stepFused(parameter.variable, slot, gradient, rate, config)
      }
    },
    dispose: () => {
      for (const slot of slots.values()) deleteVariable(slot)
    },
  }
}

function stepFused(
  variable: Variable,
  slot: Variable | null,
  gradient: tf.Tensor,
  rate: tf.Tensor,
  config: OptimizerConfig,
): void {
  const attrs = [attr.type('T', DType.float), attr.bool('use_locking', false)]
  if (slot) {
    const momentum = tf.scalar(config.momentum)
    const nesterov = attr.bool('use_nesterov', config.nesterov)
    updateVariable('ResourceApplyMomentum', [...attrs, nesterov], [variable, slot], [rate, gradient, momentum])
  } else {
    updateVariable('ResourceApplyGradientDescent', attrs, [variable], [rate, gradient])
  }
}

// The fused operations cannot be skipped by a tensor's value, so this form selects between new and old.
function stepWhere(
  finite: tf.Tensor,
  variable: Variable,
  slot: Variable | null,
  value: tf.Tensor,
  gradient: tf.Tensor,
  rate: tf.Tensor,
  config: OptimizerConfig,
): void {
  let direction = gradient
  if (slot) {
    const old = readVariable(slot)
    const velocity = tf.add(tf.mul(old, config.momentum), gradient)
    direction = config.nesterov ? tf.add(gradient, tf.mul(velocity, config.momentum)) : velocity
    assignVariable(slot, tf.where(finite, velocity, old))
  }
  assignVariable(variable, tf.where(finite, tf.sub(value, tf.mul(rate, direction)), value))
}
