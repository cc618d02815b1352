// The unit that mobile networks are built of: a convolution without bias, batch normalisation, an activation.
import type * as tf from '@tensorflow/tfjs-core'
import type { Initialiser } from './initialisers.ts'
import { batchNorm, conv2d, type Layer, sequential } from './layers.ts'
import type { ParameterSet } from './parameters.ts'

/** What all units of a network share. */
export interface ConvNormStyle {
  /** Initial weights of a convolution with so many groups. */
  initialise: (groups: number) => Initialiser
  epsilon: number
  momentum: number
  /** TensorFlow's SAME padding, or zeros of half the kernel on each side. */
  padding: 'same' | 'symmetric'
}

export interface ConvNormShape {
  /** Names of the two modules. */
  conv: string
  norm: string
  inputs: number
  outputs: number
  kernel: number
  stride?: number
  groups?: number
  activation?: (x: tf.Tensor) => tf.Tensor
}

/** x [n, h, w, inputs] -> [n, ceil(h / stride), ceil(w / stride), outputs] */
export function convNorm(set: ParameterSet, style: ConvNormStyle, shape: ConvNormShape): Layer {
  const { conv, norm, inputs, outputs, kernel, stride = 1, groups = 1, activation } = shape
  const padding = style.padding === 'same' ? 'same' : (kernel - 1) / 2
  const initialise = style.initialise(groups)
  return sequential([
    conv2d(set, { name: conv, inputs, outputs, kernel, stride, groups, padding, initialise }),
    batchNorm(set, { name: norm, channels: outputs, epsilon: style.epsilon, momentum: style.momentum }),
    ...(activation ? [activation] : []),
  ])
}

/** Channels rounded to a multiple of 8, at least 8 and never more than 10 % below `channels` (Howard et al. 2017). */
export function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return rounded < 0.9 * channels ? rounded + 8 : rounded
}
