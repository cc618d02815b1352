// ResNets for ImageNet and their relatives, by torchvision's names: He, Zhang, Ren, Sun, "Deep Residual Learning for Image
// Recognition" (2015); Xie et al., "Aggregated Residual Transformations" (2016); Zagoruyko and Komodakis, "Wide Residual
// Networks" (2016); ResNet-C and -D of He et al., "Bag of Tricks" (2018), and timm's -S and -T, with timm's names. Initial values
// as in torchvision: Kaiming normal by fan-out on convolutions, the linear layer at PyTorch's default.
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { type Initialiser, kaimingNormalFanOut, ones, torchDefault, torchDefaultBias, zeros } from '../initialisers.ts'
import { batchNorm, conv2d, globalAveragePool, type Layer, linear, maxPoolPadded, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropPath } from '../random-layers.ts'

type DeepStem = readonly [first: number, second: number, third: number]

export interface ResNetDesign {
  /** Two 3x3 convolutions, or 1x1, 3x3, 1x1 with four times the channels at the end. */
  block: 'basic' | 'bottleneck'
  /** Blocks of each stage. */
  depths: readonly [number, number, number, number]
  /** Where a bottleneck halves the resolution: 'conv1' is the paper's v1, 'conv2' (the default) is v1.5. */
  strideAt?: 'conv1' | 'conv2'
  /**
   * '7x7' with a max pool, by default; 'cifar' one 3x3 convolution at full resolution; or the channels of three 3x3
   * convolutions in front of the max pool: 32, 32, 64 in ResNet-C and -D, 64, 64, 128 in -E and -S, 24, 32, 64 in -T.
   */
  stem?: '7x7' | 'cifar' | DeepStem
  /** That of ResNet-D, -E and -T: an average pool halves the resolution of the shortcut, before a 1x1 convolution without stride. */
  averagePoolShortcut?: boolean
  /** Groups of the 3x3 convolution and its channels for each 64 of the stage. */
  groups?: number
  widthPerGroup?: number
  /** Of convolutions, where it is not torchvision's Kaiming normal by fan-out. */
  initialise?: Initialiser
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
  const convNorm = convNormOf(set, design.initialise ?? kaimingNormalFanOut)
  const stem = stemOf(convNorm, design.stem ?? '7x7')
  const blocks: Layer[] = []
  let inputs = stem.channels
  for (const [stage, depth] of design.depths.entries()) {
    for (let index = 0; index < depth; index++) {
      const block = {
        design,
        convNorm,
        name: `layer${stage + 1}.${index}`,
        shortcut: names.shortcut,
        inputs,
        planes: 64 * 2 ** stage,
        stride: stage > 0 && index === 0 ? 2 : 1,
        zeroInit: options.zeroInitResidual ?? false,
        // timm's rule: from 0 at the first block to the full rate at the last.
        dropRate: ((options.dropPath ?? 0) * blocks.length) / (blockCount - 1),
      }
      blocks.push(asBlock(set, () => residualBlock(set, block)))
      inputs = block.planes * expansion[design.block]
    }
  }
  set.nextLayer()
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
    forward: (x, pass) => head(globalAveragePool(body(stem.layer(x, pass), pass)), pass),
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
type ConvNorm = (conv: string, norm: string, options: ConvNormOptions) => Layer

const convNormOf =
  (set: ParameterSet, initialise: Initialiser): ConvNorm =>
  (conv, norm, { zeroInit = false, ...shape }) =>
    sequential([
      conv2d(set, { name: conv, padding: (shape.kernel - 1) / 2, initialise, ...shape }),
      batchNorm(set, { name: norm, channels: shape.outputs, gamma: zeroInit ? zeros : ones }),
    ])

/** x [n, h, w, 3] -> [n, h / 4, w / 4, channels], or [n, h, w, channels] for CIFAR. */
function stemOf(convNorm: ConvNorm, kind: NonNullable<ResNetDesign['stem']>): { layer: Layer; channels: number } {
  const pool = (x: tf.Tensor) => maxPoolPadded(x, 3, 2, 1)
  if (typeof kind === 'object') {
    const [first, second, channels] = kind
    const layers = [
      convNorm('conv1.0', 'conv1.1', { inputs: 3, outputs: first, kernel: 3, stride: 2 }),
      relu,
      convNorm('conv1.3', 'conv1.4', { inputs: first, outputs: second, kernel: 3 }),
      relu,
      convNorm('conv1.6', 'bn1', { inputs: second, outputs: channels, kernel: 3 }),
      relu,
      pool,
    ]
    return { layer: sequential(layers), channels }
  }
  const channels = 64
  if (kind === 'cifar') {
    return {
      layer: sequential([convNorm('conv1', 'bn1', { inputs: 3, outputs: channels, kernel: 3 }), relu]),
      channels,
    }
  }
  const conv = convNorm('conv1', 'bn1', { inputs: 3, outputs: channels, kernel: 7, stride: 2 })
  return { layer: sequential([conv, relu, pool]), channels }
}

interface BlockOptions {
  design: ResNetDesign
  convNorm: ConvNorm
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
  const residual = design.block === 'basic' ? basicResidual(options) : bottleneckResidual(options, outputs)
  const drop = dropPath(set, options.dropRate)
  const identity = stride === 1 && inputs === outputs
  const shortcut = identity ? sequential([]) : projection(options, outputs)
  return (x, pass) => relu(tf.add(drop(residual(x, pass), pass), shortcut(x, pass)))
}

function basicResidual({ convNorm, name, inputs, planes, stride, zeroInit }: BlockOptions): Layer {
  return sequential([
    convNorm(`${name}.conv1`, `${name}.bn1`, { inputs, outputs: planes, kernel: 3, stride }),
    relu,
    convNorm(`${name}.conv2`, `${name}.bn2`, { inputs: planes, outputs: planes, kernel: 3, zeroInit }),
  ])
}

function bottleneckResidual(options: BlockOptions, outputs: number): Layer {
  const { design, convNorm, name, inputs, planes, stride, zeroInit } = options
  const { groups = 1, widthPerGroup = 64, strideAt = 'conv2' } = design
  const width = Math.floor((planes * widthPerGroup) / 64) * groups
  const [first, second] = strideAt === 'conv1' ? [stride, 1] : [1, stride]
  return sequential([
    convNorm(`${name}.conv1`, `${name}.bn1`, { inputs, outputs: width, kernel: 1, stride: first }),
    relu,
    convNorm(`${name}.conv2`, `${name}.bn2`, { inputs: width, outputs: width, kernel: 3, stride: second, groups }),
    relu,
    convNorm(`${name}.conv3`, `${name}.bn3`, { inputs: width, outputs, kernel: 1, zeroInit }),
  ])
}

function projection(options: BlockOptions, outputs: number): Layer {
  const { design, convNorm, inputs, stride } = options
  const name = `${options.name}.${options.shortcut}`
  if (!design.averagePoolShortcut) {
    return convNorm(`${name}.0`, `${name}.1`, { inputs, outputs, kernel: 1, stride })
  }
  const convolve = convNorm(`${name}.1`, `${name}.2`, { inputs, outputs, kernel: 1 })
  // SAME counts no zeros in a mean, as AvgPool2d(ceil_mode=True, count_include_pad=False).
  const pool = (x: tf.Tensor) => (stride === 1 ? x : tf.avgPool(x as tf.Tensor4D, 2, stride, 'same'))
  return (x, pass) => convolve(pool(x), pass)
}
