// EfficientNet: Tan and Le, "EfficientNet: Rethinking Model Scaling" (2019) and "EfficientNetV2" (2021). Names are torchvision's.
// torchvision pads symmetrically and (B0 to B4) keeps PyTorch's batch normalisation; the TensorFlow code pads SAME, has
// epsilon 1e-3 and divides a depthwise fan-out by its groups. Weights of one do not fit the other.
import * as tf from '@tensorflow/tfjs-core'
import { swish } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { type ConvNormStyle, convNorm, roundChannels } from '../conv-norm.ts'
import { kaimingNormalFanOut, tensorFlowNormalFanOut, uniformFanOut, zeros } from '../initialisers.ts'
import { globalAveragePool, type Layer, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout, dropPath } from '../random-layers.ts'
import { squeezeExcitation } from '../squeeze-excitation.ts'

export interface EfficientNetStage {
  /** 'mbconv' expands by 1x1 and filters depthwise; 'fused' (V2) does both in one convolution and has no squeeze. */
  block: 'mbconv' | 'fused'
  expansion: number
  kernel: number
  /** Of the first block. */
  stride: number
  channels: number
  count: number
}

export interface EfficientNetDesign {
  stem: number
  stages: readonly EfficientNetStage[]
  head: number
  style: ConvNormStyle
}

const mbconv = (count: number, kernel: number, stride: number, expansion: number, channels: number) =>
  ({ block: 'mbconv', count, kernel, stride, expansion, channels }) as const
const fused = (count: number, stride: number, expansion: number, channels: number) =>
  ({ block: 'fused', count, kernel: 3, stride, expansion, channels }) as const

/** Stages of B0, which the Lite networks share. */
export const b0Stages = [
  mbconv(1, 3, 1, 1, 16),
  mbconv(2, 3, 2, 6, 24),
  mbconv(2, 5, 2, 6, 40),
  mbconv(3, 3, 2, 6, 80),
  mbconv(3, 5, 1, 6, 112),
  mbconv(4, 5, 2, 6, 192),
  mbconv(1, 3, 1, 6, 320),
] as const

export type Scaling = readonly [width: number, depth: number]

/** Of B0 to B7. */
export const scalings = [
  [1.0, 1.0],
  [1.0, 1.1],
  [1.1, 1.2],
  [1.2, 1.4],
  [1.4, 1.8],
  [1.6, 2.2],
  [1.8, 2.6],
  [2.0, 3.1],
] as const satisfies readonly Scaling[]

const torchvisionStyle = (epsilon: number, momentum: number): ConvNormStyle => ({
  initialise: () => kaimingNormalFanOut,
  epsilon,
  momentum,
  padding: 'symmetric',
})
export const tensorFlowStyle: ConvNormStyle = {
  initialise: tensorFlowNormalFanOut,
  epsilon: 1e-3,
  momentum: 0.01,
  padding: 'same',
}

/** EfficientNet-B`index` in the form of torchvision or of TensorFlow's own code. */
export function efficientNetB(index: number, reference: 'torchvision' | 'tensorflow'): EfficientNetDesign {
  const [width, depth] = scalings[index] ?? scalings[0]
  const torchvision = index < 5 ? torchvisionStyle(1e-5, 0.1) : torchvisionStyle(1e-3, 0.01)
  return {
    stem: roundChannels(32 * width),
    head: roundChannels(1280 * width),
    stages: b0Stages.map((stage) => ({
      ...stage,
      channels: roundChannels(stage.channels * width),
      count: Math.ceil(stage.count * depth),
    })),
    style: reference === 'tensorflow' ? tensorFlowStyle : torchvision,
  }
}

export const efficientNetV2S: EfficientNetDesign = {
  stem: 24,
  head: 1280,
  stages: [
    fused(2, 1, 1, 24),
    fused(4, 2, 4, 48),
    fused(4, 2, 4, 64),
    mbconv(6, 3, 2, 4, 128),
    mbconv(9, 3, 1, 6, 160),
    mbconv(15, 3, 2, 6, 256),
  ],
  style: torchvisionStyle(1e-3, 0.1),
}

/** An EfficientNet of the given design. x [n, h, w, 3] -> [n, classes]. */
export function efficientNet(
  design: EfficientNetDesign,
  classes: number,
  seed: number,
  options: ModelOptions,
): Network {
  const set = new ParameterSet(seed, options)
  const { stages } = design
  const style = { ...design.style, padding: options.padding ?? design.style.padding }
  const unit = (name: string, inputs: number, outputs: number, kernel: number, stride: number) =>
    convNorm(set, style, { conv: `${name}.0`, norm: `${name}.1`, inputs, outputs, kernel, stride, activation: swish })
  const layers = [unit('features.0', 3, design.stem, 3, 2)]
  const total = stages.reduce((sum, { count }) => sum + count, 0)
  let inputs = design.stem
  let built = 0
  for (const [index, stage] of stages.entries()) {
    for (let block = 0; block < stage.count; block++) {
      const name = `features.${index + 1}.${block}`
      const stride = block === 0 ? stage.stride : 1
      // The divisor is the number of blocks, not one less: the last rate stays below the full one.
      const dropRate = ((options.dropPath ?? 0) * built++) / total
      const shape = { ...stage, name, inputs, stride, dropRate }
      layers.push(asBlock(set, () => residualBlock(set, style, shape)))
      inputs = stage.channels
    }
  }
  layers.push(unit(`features.${stages.length + 1}`, inputs, design.head, 1, 1))
  const drop = dropout(set, options.dropout ?? 0)
  set.nextLayer()
  const head = linear(set, {
    name: 'classifier.1',
    inputs: design.head,
    outputs: classes,
    initialise: uniformFanOut,
    bias: zeros,
  })
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => head(drop(globalAveragePool(body(x, pass)), pass), pass) }
}

interface BlockOptions extends EfficientNetStage {
  name: string
  inputs: number
  dropRate: number
}

function residualBlock(set: ParameterSet, style: ConvNormStyle, options: BlockOptions): Layer {
  const residual = sequential(
    options.block === 'fused' ? fusedResidual(set, style, options) : mbconvResidual(set, style, options),
  )
  if (options.stride !== 1 || options.inputs !== options.channels) return residual
  const drop = dropPath(set, options.dropRate)
  return (x, pass) => tf.add(drop(residual(x, pass), pass), x)
}

const names = (block: string, index: number) => ({
  conv: `${block}.block.${index}.0`,
  norm: `${block}.block.${index}.1`,
})

function mbconvResidual(set: ParameterSet, style: ConvNormStyle, options: BlockOptions): Layer[] {
  const { name, inputs, channels, expansion, kernel, stride } = options
  const wide = inputs * expansion
  const layers: Layer[] = []
  const next = () => names(name, layers.length)
  if (expansion !== 1) {
    layers.push(convNorm(set, style, { ...next(), inputs, outputs: wide, kernel: 1, activation: swish }))
  }
  const filter = { inputs: wide, outputs: wide, kernel, stride, groups: wide, activation: swish }
  layers.push(convNorm(set, style, { ...next(), ...filter }))
  layers.push(
    squeezeExcitation(set, {
      name: `${name}.block.${layers.length}`,
      channels: wide,
      // A quarter of the block's input, not of the expanded channels.
      squeezed: Math.max(1, Math.floor(inputs / 4)),
      initialise: style.initialise(1),
      activation: swish,
      gate: tf.sigmoid,
    }),
  )
  layers.push(convNorm(set, style, { ...next(), inputs: wide, outputs: channels, kernel: 1 }))
  return layers
}

function fusedResidual(set: ParameterSet, style: ConvNormStyle, options: BlockOptions): Layer[] {
  const { name, inputs, channels, expansion, kernel, stride } = options
  const wide = inputs * expansion
  const first = { ...names(name, 0), inputs, kernel, stride, activation: swish }
  if (expansion === 1) return [convNorm(set, style, { ...first, outputs: channels })]
  return [
    convNorm(set, style, { ...first, outputs: wide }),
    convNorm(set, style, { ...names(name, 1), inputs: wide, outputs: channels, kernel: 1 }),
  ]
}
