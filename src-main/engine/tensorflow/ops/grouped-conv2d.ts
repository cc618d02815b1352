// Grouped and depthwise convolutions, which tfjs-core has no gradients for (grouped), or only composed ones (depthwise).
import * as tf from '@tensorflow/tfjs-core'
import { type ConvPadding, convAttrs } from './conv2d.ts'
import { rawOp } from './raw-op.ts'

/**
 * x [n, h, w, in], filter [kh, kw, in / groups, out] -> [n, h', w', out], with gradients for both; the groups follow from
 * the filter's shape, as in torch.nn.functional.conv2d(groups=). A filter with one input a group and as many outputs as
 * inputs runs as a depthwise convolution.
 */
export function groupedConv2d(x: tf.Tensor, filter: tf.Tensor, stride: number, padding: ConvPadding): tf.Tensor {
  const [kh = 1, kw = 1, perGroup = 1, outputs = 1] = filter.shape
  if (perGroup !== 1 || outputs !== x.shape[3]) return differentiable(conv, stride, padding)(x, filter)
  // [kh, kw, 1, c] and [kh, kw, c, 1] lie alike in memory.
  return differentiable(depthwise, stride, padding)(x, tf.reshape(filter, [kh, kw, outputs, 1]))
}

const conv = { forward: 'Conv2D', input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' } as const
const depthwise = {
  forward: 'DepthwiseConv2dNative',
  input: 'DepthwiseConv2dNativeBackpropInput',
  filter: 'DepthwiseConv2dNativeBackpropFilter',
} as const

function differentiable(operations: typeof conv | typeof depthwise, stride: number, padding: ConvPadding) {
  const attrs = convAttrs(stride, padding)
  const sizes = (shape: number[]) => tf.tensor1d(shape, 'int32')
  return tf.customGrad((a, b, save) => {
    const [x, filter] = [a, b] as [tf.Tensor, tf.Tensor]
    ;(save as tf.GradSaveFunc)([x, filter])
    return {
      value: rawOp(operations.forward, attrs, [x, filter]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, kernel] = saved as [tf.Tensor, tf.Tensor]
        return [
          rawOp(operations.input, attrs, [sizes(input.shape), kernel, dy]),
          rawOp(operations.filter, attrs, [input, sizes(kernel.shape), dy]),
        ]
      },
    }
  }) as (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor
}
