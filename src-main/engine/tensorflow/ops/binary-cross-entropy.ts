// Binary cross entropy on logits, one question per class.
import * as tf from '@tensorflow/tfjs-core'
import { fusedByXla } from '../elementwise.ts'

/**
 * -t log s(x) - (1 - t) log(1 - s(x)) with s the sigmoid, mean over the batch, mean or sum over the classes, as
 * torch.nn.functional.binary_cross_entropy_with_logits.
 * @param logits [n, classes] with gradient
 * @param targets [n, classes] in 0 to 1; no gradient
 * @returns scalar
 */
export function binaryCrossEntropy(logits: tf.Tensor, targets: tf.Tensor, classes: 'mean' | 'sum'): tf.Tensor {
  const each = tf.customGrad((a, b, save) => {
    const [x, t] = [a, b] as [tf.Tensor, tf.Tensor]
    ;(save as tf.GradSaveFunc)([x, t])
    // max(x, 0) - x t + log(1 + exp(-|x|)) overflows nowhere. Fused, it also stays out of mixed precision.
    const value = fusedByXla(
      'binary_cross_entropy',
      (...inputs) => {
        const [logit, target] = inputs as [tf.Tensor, tf.Tensor]
        return tf.add(tf.sub(tf.relu(logit), tf.mul(logit, target)), tf.log1p(tf.exp(tf.neg(tf.abs(logit)))))
      },
      [x, t],
    )
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [logit, target] = saved as [tf.Tensor, tf.Tensor]
        const gradient = fusedByXla(
          'binary_cross_entropy_gradient',
          (...inputs) => {
            const [l, y, d] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor]
            return tf.mul(tf.sub(tf.sigmoid(l), y), d)
          },
          [logit, target, dy],
        )
        return [gradient, tf.zerosLike(target)]
      },
    }
  }) as (x: tf.Tensor, t: tf.Tensor) => tf.Tensor
  const losses = each(logits, targets)
  return classes === 'mean' ? tf.mean(losses) : tf.mean(tf.sum(losses, 1))
}
