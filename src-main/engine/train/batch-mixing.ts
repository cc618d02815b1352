// Mixup and CutMix inside the compiled step. The meaning is that of data/augmentations/mixing.ts, which is the oracle of its test.
import * as tf from '@tensorflow/tfjs-core'
import type { RunConfig } from '../../shared/run-config.ts'
import type { MixingDraw } from '../data/augmentations/mixing.ts'

/** Length of `mixingInput`. */
export const mixingValues = 8

/** One draw as the step takes it: weights of pictures (own, partner), the box (top, left, bottom, right), weights of targets. */
export function mixingInput({ lambda, box }: MixingDraw): Float32Array {
  if (box === null) return Float32Array.of(lambda, 1 - lambda, 0, 0, 0, 0, lambda, 1 - lambda)
  const { top, left, height, width } = box
  return Float32Array.of(1, 0, top, left, top + height, left + width, lambda, 1 - lambda)
}

/**
 * Pictures [n, h, w, c] and targets [n, classes] mixed with their partners by `mixing` [8]: equal to `mixPictures` bit for bit,
 * to `mixedTargets` within rounding.
 */
export function mixBatch(
  { x, targets }: { x: tf.Tensor; targets: tf.Tensor },
  mixing: tf.Tensor,
  { mixup, cutmix, mixReference }: RunConfig['augment'],
): { x: tf.Tensor; targets: tf.Tensor } {
  if (mixup === 0 && cutmix === 0) return { x, targets }
  const value = (index: number) => tf.reshape(tf.slice(mixing, [index], [1]), [])
  const partnersOf = (rows: tf.Tensor) => (mixReference === 'timm' ? tf.reverse(rows, 0) : rolled(rows))
  const blend = (rows: tf.Tensor, partners: tf.Tensor, own: number) =>
    tf.add(tf.mul(rows, value(own)), tf.mul(partners, value(own + 1)))
  const partners = partnersOf(x)
  const blended = mixup > 0 ? blend(x, partners, 0) : x
  const [, h = 0, w = 0] = x.shape
  const within = (size: number, shape: number[], first: tf.Tensor, end: tf.Tensor) => {
    const at = tf.tensor(
      Float32Array.from({ length: size }, (_, i) => i),
      shape,
    )
    return tf.logicalAnd(tf.greaterEqual(at, first), tf.less(at, end))
  }
  const inBox = () =>
    tf.logicalAnd(within(h, [1, h, 1, 1], value(2), value(4)), within(w, [1, 1, w, 1], value(3), value(5)))
  return {
    x: cutmix > 0 ? tf.where(inBox(), partners, blended) : blended,
    targets: blend(targets, partnersOf(targets), 6),
  }
}

/** Each row takes the place of the next one. */
function rolled(rows: tf.Tensor): tf.Tensor {
  const [n = 0, ...rest] = rows.shape
  const start = rest.map(() => 0)
  return tf.concat(
    [tf.slice(rows, [n - 1, ...start], [1, ...rest]), tf.slice(rows, [0, ...start], [n - 1, ...rest])],
    0,
  )
}
