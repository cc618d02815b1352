// DenseNets: Huang et al., "Densely Connected Convolutional Networks" (2016), table 1, with torchvision's names and initial
// values (Kaiming normal by fan-in).
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { kaimingNormalFanIn, torchDefault, zeros } from '../initialisers.ts'
import { batchNorm, conv2d, globalAveragePool, type Layer, linear, maxPoolPadded, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'

const growth = 32
const bottleneck = 4 * growth
const stemChannels = 64
const initialise = kaimingNormalFanIn

/** A DenseNet with so many layers in each dense block (121: 6, 12, 24, 16). x [n, h, w, 3] -> [n, classes]. */
export function denseNet(depths: readonly number[], classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const stem = { name: 'features.conv0', inputs: 3, outputs: stemChannels, kernel: 7, stride: 2, padding: 3 }
  const layers: Layer[] = [
    conv2d(set, { ...stem, initialise }),
    batchNorm(set, { name: 'features.norm0', channels: stemChannels }),
    relu,
    (x) => maxPoolPadded(x, 3, 2, 1),
  ]
  let channels = stemChannels
  for (const [index, depth] of depths.entries()) {
    for (let layer = 0; layer < depth; layer++) {
      const [name, inputs] = [`features.denseblock${index + 1}.denselayer${layer + 1}`, channels]
      layers.push(asBlock(set, () => denseLayer(set, name, inputs)))
      channels += growth
    }
    if (index === depths.length - 1) break
    layers.push(transition(set, `features.transition${index + 1}`, channels))
    channels /= 2
  }
  set.nextLayer()
  layers.push(batchNorm(set, { name: 'features.norm5', channels }), relu)
  const head = linear(set, {
    name: 'classifier',
    inputs: channels,
    outputs: classes,
    initialise: torchDefault,
    bias: zeros,
  })
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => head(globalAveragePool(body(x, pass)), pass) }
}

/** Adds 32 channels behind those of x: [n, h, w, c] -> [n, h, w, c + 32]. */
function denseLayer(set: ParameterSet, name: string, channels: number): Layer {
  const added = sequential([
    batchNorm(set, { name: `${name}.norm1`, channels }),
    relu,
    conv2d(set, { name: `${name}.conv1`, inputs: channels, outputs: bottleneck, kernel: 1, initialise }),
    batchNorm(set, { name: `${name}.norm2`, channels: bottleneck }),
    relu,
    conv2d(set, { name: `${name}.conv2`, inputs: bottleneck, outputs: growth, kernel: 3, padding: 1, initialise }),
  ])
  return (x, pass) => tf.concat([x, added(x, pass)], 3)
}

/** Halves channels, height and width. */
function transition(set: ParameterSet, name: string, channels: number): Layer {
  return sequential([
    batchNorm(set, { name: `${name}.norm`, channels }),
    relu,
    conv2d(set, { name: `${name}.conv`, inputs: channels, outputs: channels / 2, kernel: 1, initialise }),
    (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'),
  ])
}
