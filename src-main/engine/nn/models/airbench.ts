// airbench94: Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024), arXiv 2404.00498, section 3; the uncompiled
// reference is KellerJordan/cifar10-airbench, legacy/airbench94.py. Names are those of its state dict.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../../tensorflow/attributes.ts'
import { gelu } from '../../tensorflow/ops/activations.ts'
import { floatType, rawOp, rawOps } from '../../tensorflow/ops/raw-op.ts'
import { writeVariable } from '../../tensorflow/variables.ts'
import { partialDirac, torchDefault, zeros } from '../initialisers.ts'
import { batchNorm, conv2d, type Layer, linear, maxPool } from '../layers.ts'
import type { ModelOptions } from '../model-options.ts'
import { type Network, ParameterSet } from '../parameters.ts'

const whitenedEpsilon = 5e-4
const logitScale = 1 / 9
// Weight of the new value: the paper's momentum is 0.6 of the old one.
const norm = { epsilon: 1e-12, momentum: 0.4, scale: false }

/** airbench94's network. x [n, 32, 32, 3] -> [n, classes]. */
export function airbench94(classes: number, seed: number, options: ModelOptions): Network {
  const set = new ParameterSet(seed, options)
  // Both signs of the 12 eigenvectors of 2x2x3 patches.
  const whiten = conv2d(set, {
    name: '0',
    inputs: 3,
    outputs: 24,
    kernel: 2,
    bias: zeros,
    initialise: torchDefault,
    trainable: false,
  })
  const groups = [convGroup(set, '2', 24, 64), convGroup(set, '3', 64, 256), convGroup(set, '4', 256, 256)]
  const head = linear(set, { name: '7', inputs: 256, outputs: classes, initialise: torchDefault })
  return {
    parameters: set,
    forward(x, pass) {
      let h = gelu(whiten(x, pass))
      for (const group of groups) h = group(h, pass)
      h = maxPool(h, 3)
      const flat = tf.reshape(h, [h.shape[0] ?? -1, 256])
      return tf.mul(head(flat, pass), logitScale)
    },
    initialiseFrom: (pictures) => writeVariable(whiten.weight.variable, whiteningFilters(pictures)),
    ...(whiten.bias ? { freezeAfter: [{ parameter: whiten.bias, epochs: 3 }] } : {}),
  }
}

function convGroup(set: ParameterSet, name: string, inputs: number, outputs: number): Layer {
  const conv = (index: number, channels: number) =>
    conv2d(set, {
      name: `${name}.conv${index}`,
      inputs: channels,
      outputs,
      kernel: 3,
      padding: 1,
      initialise: partialDirac,
    })
  const conv1 = conv(1, inputs)
  const norm1 = batchNorm(set, { name: `${name}.norm1`, channels: outputs, ...norm })
  const conv2 = conv(2, outputs)
  const norm2 = batchNorm(set, { name: `${name}.norm2`, channels: outputs, ...norm })
  return (x, pass) => {
    const h = gelu(norm1(maxPool(conv1(x, pass), 2), pass))
    return gelu(norm2(conv2(h, pass), pass))
  }
}

/**
 * Filters [2, 2, 3, 24] that whiten the 2x2 patches of normalised pictures [n, h, w, 3]: eigenvectors of the patch
 * covariance over the root of their eigenvalue, largest first, then the same with the other sign.
 */
export function whiteningFilters(pictures: tf.Tensor): Float32Array {
  return tf.tidy(() => {
    const patchAttrs = [
      attr.ints('ksizes', [1, 2, 2, 1]),
      attr.ints('strides', [1, 1, 1, 1]),
      attr.ints('rates', [1, 1, 1, 1]),
      floatType,
      attr.string('padding', 'VALID'),
    ]
    const patches = tf.reshape(rawOp('ExtractImagePatches', patchAttrs, [pictures]), [-1, 12]) as tf.Tensor2D
    const covariance = tf.div(tf.matMul(patches, patches, true, false), patches.shape[0])
    const [values, vectors] = rawOps(
      'SelfAdjointEigV2',
      [attr.bool('compute_v', true), floatType],
      [covariance],
      2,
    ) as [tf.Tensor, tf.Tensor]
    // Columns are eigenvectors in ascending order of eigenvalue.
    const scaled = tf.reverse(tf.div(vectors, tf.sqrt(tf.add(values, whitenedEpsilon))), 1)
    return tf.concat([scaled, tf.neg(scaled)], 1).dataSync() as Float32Array
  })
}
