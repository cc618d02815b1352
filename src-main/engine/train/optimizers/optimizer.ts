// What every optimizer file exports, and what the settings mean for one parameter.
import type * as tf from '@tensorflow/tfjs-core'
import { RepriseError } from '../../../shared/errors.ts'
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
export interface ParameterGroup {
  lrScale: number
  weightDecay: number
}

/**
 * The group of each of a network's parameters. `layerDecay` follows timm's param_groups_layer_decay: the rate of a layer is
 * that of the next one, towards the head, times the decay; the weight decay follows through the rate alone. Throws
 * `config-out-of-range` for a network without layers.
 */
export function parameterGroups(
  parameters: readonly Parameter[],
  config: OptimizerConfig,
): ReadonlyMap<Parameter, ParameterGroup> {
  const { layerDecay, normBiasLrScale, weightDecay, weightDecayScope } = config
  const head = Math.max(...parameters.map(({ layer }) => layer))
  if (layerDecay < 1 && head === 0) {
    throw new RepriseError({
      code: 'config-out-of-range',
      message: 'This network has no blocks, so its layers cannot have rates of their own.',
      expected: '1',
      found: String(layerDecay),
      fix: 'Set optimizer.layerDecay to 1, or choose a network that is made of blocks.',
    })
  }
  return new Map(
    parameters.map((parameter) => {
      const own = parameter.role === 'norm-bias' ? normBiasLrScale : 1
      const decays = weightDecayScopes[weightDecayScope](parameter)
      const lrScale = own * layerDecay ** (head - parameter.layer)
      return [parameter, { lrScale, weightDecay: decays ? weightDecay / own : 0 }]
    }),
  )
}
