// SqueezeNet 1.1: Iandola et al., "SqueezeNet" (2016), and its repository's 1.1 with 2.4 times less computation, with
// torchvision's names and initial values (Kaiming uniform, last convolution N(0, 0.01^2)).
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { fanIn, normal, uniform, zeros } from '../initialisers.ts'
import { conv2d, globalAveragePool, type Layer, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout } from '../random-layers.ts'

// Squeezed channels and channels of each half of the output; null is a max pool.
const layout = [
  null,
  [16, 64],
  [16, 64],
  null,
  [32, 128],
  [32, 128],
  null,
  [48, 192],
  [48, 192],
  [64, 256],
  [64, 256],
] as const

const kaimingUniform = uniform((shape) => Math.sqrt(6 / fanIn(shape)))
const initial = { initialise: kaimingUniform, bias: zeros }

/** SqueezeNet 1.1. x [n, h, w, 3] -> [n, classes]. */
export function squeezeNet(classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const layers: Layer[] = [
    conv2d(set, { name: 'features.0', inputs: 3, outputs: 64, kernel: 3, stride: 2, ...initial }),
    relu,
  ]
  let channels = 64
  for (const entry of layout) {
    if (entry) {
      const [name, inputs] = [`features.${layers.length}`, channels]
      layers.push(asBlock(set, () => fire(set, name, inputs, entry[0], entry[1])))
      channels = 2 * entry[1]
    } else layers.push(maxPoolCeil)
  }
  set.nextLayer()
  const head = sequential([
    dropout(set, options.dropout ?? 0),
    conv2d(set, {
      name: 'classifier.1',
      inputs: channels,
      outputs: classes,
      kernel: 1,
      initialise: normal(0.01),
      bias: zeros,
    }),
    relu,
  ])
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => globalAveragePool(head(body(x, pass), pass)) }
}

/** A 1x1 convolution to few channels, then 1x1 and 3x3 side by side: [n, h, w, inputs] -> [n, h, w, 2 half]. */
function fire(set: ParameterSet, name: string, inputs: number, squeezed: number, half: number): Layer {
  const squeeze = conv2d(set, { name: `${name}.squeeze`, inputs, outputs: squeezed, kernel: 1, ...initial })
  const wide = { inputs: squeezed, outputs: half, ...initial }
  const one = conv2d(set, { name: `${name}.expand1x1`, kernel: 1, ...wide })
  const three = conv2d(set, { name: `${name}.expand3x3`, kernel: 3, padding: 1, ...wide })
  return (x, pass) => {
    const narrow = relu(squeeze(x, pass))
    return tf.concat([relu(one(narrow, pass)), relu(three(narrow, pass))], 3)
  }
}

/** MaxPool2d(3, 2, ceil_mode=True) of values of at least zero: an incomplete last window counts. */
function maxPoolCeil(x: tf.Tensor): tf.Tensor {
  const missing = (size: number) => (size - 3) % 2
  const [, h = 0, w = 0] = x.shape
  const padded = tf.pad(x, [
    [0, 0],
    [0, missing(h)],
    [0, missing(w)],
    [0, 0],
  ])
  return tf.maxPool(padded as tf.Tensor4D, 3, 2, 'valid')
}
