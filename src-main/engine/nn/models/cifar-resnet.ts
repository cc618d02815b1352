// ResNets for CIFAR: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section 4.2. Shortcuts of
// option A: every second pixel, channels padded with zeros on both sides, no parameters; or B: a 1x1 convolution and batch
// normalisation. Names follow akamaster/pytorch_resnet_cifar10, whose initialisation (Kaiming normal, fan-in, on convolutions and the linear layer) is used.
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { kaimingNormalFanIn, torchDefaultBias } from '../initialisers.ts'
import { batchNorm, conv2d, globalAveragePool, type Layer, linear } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'

const stages = [
  { channels: 16, stride: 1 },
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
] as const

/** ResNet-`depth` with depth = 6 n + 2. x [n, 32, 32, 3] -> [n, classes]. */
export function cifarResNet(
  depth: number,
  shortcuts: 'A' | 'B',
  classes: number,
  seed: number,
  options: ModelOptions,
): Network {
  const set = new ParameterSet(seed, options)
  const stem = convNorm(set, 'conv1', 'bn1', 3, 16, 3, 1)
  const blocks: Layer[] = []
  let inputs = 16
  for (const [index, { channels, stride }] of stages.entries()) {
    for (let block = 0; block < (depth - 2) / 6; block++) {
      const shape = { inputs, outputs: channels, stride: block === 0 ? stride : 1 }
      blocks.push(asBlock(set, () => basicBlock(set, `layer${index + 1}.${block}`, shape, shortcuts)))
      inputs = channels
    }
  }
  set.nextLayer()
  const head = linear(set, {
    name: 'linear',
    inputs: 64,
    outputs: classes,
    initialise: kaimingNormalFanIn,
    bias: torchDefaultBias(64),
  })
  return {
    parameters: set,
    forward(x, pass) {
      let h = relu(stem(x, pass))
      for (const block of blocks) h = block(h, pass)
      return head(globalAveragePool(h), pass)
    },
  }
}

function convNorm(
  set: ParameterSet,
  conv: string,
  norm: string,
  inputs: number,
  outputs: number,
  kernel: number,
  stride: number,
): Layer {
  const convolve = conv2d(set, {
    name: conv,
    inputs,
    outputs,
    kernel,
    stride,
    padding: (kernel - 1) / 2,
    initialise: kaimingNormalFanIn,
  })
  const normalise = batchNorm(set, { name: norm, channels: outputs })
  return (x, pass) => normalise(convolve(x, pass), pass)
}

interface BlockShape {
  inputs: number
  outputs: number
  stride: number
}

function basicBlock(set: ParameterSet, name: string, shape: BlockShape, shortcuts: 'A' | 'B'): Layer {
  const { inputs, outputs, stride } = shape
  const first = convNorm(set, `${name}.conv1`, `${name}.bn1`, inputs, outputs, 3, stride)
  const second = convNorm(set, `${name}.conv2`, `${name}.bn2`, outputs, outputs, 3, 1)
  const shortcut = shortcutOf(set, name, shape, shortcuts)
  return (x, pass) => relu(tf.add(second(relu(first(x, pass)), pass), shortcut(x, pass)))
}

function shortcutOf(set: ParameterSet, name: string, shape: BlockShape, shortcuts: 'A' | 'B'): Layer {
  const { inputs, outputs, stride } = shape
  if (stride === 1) return (x) => x
  if (shortcuts === 'A') return (x) => shortcutA(x, outputs - inputs)
  return convNorm(set, `${name}.shortcut.0`, `${name}.shortcut.1`, inputs, outputs, 1, stride)
}

/** x[:, ::2, ::2] with half of `added` zero channels on each side: [n, h, w, c] -> [n, h/2, w/2, c + added]. */
function shortcutA(x: tf.Tensor, added: number): tf.Tensor {
  // A 1x1 average pool with stride 2 picks every second pixel and has a gradient, which stridedSlice lacks.
  const half = tf.avgPool(x as tf.Tensor4D, 1, 2, 'valid')
  return tf.pad(half, [
    [0, 0],
    [0, 0],
    [0, 0],
    [added / 2, added / 2],
  ])
}
