// MobileNetV3: Howard et al., "Searching for MobileNetV3" (2019), tables 1 and 2, with torchvision's names and initial values.
import * as tf from '@tensorflow/tfjs-core'
import { hardSigmoid, hardSwish, relu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { type ConvNormStyle, convNorm, roundChannels } from '../conv-norm.ts'
import { kaimingNormalFanOut, normal, zeros } from '../initialisers.ts'
import { globalAveragePool, type Layer, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout } from '../random-layers.ts'
import { squeezeExcitation } from '../squeeze-excitation.ts'

/** Kernel, expanded channels, channels, squeeze-and-excitation, activation, stride. */
type Row = readonly [number, number, number, boolean, 'relu' | 'hard-swish', number]

const designs = {
  large: {
    hidden: 1280,
    rows: [
      [3, 16, 16, false, 'relu', 1],
      [3, 64, 24, false, 'relu', 2],
      [3, 72, 24, false, 'relu', 1],
      [5, 72, 40, true, 'relu', 2],
      [5, 120, 40, true, 'relu', 1],
      [5, 120, 40, true, 'relu', 1],
      [3, 240, 80, false, 'hard-swish', 2],
      [3, 200, 80, false, 'hard-swish', 1],
      [3, 184, 80, false, 'hard-swish', 1],
      [3, 184, 80, false, 'hard-swish', 1],
      [3, 480, 112, true, 'hard-swish', 1],
      [3, 672, 112, true, 'hard-swish', 1],
      [5, 672, 160, true, 'hard-swish', 2],
      [5, 960, 160, true, 'hard-swish', 1],
      [5, 960, 160, true, 'hard-swish', 1],
    ],
  },
  small: {
    hidden: 1024,
    rows: [
      [3, 16, 16, true, 'relu', 2],
      [3, 72, 24, false, 'relu', 2],
      [3, 88, 24, false, 'relu', 1],
      [5, 96, 40, true, 'hard-swish', 2],
      [5, 240, 40, true, 'hard-swish', 1],
      [5, 240, 40, true, 'hard-swish', 1],
      [5, 120, 48, true, 'hard-swish', 1],
      [5, 144, 48, true, 'hard-swish', 1],
      [5, 288, 96, true, 'hard-swish', 2],
      [5, 576, 96, true, 'hard-swish', 1],
      [5, 576, 96, true, 'hard-swish', 1],
    ],
  },
} as const satisfies Record<string, { hidden: number; rows: readonly Row[] }>

const style: ConvNormStyle = {
  initialise: () => kaimingNormalFanOut,
  epsilon: 1e-3,
  momentum: 0.01,
  padding: 'symmetric',
}
const stemChannels = 16
const headLayer = { initialise: normal(0.01), bias: zeros }

/** MobileNetV3 of width 1. x [n, h, w, 3] -> [n, classes]. */
export function mobileNetV3(size: keyof typeof designs, classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const { hidden, rows } = designs[size]
  const unit = (name: string, inputs: number, outputs: number, kernel: number, stride: number) =>
    convNorm(set, style, {
      conv: `${name}.0`,
      norm: `${name}.1`,
      inputs,
      outputs,
      kernel,
      stride,
      activation: hardSwish,
    })
  const layers = [unit('features.0', 3, stemChannels, 3, 2)]
  let inputs: number = stemChannels
  for (const row of rows) {
    const [name, channels] = [`features.${layers.length}.block`, inputs]
    layers.push(asBlock(set, () => invertedResidual(set, name, channels, row)))
    inputs = row[2]
  }
  const wide = 6 * inputs
  const [name, channels] = [`features.${layers.length}`, inputs]
  layers.push(asBlock(set, () => unit(name, channels, wide, 1, 1)))
  const body = sequential(layers)
  set.nextLayer()
  const first = linear(set, { name: 'classifier.0', inputs: wide, outputs: hidden, ...headLayer })
  const drop = dropout(set, options.dropout ?? 0)
  const last = linear(set, { name: 'classifier.3', inputs: hidden, outputs: classes, ...headLayer })
  const head = sequential([first, hardSwish, drop, last])
  return { parameters: set, forward: (x, pass) => head(globalAveragePool(body(x, pass)), pass) }
}

function invertedResidual(set: ParameterSet, name: string, inputs: number, row: Row): Layer {
  const [kernel, wide, outputs, squeezes, nonlinearity, stride] = row
  const activation = nonlinearity === 'relu' ? relu : hardSwish
  const layers: Layer[] = []
  const names = () => ({ conv: `${name}.${layers.length}.0`, norm: `${name}.${layers.length}.1` })
  if (wide !== inputs) {
    layers.push(convNorm(set, style, { ...names(), inputs, outputs: wide, kernel: 1, activation }))
  }
  layers.push(
    convNorm(set, style, { ...names(), inputs: wide, outputs: wide, kernel, stride, groups: wide, activation }),
  )
  if (squeezes) {
    layers.push(
      squeezeExcitation(set, {
        name: `${name}.${layers.length}`,
        channels: wide,
        squeezed: roundChannels(wide / 4),
        initialise: kaimingNormalFanOut,
        activation: relu,
        gate: hardSigmoid,
      }),
    )
  }
  layers.push(convNorm(set, style, { ...names(), inputs: wide, outputs, kernel: 1 }))
  const residual = sequential(layers)
  return stride === 1 && inputs === outputs ? (x, pass) => tf.add(x, residual(x, pass)) : residual
}
