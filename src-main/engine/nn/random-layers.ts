// Layers that draw at random in training and do nothing otherwise.
import type * as tf from '@tensorflow/tfjs-core'
import { dropPath as dropExamples, dropout as dropValues } from '../tensorflow/ops/dropout.ts'
import type { Layer } from './layers.ts'
import type { ForwardPass, ParameterSet } from './parameters.ts'

type Drop = (x: tf.Tensor, rate: number, key: tf.Tensor) => tf.Tensor

/** torch.nn.Dropout(rate), any shape. */
export function dropout(set: ParameterSet, rate: number): Layer {
  return randomLayer(set, rate, dropValues)
}

/** Stochastic depth by example, as timm's DropPath(rate). x [n, ...] -> same shape. */
export function dropPath(set: ParameterSet, rate: number): Layer {
  return randomLayer(set, rate, dropExamples)
}

function randomLayer(set: ParameterSet, rate: number, drop: Drop): Layer {
  const stream = set.newRandomStream()
  return (x, pass) => (pass.training && rate > 0 ? drop(x, rate, keyOf(pass, stream)) : x)
}

function keyOf(pass: ForwardPass, stream: number): tf.Tensor {
  if (pass.randomKey) return pass.randomKey(stream)
  throw new TypeError('A pass that trains with dropout or drop-path needs randomKey.')
}
