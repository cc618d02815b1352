// Wide residual networks for CIFAR: Zagoruyko and Komodakis, "Wide Residual Networks" (2016), pre-activation blocks as in
// szagoruyko/wide-residual-networks, with the module names of xternalz/WideResNet-pytorch.
import * as tf from '@tensorflow/tfjs-core'
import { relu } from '../../tensorflow/ops/activations.ts'
import { asBlock } from '../block.ts'
import { kaimingNormalFanOut, torchDefault, zeros } from '../initialisers.ts'
import { batchNorm, conv2d, globalAveragePool, type Layer, linear, sequential } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'
import { dropout } from '../random-layers.ts'

/** WRN-`depth`-`widen` with depth = 6 n + 4. x [n, 32, 32, 3] -> [n, classes]. */
export function wideResNet(
  depth: number,
  widen: number,
  classes: number,
  seed: number,
  options: ModelOptions,
): Network {
  const set = new ParameterSet(seed, options)
  const stem = convolution(set, 'conv1', 3, 16, 3, 1)
  const blocks: Layer[] = []
  let inputs = 16
  for (const stage of [1, 2, 3]) {
    const outputs = 16 * widen * 2 ** (stage - 1)
    for (let index = 0; index < (depth - 4) / 6; index++) {
      const stride = stage > 1 && index === 0 ? 2 : 1
      const shape = { inputs, outputs, stride, drop: options.dropout ?? 0 }
      blocks.push(asBlock(set, () => block(set, `block${stage}.layer.${index}`, shape)))
      inputs = outputs
    }
  }
  const norm = batchNorm(set, { name: 'bn1', channels: inputs })
  set.nextLayer()
  const head = linear(set, { name: 'fc', inputs, outputs: classes, initialise: torchDefault, bias: zeros })
  const body = sequential([stem, ...blocks, norm, relu])
  return { parameters: set, forward: (x, pass) => head(globalAveragePool(body(x, pass)), pass) }
}

function convolution(set: ParameterSet, name: string, inputs: number, outputs: number, kernel: number, stride: number) {
  const padding = (kernel - 1) / 2
  return conv2d(set, { name, inputs, outputs, kernel, stride, padding, initialise: kaimingNormalFanOut })
}

/** Where the channels change, the shortcut is a 1x1 convolution of the activated input, else it is the input itself. */
function block(
  set: ParameterSet,
  name: string,
  { inputs, outputs, stride, drop }: { inputs: number; outputs: number; stride: number; drop: number },
): Layer {
  const norm1 = batchNorm(set, { name: `${name}.bn1`, channels: inputs })
  const conv1 = convolution(set, `${name}.conv1`, inputs, outputs, 3, stride)
  const residual = sequential([
    conv1,
    batchNorm(set, { name: `${name}.bn2`, channels: outputs }),
    relu,
    dropout(set, drop),
    convolution(set, `${name}.conv2`, outputs, outputs, 3, 1),
  ])
  const shortcut = inputs === outputs ? null : convolution(set, `${name}.convShortcut`, inputs, outputs, 1, stride)
  return (x, pass) => {
    const activated = relu(norm1(x, pass))
    return tf.add(residual(activated, pass), shortcut ? shortcut(activated, pass) : x)
  }
}
