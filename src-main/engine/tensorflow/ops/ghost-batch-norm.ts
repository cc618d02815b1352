// Ghost batch normalisation: Hoffer, Hubara, Soudry, "Train longer, generalize better" (2017). What several GPUs do that each
// normalise their own part of a batch (He et al. 2015).
import * as tf from '@tensorflow/tfjs-core'
import { type BatchNormTraining, fusedBatchNorm, fusedBatchNormGradient } from './batch-norm.ts'

/**
 * `batchNormTraining` on each `group` pictures of x [n, h, w, c] by themselves; the last group may be smaller. Mean and
 * variance are [groups, c], in order. Slices of the first axis share memory in TensorFlow, so only the results are copied.
 */
export function ghostBatchNormTraining(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  group: number,
): BatchNormTraining {
  let mean: tf.Tensor | undefined
  let variance: tf.Tensor | undefined
  const normalise = tf.customGrad((a, b, c, save) => {
    const [input, scale, offset] = [a, b, c] as [tf.Tensor, tf.Tensor, tf.Tensor]
    const results = groupsOf(input, group).map((part) => fusedBatchNorm(part, scale, offset, epsilon))
    mean = tf.keep(tf.stack(results.map((result) => result.mean)))
    variance = tf.keep(tf.stack(results.map((result) => result.variance)))
    ;(save as tf.GradSaveFunc)([input, scale, ...results.flatMap(({ reserved }) => reserved)])
    return {
      value: tf.concat(
        results.map(({ y }) => y),
        0,
      ),
      gradFunc: (dy: tf.Tensor, [x0, gamma0, ...reserved]: tf.Tensor[]) => {
        const parts = groupsOf(x0 as tf.Tensor, group)
        const gradients = groupsOf(dy, group).map((part, i) =>
          fusedBatchNormGradient(
            part,
            parts[i] as tf.Tensor,
            gamma0 as tf.Tensor,
            reserved.slice(3 * i, 3 * i + 3),
            epsilon,
          ),
        )
        const column = (index: number) => gradients.map((gradient) => gradient[index] as tf.Tensor)
        return [tf.concat(column(0), 0), tf.addN(column(1)), tf.addN(column(2))]
      },
    }
  }) as (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor
  const y = normalise(x, gamma, beta)
  return { y, mean: mean as unknown as tf.Tensor, variance: variance as unknown as tf.Tensor }
}

/** x [n, h, w, c] -> parts of `group` pictures and what is left. */
function groupsOf(x: tf.Tensor, group: number): tf.Tensor[] {
  const [n = 0, ...rest] = x.shape
  return Array.from({ length: Math.ceil(n / group) }, (_, i) =>
    tf.slice(x, [i * group, ...rest.map(() => 0)], [Math.min(group, n - i * group), ...rest]),
  )
}
