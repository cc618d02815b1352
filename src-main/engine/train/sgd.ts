// Stochastic gradient descent in PyTorch's form (torch.optim.SGD): g' = g + wd p; v = m v + g'; p = p - lr v, or
// p - lr (g' + m v) with Nesterov (Sutskever et al. 2013).
import * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Parameter } from '../nn/parameters.ts'
import { attr } from '../tensorflow/attributes.ts'
import { DType } from '../tensorflow/dtypes.ts'
import {
  assignVariable,
  createVariable,
  deleteVariable,
  readVariable,
  updateVariable,
  type Variable,
} from '../tensorflow/variables.ts'

/** Momentum buffers by parameter name. */
export interface SgdState {
  readonly slots: ReadonlyMap<string, Variable>
  dispose(): void
}

export function createSgdState(parameters: readonly Parameter[], config: RunConfig['optimizer']): SgdState {
  const slots = new Map<string, Variable>()
  if (config.momentum > 0) {
    for (const { name, variable } of parameters) {
      slots.set(name, createVariable(`${name}/momentum`, variable.shape, new Float32Array(variable.size)))
    }
  }
  return {
    slots,
    dispose: () => {
      for (const slot of slots.values()) deleteVariable(slot)
    },
  }
}

/** How a parameter departs from the base settings. */
export function groupOf(
  parameter: Parameter,
  config: RunConfig['optimizer'],
): { lrScale: number; weightDecay: number } {
  const lrScale = parameter.role === 'norm-bias' ? config.normBiasLrScale : 1
  const decays = config.weightDecayScope === 'all' || ['conv-weight', 'linear-weight'].includes(parameter.role)
  return { lrScale, weightDecay: decays ? config.weightDecay / lrScale : 0 }
}

/**
 * One step on every parameter. `gradients` stand in the order of `parameters`; `values` are their present values;
 * `lr` is a scalar tensor. With `finite` (a bool scalar), parameters and momentum stay as they are where it is false.
 */
export function applySgd(
  parameters: readonly Parameter[],
  values: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  lr: tf.Tensor,
  state: SgdState,
  config: RunConfig['optimizer'],
  finite: tf.Tensor | null = null,
): void {
  for (const [i, parameter] of parameters.entries()) {
    const { lrScale, weightDecay } = groupOf(parameter, config)
    const [value, raw] = [values[i] as tf.Tensor, gradients[i] as tf.Tensor]
    const gradient = weightDecay > 0 ? tf.add(raw, tf.mul(value, weightDecay)) : raw
    const rate = lrScale === 1 ? lr : tf.mul(lr, lrScale)
    const slot = state.slots.get(parameter.name) ?? null
    if (finite) stepWhere(finite, parameter.variable, slot, value, gradient, rate, config)
    else stepFused(parameter.variable, slot, gradient, rate, config)
  }
}

function stepFused(
  variable: Variable,
  slot: Variable | null,
  gradient: tf.Tensor,
  rate: tf.Tensor,
  config: RunConfig['optimizer'],
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
  config: RunConfig['optimizer'],
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
