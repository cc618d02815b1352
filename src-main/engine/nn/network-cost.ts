// What a network costs, counted from its own variables and its own traced graph.
import type * as tf from '@tensorflow/tfjs-core'
import { type ModelName, models } from '../../shared/registry/models.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { countMacs } from '../tensorflow/count-macs.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { evaluationPass } from './evaluation-pass.ts'
import { modelBuilders } from './model-builders.ts'

/** Trainable parameters, and multiply-accumulates of one picture's forward pass at the registered input. */
export function networkCost(name: ModelName): { params: number; macs: number } {
  const { classes, input } = models[name]
  const network = modelBuilders[name](classes, 1, { initialise: false })
  const spec = { dtype: DType.float, shape: [1, ...input] }
  const forward = compileFunction('cost', [spec], (x) => [network.forward(x as tf.Tensor, evaluationPass())])
  const cost = { params: network.parameters.trainableCount, macs: countMacs(forward.nodes) }
  forward.dispose()
  network.parameters.dispose()
  return cost
}
