// EfficientNet-Lite (tensorflow/tpu, models/official/efficientnet/lite): EfficientNet without squeeze-and-excitation, with ReLU6,
// and with stem, head, first and last stage left unscaled. Names are those of the PyTorch package efficientnet_lite_pytorch.
import * as tf from '@tensorflow/tfjs-core'
import { relu6 } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { convNorm, roundChannels } from '../conv-norm.ts'
import { uniformFanOut, zeros } from '../initialisers.ts'
import { globalAveragePool, type Layer, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout, dropPath } from '../random-layers.ts'
import { b0Stages, type Scaling, tensorFlowStyle as style } from './efficientnet.ts'

const stemChannels = 32
const headChannels = 1280

/** An EfficientNet-Lite of the given `scaling`; Lite0 to Lite4 have those of B0 to B4. x [n, h, w, 3] -> [n, classes]. */
export function efficientNetLite(
  [width, depth]: Scaling,
  classes: number,
  seed: number,
  options: ModelOptions,
): Network {
  const set = new ParameterSet(seed, options)
  const stages = b0Stages.map((stage, i) => ({
    ...stage,
    channels: roundChannels(stage.channels * width),
    count: i === 0 || i === b0Stages.length - 1 ? stage.count : Math.ceil(stage.count * depth),
  }))
  const total = stages.reduce((sum, { count }) => sum + count, 0)
  const stem = { conv: '_conv_stem', norm: '_bn0', inputs: 3, outputs: stemChannels, kernel: 3, stride: 2 }
  const layers = [convNorm(set, style, { ...stem, activation: relu6 })]
  let inputs: number = stemChannels
  let built = 0
  for (const { channels, count, kernel, expansion, stride } of stages) {
    for (let block = 0; block < count; block++) {
      const shape = { inputs, channels, kernel, expansion, stride: block === 0 ? stride : 1 }
      const [name, dropRate] = [`_blocks.${built}`, ((options.dropPath ?? 0) * built) / total]
      layers.push(asBlock(set, () => mbconv(set, name, shape, dropRate)))
      inputs = channels
      built++
    }
  }
  const last = { conv: '_conv_head', norm: '_bn1', inputs, outputs: headChannels, kernel: 1 }
  layers.push(convNorm(set, style, { ...last, activation: relu6 }))
  const drop = dropout(set, options.dropout ?? 0)
  set.nextLayer()
  const head = linear(set, {
    name: '_fc',
    inputs: headChannels,
    outputs: classes,
    initialise: uniformFanOut,
    bias: zeros,
  })
  const body = sequential(layers)
  return { parameters: set, forward: (x, pass) => head(drop(globalAveragePool(body(x, pass)), pass), pass) }
}

interface BlockShape {
  inputs: number
  channels: number
  kernel: number
  expansion: number
  stride: number
}

function mbconv(set: ParameterSet, name: string, shape: BlockShape, dropRate: number): Layer {
  const { inputs, channels, kernel, expansion, stride } = shape
  const wide = inputs * expansion
  const unit = (conv: string, index: number) => ({ conv: `${name}.${conv}`, norm: `${name}._bn${index}` })
  const layers: Layer[] = []
  if (expansion !== 1) {
    const expand = { ...unit('_expand_conv', 0), inputs, outputs: wide, kernel: 1, activation: relu6 }
    layers.push(convNorm(set, style, expand))
  }
  const filter = { ...unit('_depthwise_conv', 1), inputs: wide, outputs: wide, kernel, stride, groups: wide }
  layers.push(convNorm(set, style, { ...filter, activation: relu6 }))
  layers.push(convNorm(set, style, { ...unit('_project_conv', 2), inputs: wide, outputs: channels, kernel: 1 }))
  const residual = sequential(layers)
  if (stride !== 1 || inputs !== channels) return residual
  const drop = dropPath(set, dropRate)
  return (x, pass) => tf.add(drop(residual(x, pass), pass), x)
}
