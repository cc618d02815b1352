// Gradient accumulation: a step over several batches follows the mean of their gradients. The last step of an epoch may have
// fewer batches and takes the mean over those, as timm does.
import * as tf from '@tensorflow/tfjs-core'
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

export interface GradientSums {
  /**
   * Adds one batch's share of the mean over a step's batches. Returns the mean at the last batch, and then starts anew; the
   * sum so far before it is of no use to the caller.
   */
  add(
    parameters: readonly Parameter[],
    gradients: readonly tf.Tensor[],
    part: { index: number; of: number },
  ): readonly tf.Tensor[]
  dispose(): void
}

export function createGradientSums(parameters: readonly Parameter[]): GradientSums {
  const sums = new Map(
    parameters.map(({ name, variable }) => [
      name,
      createVariable(`${name}/gradient_sum`, variable.shape, new Float32Array(variable.size)),
    ]),
  )
  return {
    add(parameters, gradients, { index, of }) {
      if (of === 1) return gradients
      const shares = gradients.map((g) => tf.div(g, of))
      return parameters.map(({ name }, i) => {
        const [sum, share] = [sums.get(name) as Variable, shares[i] as tf.Tensor]
        if (index < of - 1) {
          updateVariable('AssignAddVariableOp', [attr.type('dtype', DType.float)], [sum], [share])
          return share
        }
        const total = tf.add(readVariable(sum), share)
        assignVariable(sum, tf.zerosLike(total))
        return total
      })
    },
    dispose: () => {
      for (const sum of sums.values()) deleteVariable(sum)
    },
  }
}
