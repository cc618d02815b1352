// What a network costs, counted from its own variables and its own traced graph.
import type * as tf from '@tensorflow/tfjs-core'
import { type ModelName, models } from '../../shared/registry/models.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { countMacs } from '../tensorflow/count-macs.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { evaluationPass } from './evaluation-pass.ts'
import { modelBuilders } from './model-builders.ts'
import type { Network } from './parameters.ts'

export interface NetworkCost {
  /** Trainable ones. */
  params: number
  /** Multiply-accumulates of one picture's forward pass. */
  macs: number
}

/** The cost of a registered network at its input and with its classes. */
export function networkCost(name: ModelName): NetworkCost {
  const { classes, input } = models[name]
  const network = modelBuilders[name](classes, 1, { initialise: false })
  const cost = costOf(network, input)
  network.parameters.dispose()
  return cost
}

/** The cost for pictures of height, width and channels `input`. */
export function costOf(network: Network, input: readonly number[]): NetworkCost {
  const spec = { dtype: DType.float, shape: [1, ...input] }
  const forward = compileFunction('cost', [spec], (x) => [network.forward(x as tf.Tensor, evaluationPass())])
  const cost = { params: network.parameters.trainableCount, macs: countMacs(forward.nodes) }
  forward.dispose()
  return cost
}
