// What keeps the padding of a batch of unlike sizes out of the result (Dehghani et al. 2023 for the idea of mixing sizes; masks
// as timm's NaFlexVit makes them, for keys only).
import * as tf from '@tensorflow/tfjs-core'
import type { VitForm } from './vit-forms.ts'

/** Added to the scores of padding: its softmax is exactly 0, and half precision can hold it. */
const maskedScore = -30_000

/** Mean of the tokens that `valid` [n, t] marks with 1: [n, t, width] -> [n, width]. */
export function meanOfValid(tokens: tf.Tensor, valid: tf.Tensor): tf.Tensor {
  const [n = 0, t = 0, width = 0] = tokens.shape
  const sums = tf.reshape(tf.matMul(tf.reshape(valid, [n, 1, t]), tokens), [n, width])
  return tf.div(sums, tf.sum(valid, 1, true))
}

/** valid [n, t] -> what the scores of attention get added, [n, 1, 1, tokens]: 0 for patches and for the class token. */
export function paddingBias(valid: tf.Tensor, pool: VitForm['pool']): tf.Tensor {
  const [n = 0, t = 0] = valid.shape
  const front = pool === 'token' ? 1 : 0
  const bias = tf.pad(tf.mul(tf.sub(1, valid), maskedScore), [
    [0, 0],
    [front, 0],
  ])
  return tf.reshape(bias, [n, 1, 1, front + t])
}
