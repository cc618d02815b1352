// 2-D convolution, NHWC, whose gradients take the fastest form in bfloat16. oneDNN's bfloat16 filter gradient reaches a
// quarter of its forward speed on wide 3x3 layers; as three matrix products over rows of taps it is 1.3 to 2.5 times faster
// there, and slower on narrow ones. The input gradient as a forward convolution with the mirrored kernel is up to 1.8 times
// faster. Measured on AVX-512 BF16: filter gradient 7x7x256 at batch 1024 545 -> 221 ms, 15x15x64->256 356 -> 284, but
// 15x15x64->64 84 -> 137; input gradient 15x15x64->256 284 -> 153. A 1x1 convolution is one matrix product: a step of MobileNetV2
// takes 390 ms so instead of 400, of ResNet-50 1295 instead of 1313 (batch 16). Float32 keeps the stock operations.
import * as tf from '@tensorflow/tfjs-core'
import { attr } from '../attributes.ts'
import { tensorFlowBackend } from '../backend.ts'
import { floatType, rawOp } from './raw-op.ts'

export type ConvPadding = 'same' | 'valid'

// Below this many input channels the stock input gradient wins, below this many outputs the stock filter gradient.
const wideInputs = 64
const wideOutputs = 256

/** Attributes of a NHWC convolution and of its gradients. */
export const convAttrs = (stride: number, padding: ConvPadding) => [
  floatType,
  attr.ints('strides', [1, stride, stride, 1]),
  attr.string('padding', padding.toUpperCase()),
  attr.string('data_format', 'NHWC'),
  attr.ints('dilations', [1, 1, 1, 1]),
]

/** x [n, h, w, in], filter [kh, kw, in, out] -> [n, h', w', out], with gradients for both. */
export function conv2d(x: tf.Tensor, filter: tf.Tensor, stride: number, padding: ConvPadding): tf.Tensor {
  const [kh = 0, kw = 0, inputs = 0] = filter.shape
  if (stride === 1 && tensorFlowBackend().trace?.mixedPrecision === 'bfloat16') {
    if (kh === 1 && kw === 1) return pointwise(x, filter)
    if (kh === 3 && kw === 3 && padding === 'same' && inputs >= wideInputs) return wideConv(x, filter)
  }
  return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding)
}

/** x [n, h, w, in], filter [1, 1, in, out] as one matrix product. */
function pointwise(x: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  const [n = 0, h = 0, w = 0, inputs = 0] = x.shape
  const outputs = filter.shape[3] ?? 0
  const weights = tf.reshape(filter, [inputs, outputs]) as tf.Tensor2D
  return tf.reshape(tf.matMul(tf.reshape(x, [n * h * w, inputs]) as tf.Tensor2D, weights), [n, h, w, outputs])
}

const wideConv = tf.customGrad((a, b, save) => {
  const [x, filter] = [a, b] as [tf.Tensor, tf.Tensor]
  ;(save as tf.GradSaveFunc)([x, filter])
  return {
    value: rawOp('Conv2D', convAttrs(1, 'same'), [x, filter]),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [input, kernel] = saved as [tf.Tensor, tf.Tensor]
      return [inputGradient(dy, kernel), filterGradient(input, kernel.shape, dy)]
    },
  }
}) as (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor

/** dy [n, h, w, out], filter [3, 3, in, out] -> [n, h, w, in] */
function inputGradient(dy: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  const mirrored = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2])
  return rawOp('Conv2D', convAttrs(1, 'same'), [dy, mirrored])
}

/** x [n, h, w, in], dy [n, h, w, out] -> [3, 3, in, out] */
function filterGradient(x: tf.Tensor, filterShape: number[], dy: tf.Tensor): tf.Tensor {
  if ((filterShape[3] ?? 0) >= wideOutputs) return filterGradientByProducts(x, dy)
  return rawOp('Conv2DBackpropFilter', convAttrs(1, 'same'), [x, tf.tensor1d(filterShape, 'int32'), dy])
}

/** One product [3 in, n h w] x [n h w, out] for each row of taps. */
function filterGradientByProducts(x: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const [n = 0, h = 0, w = 0, inputs = 0] = x.shape
  const outputs = dy.shape[3] ?? 0
  const padded = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ])
  const gradient = tf.reshape(dy, [n * h * w, outputs]) as tf.Tensor2D
  const rows = [0, 1, 2].map((i) => {
    const taps = tf.concat(
      [0, 1, 2].map((j) => tf.slice(padded, [0, i, j, 0], [n, h, w, inputs])),
      3,
    )
    const product = tf.matMul(tf.reshape(taps, [n * h * w, 3 * inputs]) as tf.Tensor2D, gradient, true, false)
    return tf.reshape(product, [3, inputs, outputs])
  })
  return tf.stack(rows)
}
