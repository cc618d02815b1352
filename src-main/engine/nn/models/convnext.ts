// ConvNeXt: Liu et al., "A ConvNet for the 2020s" (2022), with torchvision's names. Truncated normal 0.02 on weights, zero
// biases, layer scale 1e-6 as in facebookresearch/ConvNeXt.
import * as tf from '@tensorflow/tfjs-core'
import { gelu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { ones, truncatedNormal, zeros } from '../initialisers.ts'
import { conv2d, globalAveragePool, type Layer, layerNorm, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropPath } from '../random-layers.ts'

export interface ConvNextDesign {
  depths: readonly [number, number, number, number]
  channels: readonly [number, number, number, number]
}

const epsilon = 1e-6
const weights = { initialise: truncatedNormal(0.02), bias: zeros }
const layerScale = 1e-6

/** A ConvNeXt of the given design. x [n, h, w, 3] -> [n, classes]. */
export function convNext(design: ConvNextDesign, classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const [stemChannels] = design.channels
  const layers: Layer[] = [
    conv2d(set, { name: 'features.0.0', inputs: 3, outputs: stemChannels, kernel: 4, stride: 4, ...weights }),
    layerNorm(set, { name: 'features.0.1', channels: stemChannels, epsilon }),
  ]
  const total = design.depths.reduce((a, b) => a + b, 0)
  let built = 0
  let inputs = stemChannels
  for (const [stage, channels] of design.channels.entries()) {
    const last = inputs
    inputs = channels
    for (let block = 0; block < (design.depths[stage] ?? 0); block++) {
      const dropRate = ((options.dropPath ?? 0) * built++) / (total - 1)
      const name = `features.${2 * stage + 1}.${block}`
      const residual = () => residualBlock(set, name, channels, dropRate)
      const narrows = stage > 0 && block === 0
      const narrowing = () => sequential([downsampling(set, `features.${2 * stage}`, last, channels), residual()])
      layers.push(asBlock(set, narrows ? narrowing : residual))
    }
  }
  set.nextLayer()
  const norm = layerNorm(set, { name: 'classifier.0', channels: inputs, epsilon })
  const head = linear(set, { name: 'classifier.2', inputs, outputs: classes, ...weights })
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => head(norm(globalAveragePool(body(x, pass)), pass), pass) }
}

/** [n, h, w, inputs] -> [n, h / 2, w / 2, outputs] */
function downsampling(set: ParameterSet, name: string, inputs: number, outputs: number): Layer {
  return sequential([
    layerNorm(set, { name: `${name}.0`, channels: inputs, epsilon }),
    conv2d(set, { name: `${name}.1`, inputs, outputs, kernel: 2, stride: 2, ...weights }),
  ])
}

/** Depthwise 7x7, norm, four times wider, GELU, narrow again, scaled by channel, added to the input. */
function residualBlock(set: ParameterSet, name: string, channels: number, dropRate: number): Layer {
  const initialScale = (shape: readonly number[], key: { seed: number; stream: number }) =>
    ones(shape, key).fill(layerScale)
  const scale = set.add(`${name}.layer_scale`, 'scale', [channels, 1, 1], initialScale)
  const residual = sequential([
    conv2d(set, {
      name: `${name}.block.0`,
      inputs: channels,
      outputs: channels,
      kernel: 7,
      padding: 3,
      groups: channels,
      ...weights,
    }),
    layerNorm(set, { name: `${name}.block.2`, channels, epsilon }),
    linear(set, { name: `${name}.block.3`, inputs: channels, outputs: 4 * channels, ...weights }),
    gelu,
    linear(set, { name: `${name}.block.5`, inputs: 4 * channels, outputs: channels, ...weights }),
  ])
  const drop = dropPath(set, dropRate)
  return (x, pass) => {
    const scaled = tf.mul(residual(x, pass), tf.reshape(pass.read(scale), [channels]))
    return tf.add(x, drop(scaled, pass))
  }
}
