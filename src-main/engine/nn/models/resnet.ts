// ResNets for ImageNet and their relatives, by torchvision's names: He, Zhang, Ren, Sun, "Deep Residual Learning for Image
// Recognition" (2015); Xie et al., "Aggregated Residual Transformations" (2016); Zagoruyko and Komodakis, "Wide Residual
// Networks" (2016); ResNet-D of He et al., "Bag of Tricks" (2018), with timm's names. Initial values as in torchvision: Kaiming
// normal by fan-out on convolutions, the linear layer at PyTorch's default.
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { kaimingNormalFanOut, ones, torchDefault, torchDefaultBias, zeros } from '../initialisers.ts'
import { batchNorm, conv2d, globalAveragePool, type Layer, linear, maxPoolPadded, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropPath } from '../random-layers.ts'

export interface ResNetDesign {
  /** Two 3x3 convolutions, or 1x1, 3x3, 1x1 with four times the channels at the end. */
  block: 'basic' | 'bottleneck'
  /** Blocks of each stage. */
  depths: readonly [number, number, number, number]
  /** Where a bottleneck halves the resolution: 'conv1' is the paper's v1, 'conv2' (the default) is v1.5. */
  strideAt?: 'conv1' | 'conv2'
  /**
   * '7x7' with a max pool, by default; 'deep' three 3x3 convolutions with a max pool (ResNet-C and -D); 'cifar' one 3x3
   * convolution at full resolution.
   */
  stem?: '7x7' | 'deep' | 'cifar'
  /** ResNet-D's: an average pool halves the resolution of the shortcut, before a 1x1 convolution without stride. */
  averagePoolShortcut?: boolean
  /** Groups of the 3x3 convolution and its channels for each 64 of the stage. */
  groups?: number
  widthPerGroup?: number
  /** Module names, where they are not torchvision's. */
  names?: { shortcut: string; head: string }
}

const expansion = { basic: 1, bottleneck: 4 } as const
const torchvisionNames = { shortcut: 'downsample', head: 'fc' }

/** A ResNet of the given design. x [n, h, w, 3] -> [n, classes]. */
export function resNet(design: ResNetDesign, classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const names = design.names ?? torchvisionNames
  const blockCount = design.depths.reduce((a, b) => a + b, 0)
  const stem = stemOf(set, design.stem ?? '7x7')
  const blocks: Layer[] = []
  let inputs = 64
  for (const [stage, depth] of design.depths.entries()) {
    for (let index = 0; index < depth; index++) {
      const block = {
        design,
        name: `layer${stage + 1}.${index}`,
        shortcut: names.shortcut,
        inputs,
        planes: 64 * 2 ** stage,
        stride: stage > 0 && index === 0 ? 2 : 1,
        zeroInit: options.zeroInitResidual ?? false,
        // timm's rule: from 0 at the first block to the full rate at the last.
        dropRate: ((options.dropPath ?? 0) * blocks.length) / (blockCount - 1),
      }
      blocks.push(residualBlock(set, block))
      inputs = block.planes * expansion[design.block]
    }
  }
  const head = linear(set, {
    name: names.head,
    inputs,
    outputs: classes,
    initialise: torchDefault,
    bias: torchDefaultBias(inputs),
  })
  const body = sequential(blocks)
  return {
    parameters: set,
    forward: (x, pass) => head(globalAveragePool(body(stem(x, pass), pass)), pass),
  }
}

interface ConvNormOptions {
  inputs: number
  outputs: number
  kernel: number
  stride?: number
  groups?: number
  zeroInit?: boolean
}

/** A convolution that keeps the resolution but for its stride, and batch normalisation. */
function convNorm(set: ParameterSet, conv: string, norm: string, options: ConvNormOptions): Layer {
  const { kernel, outputs, zeroInit = false } = options
  return sequential([
    conv2d(set, { name: conv, padding: (kernel - 1) / 2, initialise: kaimingNormalFanOut, ...options }),
    batchNorm(set, { name: norm, channels: outputs, gamma: zeroInit ? zeros : ones }),
  ])
}

/** x [n, h, w, 3] -> [n, h / 4, w / 4, 64], or [n, h, w, 64] for CIFAR. */
function stemOf(set: ParameterSet, kind: NonNullable<ResNetDesign['stem']>): Layer {
  if (kind === 'cifar') return sequential([convNorm(set, 'conv1', 'bn1', { inputs: 3, outputs: 64, kernel: 3 }), relu])
  const pool = (x: tf.Tensor) => maxPoolPadded(x, 3, 2, 1)
  if (kind === '7x7') {
    return sequential([convNorm(set, 'conv1', 'bn1', { inputs: 3, outputs: 64, kernel: 7, stride: 2 }), relu, pool])
  }
  return sequential([
    convNorm(set, 'conv1.0', 'conv1.1', { inputs: 3, outputs: 32, kernel: 3, stride: 2 }),
    relu,
    convNorm(set, 'conv1.3', 'conv1.4', { inputs: 32, outputs: 32, kernel: 3 }),
    relu,
    convNorm(set, 'conv1.6', 'bn1', { inputs: 32, outputs: 64, kernel: 3 }),
    relu,
    pool,
  ])
}

interface BlockOptions {
  design: ResNetDesign
  name: string
  shortcut: string
  inputs: number
  planes: number
  stride: number
  zeroInit: boolean
  dropRate: number
}

/** x [n, h, w, inputs] -> [n, h / stride, w / stride, planes * expansion] */
function residualBlock(set: ParameterSet, options: BlockOptions): Layer {
  const { design, inputs, planes, stride } = options
  const outputs = planes * expansion[design.block]
  const residual = design.block === 'basic' ? basicResidual(set, options) : bottleneckResidual(set, options, outputs)
  const drop = dropPath(set, options.dropRate)
  const identity = stride === 1 && inputs === outputs
  const shortcut = identity ? sequential([]) : projection(set, options, outputs)
  return (x, pass) => relu(tf.add(drop(residual(x, pass), pass), shortcut(x, pass)))
}

function basicResidual(set: ParameterSet, { name, inputs, planes, stride, zeroInit }: BlockOptions): Layer {
  return sequential([
    convNorm(set, `${name}.conv1`, `${name}.bn1`, { inputs, outputs: planes, kernel: 3, stride }),
    relu,
    convNorm(set, `${name}.conv2`, `${name}.bn2`, { inputs: planes, outputs: planes, kernel: 3, zeroInit }),
  ])
}

function bottleneckResidual(set: ParameterSet, options: BlockOptions, outputs: number): Layer {
  const { design, name, inputs, planes, stride, zeroInit } = options
  const { groups = 1, widthPerGroup = 64, strideAt = 'conv2' } = design
  const width = Math.floor((planes * widthPerGroup) / 64) * groups
  const [first, second] = strideAt === 'conv1' ? [stride, 1] : [1, stride]
  return sequential([
    convNorm(set, `${name}.conv1`, `${name}.bn1`, { inputs, outputs: width, kernel: 1, stride: first }),
    relu,
    convNorm(set, `${name}.conv2`, `${name}.bn2`, { inputs: width, outputs: width, kernel: 3, stride: second, groups }),
    relu,
    convNorm(set, `${name}.conv3`, `${name}.bn3`, { inputs: width, outputs, kernel: 1, zeroInit }),
  ])
}

function projection(set: ParameterSet, options: BlockOptions, outputs: number): Layer {
  const { design, inputs, stride } = options
  const name = `${options.name}.${options.shortcut}`
  if (!design.averagePoolShortcut) {
    return convNorm(set, `${name}.0`, `${name}.1`, { inputs, outputs, kernel: 1, stride })
  }
  const convolve = convNorm(set, `${name}.1`, `${name}.2`, { inputs, outputs, kernel: 1 })
  // SAME counts no zeros in a mean, as AvgPool2d(ceil_mode=True, count_include_pad=False).
  const pool = (x: tf.Tensor) => (stride === 1 ? x : tf.avgPool(x as tf.Tensor4D, 2, stride, 'same'))
  return (x, pass) => convolve(pool(x), pass)
}
