// Blocks of a network: what layer-wise rates count, and what gradient checkpointing computes again.
import type * as tf from '@tensorflow/tfjs-core'
import { recomputed } from '../tensorflow/recompute.ts'
import type { Layer } from './layers.ts'
import type { ForwardPass, Parameter, ParameterSet } from './parameters.ts'

/**
 * The layer that `build` returns as a block of the network. Its parameters share a place in the depth, one deeper than what
 * was added before. In a pass with `checkpointing` its intermediate values are computed again in the backward pass, from the
 * same random keys; running statistics move once.
 */
export function asBlock(set: ParameterSet, build: () => Layer): Layer {
  set.nextLayer()
  const first = set.all.length
  const layer = build()
  const trainable = set.all.slice(first).filter((parameter) => parameter.trainable)
  return (x, pass) => (pass.training && pass.checkpointing ? checkpointed(layer, trainable, x, pass) : layer(x, pass))
}

function checkpointed(layer: Layer, trainable: readonly Parameter[], x: tf.Tensor, pass: ForwardPass): tf.Tensor {
  let runs = 0
  const run = (...inputs: tf.Tensor[]) => {
    const values = new Map(trainable.map((parameter, i) => [parameter, inputs[i + 1] as tf.Tensor]))
    const again = runs++ > 0
    return layer(inputs[0] as tf.Tensor, {
      ...pass,
      read: (parameter) => values.get(parameter) ?? pass.read(parameter),
      onStatistics: (buffer, value) => (again ? value.dispose() : pass.onStatistics(buffer, value)),
    })
  }
  return recomputed(run, [x, ...trainable.map((parameter) => pass.read(parameter))])
}
