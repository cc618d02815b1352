// MobileNetV2: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), table 2, with torchvision's
// names and initial values (Kaiming normal by fan-out, linear layer N(0, 0.01^2)).
import * as tf from '@tensorflow/tfjs-core'
import { relu6 } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { type ConvNormStyle, convNorm } from '../conv-norm.ts'
import { kaimingNormalFanOut, normal, zeros } from '../initialisers.ts'
import { globalAveragePool, type Layer, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout } from '../random-layers.ts'

// Expansion, channels, blocks, stride of the first block.
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const
const stemChannels = 32
const headChannels = 1280

const torchvisionStyle: ConvNormStyle = {
  initialise: () => kaimingNormalFanOut,
  epsilon: 1e-5,
  momentum: 0.1,
  padding: 'symmetric',
}

/** MobileNetV2 of width 1. x [n, h, w, 3] -> [n, classes]. */
export function mobileNetV2(classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const style = { ...torchvisionStyle, padding: options.padding ?? torchvisionStyle.padding }
  const unit = (name: string, inputs: number, outputs: number, kernel: number, stride: number) =>
    convNorm(set, style, {
      conv: `${name}.0`,
      norm: `${name}.1`,
      inputs,
      outputs,
      kernel,
      stride,
      activation: relu6,
    })
  const layers = [unit('features.0', 3, stemChannels, 3, 2)]
  let inputs: number = stemChannels
  for (const [expansion, outputs, count, firstStride] of stages) {
    for (let index = 0; index < count; index++) {
      const stride = index === 0 ? firstStride : 1
      const [name, shape] = [`features.${layers.length}.conv`, { inputs, outputs, expansion, stride }]
      layers.push(asBlock(set, () => invertedResidual(set, style, name, shape)))
      inputs = outputs
    }
  }
  layers.push(unit(`features.${layers.length}`, inputs, headChannels, 1, 1))
  const drop = dropout(set, options.dropout ?? 0)
  set.nextLayer()
  const head = linear(set, {
    name: 'classifier.1',
    inputs: headChannels,
    outputs: classes,
    initialise: normal(0.01),
    bias: zeros,
  })
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => head(drop(globalAveragePool(body(x, pass)), pass), pass) }
}

interface BlockShape {
  inputs: number
  outputs: number
  expansion: number
  stride: number
}

/** 1x1 to wide, depthwise 3x3, 1x1 to narrow without activation; the input is added where the shapes allow it. */
function invertedResidual(set: ParameterSet, style: ConvNormStyle, name: string, shape: BlockShape): Layer {
  const { inputs, outputs, expansion, stride } = shape
  const wide = inputs * expansion
  const layers: Layer[] = []
  const unit = (convolution: { inputs: number; kernel: number; stride?: number; groups?: number }) => {
    const [conv, norm] = [`${name}.${layers.length}.0`, `${name}.${layers.length}.1`]
    layers.push(convNorm(set, style, { conv, norm, outputs: wide, activation: relu6, ...convolution }))
  }
  if (expansion !== 1) unit({ inputs, kernel: 1 })
  unit({ inputs: wide, kernel: 3, stride, groups: wide })
  const [conv, norm] = [`${name}.${layers.length}`, `${name}.${layers.length + 1}`]
  layers.push(convNorm(set, style, { conv, norm, inputs: wide, outputs, kernel: 1 }))
  const residual = sequential(layers)
  return stride === 1 && inputs === outputs ? (x, pass) => tf.add(x, residual(x, pass)) : residual
}
