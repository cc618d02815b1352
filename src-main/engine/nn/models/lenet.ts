// LeNet-5: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), section II.B.
// Trainable subsampling, the connection table of C3 (table I) and the scaled tanh are the paper's; the output layer is linear
// with softmax in place of the Gaussian connections to fixed codes, hence 60,000 + 850 parameters.
import * as tf from '@tensorflow/tfjs-core'
import { scaledTanh } from '../../tensorflow/ops/activations.ts'
import { fanIn, ones, uniform, zeros } from '../initialisers.ts'
import { conv2d, type Layer, linear } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, type Parameter, ParameterSet } from '../parameters.ts'

// Table I: which of the six maps of S2 feed each of the 16 maps of C3.
const connections: readonly (readonly number[])[] = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
]

// Appendix A: uniform in +-2.4 / fan-in.
const lecunUniform = uniform((shape) => 2.4 / fanIn(shape))

/** LeNet-5. x [n, 32, 32, 1] -> [n, classes]. */
export function lenet5(classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  const c1 = conv2d(set, { name: 'c1', inputs: 1, outputs: 6, kernel: 5, bias: zeros, initialise: lecunUniform })
  const s2 = subsampling(set, 's2', 6)
  const c3 = connectedConv(set)
  const s4 = subsampling(set, 's4', 16)
  const c5 = conv2d(set, { name: 'c5', inputs: 16, outputs: 120, kernel: 5, bias: zeros, initialise: lecunUniform })
  const f6 = linear(set, { name: 'f6', inputs: 120, outputs: 84, initialise: lecunUniform, bias: zeros })
  const output = linear(set, { name: 'output', inputs: 84, outputs: classes, initialise: lecunUniform, bias: zeros })
  return {
    parameters: set,
    forward(x, pass) {
      const h2 = s2(scaledTanh(c1(x, pass)), pass)
      const h4 = s4(scaledTanh(c3(h2, pass)), pass)
      const h5 = scaledTanh(c5(h4, pass))
      const flat = tf.reshape(h5, [h5.shape[0] ?? -1, 120])
      return output(scaledTanh(f6(flat, pass)), pass)
    },
  }
}

/** Mean of 2x2 windows times a coefficient plus a bias, one of each a map, then the scaled tanh. */
function subsampling(set: ParameterSet, name: string, channels: number): Layer {
  const coefficient = set.add(`${name}.weight`, 'scale', [channels], ones)
  const bias = set.add(`${name}.bias`, 'bias', [channels], zeros)
  return (x, pass) => {
    const mean = tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')
    return scaledTanh(tf.add(tf.mul(mean, pass.read(coefficient)), pass.read(bias)))
  }
}

/**
 * C3 keeps only the weights of the table: 60 kernels of 25 and 16 biases, 1,516 parameters. They are stored packed
 * [60, 25] and spread by a constant selection [60, 6 * 16] into the dense HWIO kernel.
 */
function connectedConv(set: ParameterSet): Layer {
  const pairs = connections.flatMap((maps, output) => maps.map((input) => ({ input, output, fan: 25 * maps.length })))
  const packed: Parameter = set.add('c3.weight', 'conv-weight', [pairs.length, 25], (shape, key) => {
    const draws = uniform(() => 2.4)(shape, key)
    return draws.map((v, i) => v / (pairs[Math.floor(i / 25)]?.fan ?? 1))
  })
  const bias = set.add('c3.bias', 'bias', [16], zeros)
  const selection = new Float32Array(pairs.length * 6 * 16)
  for (const [row, { input, output }] of pairs.entries()) selection[row * 96 + input * 16 + output] = 1
  return (x, pass) => {
    const spread = tf.tensor2d(selection, [pairs.length, 96])
    // [25, 60] x [60, 96] -> [5, 5, 6, 16]
    const kernel = tf.reshape(tf.matMul(pass.read(packed) as tf.Tensor2D, spread, true, false), [5, 5, 6, 16])
    const y = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'valid')
    return tf.add(y, pass.read(bias))
  }
}
