// Squeeze-and-excitation: Hu, Shen, Sun, "Squeeze-and-Excitation Networks" (2017), as two 1x1 convolutions with bias.
import * as tf from '@tensorflow/tfjs-core'
import { type Initialiser, zeros } from './initialisers.ts'
import { conv2d, globalAveragePool, type Layer } from './layers.ts'
import type { ParameterSet } from './parameters.ts'

export interface SqueezeExcitationOptions {
  /** Modules become `name`.fc1 and `name`.fc2, as in torchvision. */
  name: string
  channels: number
  squeezed: number
  initialise: Initialiser
  activation: (x: tf.Tensor) => tf.Tensor
  gate: (x: tf.Tensor) => tf.Tensor
}

/** Scales each channel by a gate computed from all channels' means. x [n, h, w, channels] -> same shape. */
export function squeezeExcitation(set: ParameterSet, options: SqueezeExcitationOptions): Layer {
  const { name, channels, squeezed, initialise, activation, gate } = options
  const fc1 = conv2d(set, {
    name: `${name}.fc1`,
    inputs: channels,
    outputs: squeezed,
    kernel: 1,
    bias: zeros,
    initialise,
  })
  const fc2 = conv2d(set, {
    name: `${name}.fc2`,
    inputs: squeezed,
    outputs: channels,
    kernel: 1,
    bias: zeros,
    initialise,
  })
  return (x, pass) => {
    const means = tf.reshape(globalAveragePool(x), [-1, 1, 1, channels])
    return tf.mul(x, gate(fc2(activation(fc1(means, pass)), pass)))
  }
}
