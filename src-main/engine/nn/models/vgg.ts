// VGG with batch normalisation: Simonyan and Zisserman, "Very Deep Convolutional Networks" (2014), configuration D, with
// torchvision's names and initial values. The classifier's weights fix the grid, so that pictures have multiples of 224.
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { kaimingNormalFanOut, normal, zeros } from '../initialisers.ts'
import { batchNorm, conv2d, type Layer, linear, maxPool, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout } from '../random-layers.ts'

export interface VggDesign {
  /** Channels of the 3x3 convolutions of each stage; a max pool follows every stage. */
  stages: readonly (readonly number[])[]
  /** Outputs of the first two linear layers. */
  hidden: number
}

/** VGG-16, configuration D. */
export const vgg16: VggDesign = {
  stages: [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ],
  hidden: 4096,
}
const grid = 7

/** A VGG of five stages with batch normalisation. x [n, 224 k, 224 k, 3] -> [n, classes]. */
export function vggBatchNorm(
  { stages, hidden }: VggDesign,
  classes: number,
  seed: number,
  options: ModelOptions,
): Network {
  const set = new ParameterSet(seed, options)
  const layers: Layer[] = []
  let inputs = 3
  for (const channels of stages) {
    for (const outputs of channels) {
      const [conv, norm] = [`features.${layers.length}`, `features.${layers.length + 1}`]
      const initial = { initialise: kaimingNormalFanOut, bias: zeros }
      if (layers.length > 0) set.nextLayer()
      layers.push(conv2d(set, { name: conv, inputs, outputs, kernel: 3, padding: 1, ...initial }))
      set.nextLayer()
      layers.push(batchNorm(set, { name: norm, channels: outputs }))
      layers.push(relu)
      inputs = outputs
    }
    layers.push((x) => maxPool(x, 2))
  }
  set.nextLayer()
  const full = (index: number, from: number, to: number) =>
    linear(set, { name: `classifier.${index}`, inputs: from, outputs: to, initialise: normal(0.01), bias: zeros })
  const rate = options.dropout ?? 0
  const head = sequential([
    full(0, grid * grid * inputs, hidden),
    relu,
    dropout(set, rate),
    full(3, hidden, hidden),
    relu,
    dropout(set, rate),
    full(6, hidden, classes),
  ])
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => head(flattenByChannel(body(x, pass)), pass) }
}

/** Means over a 7x7 grid, then channel by channel as PyTorch flattens: [n, 7 k, 7 k, c] -> [n, c * 49]. */
function flattenByChannel(x: tf.Tensor): tf.Tensor {
  const [n = 0, h = 0, , c = 0] = x.shape
  const size = h / grid
  const means = size === 1 ? x : tf.avgPool(x as tf.Tensor4D, size, size, 'valid')
  return tf.reshape(tf.transpose(means, [0, 3, 1, 2]), [n, c * grid * grid])
}
