// Activations with TensorFlow's fused gradients or as XLA parts.
import * as tf from '@tensorflow/tfjs-core'
import { fusedByXla } from '../elementwise.ts'
import { floatType, rawOp } from './raw-op.ts'

type Activation = (x: tf.Tensor) => tf.Tensor
type CustomGradient = Parameters<typeof tf.customGrad>[0]

/** customGrad for one tensor: further arguments, such as a layer's pass, do not reach tfjs, which takes all for tensors. */
function activation(f: CustomGradient): Activation {
  const differentiable = tf.customGrad(f) as Activation
  return (x) => differentiable(x)
}

/** max(x, 0), any shape; gradient by ReluGrad (tfjs composes Step, Cast and Mul). */
export const relu = activation((x, save) => {
  const y = rawOp('Relu', [floatType], [x as tf.Tensor])
  ;(save as tf.GradSaveFunc)([y])
  return {
    value: y,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => rawOp('ReluGrad', [floatType], [dy, saved[0] as tf.Tensor]),
  }
})

/** min(max(x, 0), 6), any shape. */
export const relu6 = activation((x, save) => {
  const y = rawOp('Relu6', [floatType], [x as tf.Tensor])
  ;(save as tf.GradSaveFunc)([y])
  return {
    value: y,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => rawOp('Relu6Grad', [floatType], [dy, saved[0] as tf.Tensor]),
  }
})

/** An elementwise function and its derivative, each one XLA part; `name` is unique. */
function elementwise(
  name: string,
  f: (x: tf.Tensor) => tf.Tensor,
  gradient: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
) {
  return activation((input, save) => {
    const x = input as tf.Tensor
    ;(save as tf.GradSaveFunc)([x])
    return {
      value: fusedByXla(name, f as (...inputs: tf.Tensor[]) => tf.Tensor, [x]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        fusedByXla(`${name}_grad`, gradient as (...inputs: tf.Tensor[]) => tf.Tensor, [dy, saved[0] as tf.Tensor]),
    }
  })
}

/** x sigmoid(x), as torch.nn.SiLU (Ramachandran et al. 2017), any shape. */
export const swish = elementwise(
  'swish',
  (x) => tf.mul(x, tf.sigmoid(x)),
  (dy, x) => {
    const gate = tf.sigmoid(x)
    // gate (1 + x (1 - gate))
    return tf.mul(dy, tf.mul(gate, tf.add(tf.mul(x, tf.sub(1, gate)), 1)))
  },
)

const clipTo6 = (x: tf.Tensor) => tf.minimum(tf.maximum(x, 0), 6)
/** 1 where low < x < high, else 0. */
const between = (x: tf.Tensor, low: number, high: number) =>
  tf.cast(tf.logicalAnd(tf.greater(x, low), tf.less(x, high)), 'float32')

/** clip(x + 3, 0, 6) / 6, as torch.nn.Hardsigmoid (Howard et al. 2019), any shape. */
export const hardSigmoid = elementwise(
  'hard_sigmoid',
  (x) => tf.mul(clipTo6(tf.add(x, 3)), 1 / 6),
  (dy, x) => tf.mul(dy, tf.mul(between(x, -3, 3), 1 / 6)),
)

/** x clip(x + 3, 0, 6) / 6, as torch.nn.Hardswish (Howard et al. 2019), any shape. */
export const hardSwish = elementwise(
  'hard_swish',
  (x) => tf.mul(x, tf.mul(clipTo6(tf.add(x, 3)), 1 / 6)),
  (dy, x) => {
    const inner = tf.mul(between(x, -3, 3), tf.add(tf.mul(x, 1 / 3), 0.5))
    return tf.mul(dy, tf.add(inner, tf.cast(tf.greaterEqual(x, 3), 'float32')))
  },
)

const inverseSqrt2 = Math.SQRT1_2
const inverseSqrt2Pi = 1 / Math.sqrt(2 * Math.PI)
const normalCdf = (x: tf.Tensor) => tf.mul(tf.add(tf.erf(tf.mul(x, inverseSqrt2)), 1), 0.5)

/** GELU with the exact normal distribution function, as torch.nn.GELU() (Hendrycks and Gimpel 2016); any shape. */
export const gelu = elementwise(
  'gelu',
  (x) => tf.mul(x, normalCdf(x)),
  (dy, x) => {
    const density = tf.mul(tf.exp(tf.mul(tf.mul(x, x), -0.5)), inverseSqrt2Pi)
    return tf.mul(dy, tf.add(normalCdf(x), tf.mul(x, density)))
  },
)

// LeCun et al. 1998, appendix A: f(a) = A tanh(S a) with A = 1.7159 and S = 2/3.
const amplitude = 1.7159
const slope = 2 / 3

/** LeNet's scaled hyperbolic tangent, any shape. */
export const scaledTanh = activation((input, save) => {
  const y = rawOp('Tanh', [floatType], [tf.mul(input as tf.Tensor, slope)])
  ;(save as tf.GradSaveFunc)([y])
  return {
    value: tf.mul(y, amplitude),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
      rawOp('TanhGrad', [floatType], [saved[0] as tf.Tensor, tf.mul(dy, amplitude * slope)]),
  }
})
