// What every optimizer file exports, and what the settings mean for one parameter.
import type * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../../shared/run-config.ts'
import type { Parameter } from '../../nn/parameters.ts'
import type { Variable } from '../../tensorflow/variables.ts'

export interface OptimizerUpdate {
  parameters: readonly Parameter[]
  /** Present values, in the order of `parameters`. */
  values: readonly tf.Tensor[]
  /** Gradients of the mean loss, in the order of `parameters`. */
  gradients: readonly tf.Tensor[]
  /** Learning rate, a scalar. */
  lr: tf.Tensor
  /** A bool scalar: where it is false, parameters and state stay as they are. Null when every step counts. */
  finite: tf.Tensor | null
}

/** The state of an optimizer and its step on every parameter; works at once and inside a trace. */
export interface Optimizer {
  /** State by name: `momentum.conv1.weight` belongs to the parameter `conv1.weight`, `step` to all. */
  readonly slots: ReadonlyMap<string, Variable>
  apply(update: OptimizerUpdate): void
  dispose(): void
}

export type OptimizerConfig = RunConfig['optimizer']
export type OptimizerBuilder = (parameters: readonly Parameter[], config: OptimizerConfig) => Optimizer

const isKernel = ({ role }: Parameter) => role === 'conv-weight' || role === 'linear-weight'
const isNorm = ({ role }: Parameter) => role === 'norm-weight' || role === 'norm-bias'

/** Which parameters decay, by `optimizer.weightDecayScope`. */
export const weightDecayScopes: Record<OptimizerConfig['weightDecayScope'], (parameter: Parameter) => boolean> = {
  all: () => true,
  // torchvision's --norm-weight-decay 0: biases decay.
  'no-norm': (parameter) => !isNorm(parameter),
  // timm's param_groups_weight_decay: no biases, nothing of one dimension, no class token, no position embedding.
  weights: (parameter) =>
    parameter.variable.shape.length > 1 && !['bias', 'embedding'].includes(parameter.role) && !isNorm(parameter),
  // big_vision's `.*/kernel$`: no class token and no position embedding either.
  kernels: isKernel,
}

/** How a parameter departs from the base settings. */
export function groupOf(parameter: Parameter, config: OptimizerConfig): { lrScale: number; weightDecay: number } {
  const lrScale = parameter.role === 'norm-bias' ? config.normBiasLrScale : 1
  const decays = weightDecayScopes[config.weightDecayScope](parameter)
  return { lrScale, weightDecay: decays ? config.weightDecay / lrScale : 0 }
}
