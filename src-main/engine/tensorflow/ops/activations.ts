// Activations with TensorFlow's fused gradients or as XLA parts.
import * as tf from '@tensorflow/tfjs-core'
import { fusedByXla } from '../elementwise.ts'
import { floatType, rawOp } from './raw-op.ts'

/** max(x, 0), any shape; gradient by ReluGrad (tfjs composes Step, Cast and Mul). */
export const relu = tf.customGrad((x, save) => {
  const y = rawOp('Relu', [floatType], [x as tf.Tensor])
  ;(save as tf.GradSaveFunc)([y])
  return {
    value: y,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => rawOp('ReluGrad', [floatType], [dy, saved[0] as tf.Tensor]),
  }
}) as (x: tf.Tensor) => tf.Tensor

const inverseSqrt2 = Math.SQRT1_2
const inverseSqrt2Pi = 1 / Math.sqrt(2 * Math.PI)
const normalCdf = (x: tf.Tensor) => tf.mul(tf.add(tf.erf(tf.mul(x, inverseSqrt2)), 1), 0.5)

/** GELU with the exact normal distribution function, as torch.nn.GELU() (Hendrycks and Gimpel 2016); any shape. */
export const gelu = tf.customGrad((input, save) => {
  const x = input as tf.Tensor
  ;(save as tf.GradSaveFunc)([x])
  return {
    value: fusedByXla('gelu', (v) => tf.mul(v, normalCdf(v)), [x]),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
      fusedByXla(
        'gelu_grad',
        (g, v) => {
          const density = tf.mul(tf.exp(tf.mul(tf.mul(v, v), -0.5)), inverseSqrt2Pi)
          return tf.mul(g, tf.add(normalCdf(v), tf.mul(v, density)))
        },
        [dy, saved[0] as tf.Tensor],
      ),
  }
}) as (x: tf.Tensor) => tf.Tensor

// LeCun et al. 1998, appendix A: f(a) = A tanh(S a) with A = 1.7159 and S = 2/3.
const amplitude = 1.7159
const slope = 2 / 3

/** LeNet's scaled hyperbolic tangent, any shape. */
export const scaledTanh = tf.customGrad((input, save) => {
  const y = rawOp('Tanh', [floatType], [tf.mul(input as tf.Tensor, slope)])
  ;(save as tf.GradSaveFunc)([y])
  return {
    value: tf.mul(y, amplitude),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
      rawOp('TanhGrad', [floatType], [saved[0] as tf.Tensor, tf.mul(dy, amplitude * slope)]),
  }
}) as (x: tf.Tensor) => tf.Tensor
