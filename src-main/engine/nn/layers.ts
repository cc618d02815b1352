// Layers as functions: each adds its parameters to a set and returns its forward function. NHWC throughout.
import * as tf from '@tensorflow/tfjs-core'
import { batchNormInference, batchNormTraining } from '../tensorflow/ops/batch-norm.ts'
import { biasAdd } from '../tensorflow/ops/bias-add.ts'
import { conv2d as convolve } from '../tensorflow/ops/conv2d.ts'
import { ghostBatchNormTraining } from '../tensorflow/ops/ghost-batch-norm.ts'
import { groupedConv2d } from '../tensorflow/ops/grouped-conv2d.ts'
import { layerNorm as normaliseVectors } from '../tensorflow/ops/layer-norm.ts'
import { type Initialiser, ones, zeros } from './initialisers.ts'
import type { ForwardPass, Parameter, ParameterSet } from './parameters.ts'

export type Layer = (x: tf.Tensor, pass: ForwardPass) => tf.Tensor

export interface ConvOptions {
  name: string
  inputs: number
  outputs: number
  kernel: number
  stride?: number
  /**
   * Zeros on each side; where that is not TensorFlow's SAME padding it becomes Pad + VALID, whose gradients stay fast.
   * 'same' is TensorFlow's: the output has ceil(size / stride), an odd zero goes below and to the right.
   */
  padding?: number | 'same'
  groups?: number
  bias?: Initialiser
  initialise: Initialiser
  trainable?: boolean
}

/** A convolution with the meaning of torch.nn.Conv2d; weight HWIO with `inputs / groups` inputs. x [n, h, w, inputs] -> [n, h', w', outputs]. */
export function conv2d(set: ParameterSet, options: ConvOptions): Layer & { weight: Parameter; bias: Parameter | null } {
  const { kernel, inputs, outputs, stride = 1, padding = 0, groups = 1 } = options
  const trainable = options.trainable ?? true
  const shape = [kernel, kernel, inputs / groups, outputs]
  const weight = set.add(`${options.name}.weight`, 'conv-weight', shape, options.initialise, trainable)
  const bias = options.bias ? set.add(`${options.name}.bias`, 'bias', [outputs], options.bias) : null
  const same = padding === 'same' || (stride === 1 && padding === (kernel - 1) / 2)
  const operation = groups === 1 ? convolve : groupedConv2d
  const layer = (x: tf.Tensor, pass: ForwardPass) => {
    const padded = same || padding === 0 ? x : padSpatial(x, padding)
    const y = operation(padded, pass.read(weight), stride, same ? 'same' : 'valid')
    return bias ? biasAdd(y, pass.read(bias)) : y
  }
  return Object.assign(layer, { weight, bias })
}

/** Zeros around height and width. */
export function padSpatial(x: tf.Tensor, size: number): tf.Tensor {
  return tf.pad(x, [
    [0, 0],
    [size, size],
    [size, size],
    [0, 0],
  ])
}

export interface LinearOptions {
  name: string
  inputs: number
  outputs: number
  initialise: Initialiser
  bias?: Initialiser
  /** Between the name and "weight" or "bias"; a dot by default. */
  separator?: string
}

/** A fully connected layer with the meaning of torch.nn.Linear; weight [in, out]. x [..., in] -> [..., out]. */
export function linear(set: ParameterSet, options: LinearOptions): Layer {
  const { name, inputs, outputs, separator = '.' } = options
  const weight = set.add(`${name}${separator}weight`, 'linear-weight', [inputs, outputs], options.initialise)
  const bias = options.bias ? set.add(`${name}${separator}bias`, 'bias', [outputs], options.bias) : null
  return (x, pass) => {
    const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D
    const product = tf.matMul(rows, pass.read(weight) as tf.Tensor2D)
    const y = bias ? biasAdd(product, pass.read(bias)) : product
    return tf.reshape(y, [...x.shape.slice(0, -1), outputs])
  }
}

export interface BatchNormOptions {
  name: string
  channels: number
  epsilon?: number
  /** Weight of the new value in the running statistics: PyTorch's momentum. */
  momentum?: number
  /** False keeps gamma at one. */
  scale?: boolean
  /** Initial gamma, by default ones. */
  gamma?: Initialiser
}

/**
 * Batch normalisation with the meaning of torch.nn.BatchNorm2d, as far as the run's settings (`set.norm`) leave it so. Ghost
 * batches move the running statistics one after the other. x [n, h, w, c] -> same shape.
 */
export function batchNorm(set: ParameterSet, options: BatchNormOptions): Layer {
  const { name, channels, scale = true } = options
  const { ghostBatch, freeze = 'none' } = set.norm
  const epsilon = set.norm.epsilon ?? options.epsilon ?? 1e-5
  const momentum = set.norm.momentum ?? options.momentum ?? 0.1
  const trains = freeze !== 'all'
  const gamma = set.add(`${name}.weight`, 'norm-weight', [channels], options.gamma ?? ones, scale && trains)
  const beta = set.add(`${name}.bias`, 'norm-bias', [channels], zeros, trains)
  const runningMean = set.add(`${name}.running_mean`, 'buffer', [channels], zeros)
  const runningVariance = set.add(`${name}.running_var`, 'buffer', [channels], ones)
  return (x, pass) => {
    const [g, b] = [pass.read(gamma), pass.read(beta)]
    if (!pass.training || freeze !== 'none') {
      return batchNormInference(x, g, b, pass.read(runningMean), pass.read(runningVariance), epsilon)
    }
    const ghosts = ghostBatch !== undefined && ghostBatch < (x.shape[0] ?? 0)
    const { y, mean, variance } = ghosts
      ? ghostBatchNormTraining(x, g, b, epsilon, ghostBatch)
      : batchNormTraining(x, g, b, epsilon)
    for (const [buffer, batch] of [
      [runningMean, mean],
      [runningVariance, variance],
    ] as const) {
      pass.onStatistics(buffer, moved(pass.read(buffer), batch, momentum, pass.statisticsWeight))
      batch.dispose()
    }
    return y
  }
}

/** Layer normalisation over the last axis with the meaning of torch.nn.LayerNorm. x [..., channels] -> same shape. */
export function layerNorm(set: ParameterSet, options: { name: string; channels: number; epsilon: number }): Layer {
  const gamma = set.add(`${options.name}.weight`, 'norm-weight', [options.channels], ones)
  const beta = set.add(`${options.name}.bias`, 'norm-bias', [options.channels], zeros)
  return (x, pass) => normaliseVectors(x, pass.read(gamma), pass.read(beta), options.epsilon)
}

/**
 * Running statistics [c] after a batch, kept out of tidy and off the tape. `batch` is [c], or [groups, c] for groups one after
 * the other: old + momentum (new - old) for each. With `weight` it takes the place of momentum, once, for their mean.
 */
function moved(old: tf.Tensor, batch: tf.Tensor, momentum: number, weight?: tf.Tensor): tf.Tensor {
  const towards = (value: tf.Tensor, share: tf.Tensor | number) => tf.add(old, tf.mul(tf.sub(value, old), share))
  return tf.tidy(() => {
    if (weight) return tf.keep(towards(batch.rank > 1 ? tf.mean(batch, 0) : batch, weight))
    if (batch.rank === 1) return tf.keep(towards(batch, momentum))
    const groups = batch.shape[0] ?? 1
    const shares = Array.from({ length: groups }, (_, i) => momentum * (1 - momentum) ** (groups - 1 - i))
    const arrived = tf.sum(tf.mul(batch, tf.tensor2d(shares, [groups, 1])), 0)
    return tf.keep(tf.add(tf.mul(old, (1 - momentum) ** groups), arrived))
  })
}

/**
 * Max pooling of values of at least zero (as after ReLU) with zeros around, where a zero never wins over a value. Window
 * `size`; x [n, h, w, c] -> [n, h', w', c] as torch.nn.MaxPool2d(size, stride, padding).
 */
export function maxPoolPadded(x: tf.Tensor, size: number, stride: number, padding: number): tf.Tensor {
  return tf.maxPool(padSpatial(x, padding) as tf.Tensor4D, size, stride, 'valid')
}

/** Layers one after another. */
export function sequential(layers: readonly Layer[]): Layer {
  return (x, pass) => layers.reduce((h, layer) => layer(h, pass), x)
}

/** Max pooling without padding; window and stride equal, the rest is dropped as in torch.nn.MaxPool2d(size). */
export function maxPool(x: tf.Tensor, size: number): tf.Tensor {
  return tf.maxPool(x as tf.Tensor4D, size, size, 'valid')
}

/** Mean over height and width: [n, h, w, c] -> [n, c]. */
export function globalAveragePool(x: tf.Tensor): tf.Tensor {
  const [n = 0, h = 0, w = 0, c = 0] = x.shape
  // One fused gradient; that of tf.mean multiplies by ones of the size of x, too large for a constant of a trace.
  return tf.reshape(tf.avgPool(x as tf.Tensor4D, [h, w], 1, 'valid'), [n, c])
}
