// Softmax cross entropy by TensorFlow's fused operation.
import * as tf from '@tensorflow/tfjs-core'
import { floatType, rawOps } from './raw-op.ts'

/**
 * Mean over the batch of -sum(targets * log softmax(logits)), as torch.nn.CrossEntropyLoss with its default reduction.
 * @param logits [n, classes] with gradient
 * @param targets [n, classes], rows sum to one; no gradient
 * @returns scalar
 */
export function softmaxCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const perExample = tf.customGrad((a, b, save) => {
    const [x, t] = [a, b] as [tf.Tensor, tf.Tensor]
    const [loss, backprop] = rawOps('SoftmaxCrossEntropyWithLogits', [floatType], [x, t], 2) as [tf.Tensor, tf.Tensor]
    ;(save as tf.GradSaveFunc)([backprop])
    return {
      value: loss,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const gradient = saved[0] as tf.Tensor
        return [tf.mul(gradient, tf.expandDims(dy, 1)), tf.zerosLike(gradient)]
      },
    }
  }) as (x: tf.Tensor, t: tf.Tensor) => tf.Tensor
  return tf.mean(perExample(logits, targets))
}

/** One-hot rows smoothed as in PyTorch: (1 - s) on the label plus s / classes everywhere. labels [n] int32 -> [n, classes]. */
export function smoothedTargets(labels: tf.Tensor, classes: number, smoothing: number): tf.Tensor {
  const uniform = smoothing / classes
  return tf.oneHot(labels as tf.Tensor1D, classes, 1 - smoothing + uniform, uniform, 'float32')
}
