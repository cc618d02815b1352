// Every differentiable operation in use: its gradient along a random direction against central differences, and traced
// against op by op. Float32 differences of step 1e-2 on smooth operations are good to about 1e-3.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { relativeError, runEagerly, runTraced, startForTests, type TestTensor } from '../start-for-tests.ts'
import { gelu, hardSigmoid, hardSwish, relu, relu6, scaledTanh, swish } from './activations.ts'
import { batchNormTraining } from './batch-norm.ts'
import { biasAdd } from './bias-add.ts'
import { conv2d } from './conv2d.ts'
import { softmaxCrossEntropy } from './cross-entropy.ts'
import { dropout, dropPath } from './dropout.ts'
import { groupedConv2d } from './grouped-conv2d.ts'
import { layerNorm } from './layer-norm.ts'

beforeAll(startForTests)

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor
interface Case {
  f: Operation
  shapes: number[][]
}

const one = (f: (x: tf.Tensor) => tf.Tensor, ...shape: number[]): Case => ({ f: f as Operation, shapes: [shape] })
const two = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, a: number[], b: number[]): Case => ({
  f: f as Operation,
  shapes: [a, b],
})
const image = [2, 6, 6, 4]

const cases: Record<string, Case> = {
  'conv2d same': two((x, w) => conv2d(x, w, 1, 'same'), image, [3, 3, 4, 5]),
  'conv2d stride 2': two((x, w) => conv2d(x, w, 2, 'valid'), [2, 7, 7, 4], [3, 3, 4, 5]),
  'conv2d 2x2 valid': two((x, w) => conv2d(x, w, 1, 'valid'), image, [2, 2, 4, 3]),
  'grouped conv2d': two((x, w) => groupedConv2d(x, w, 1, 'same'), image, [3, 3, 2, 6]),
  'depthwise conv2d': two((x, w) => groupedConv2d(x, w, 1, 'same'), image, [3, 3, 1, 4]),
  'depthwise conv2d stride 2': two((x, w) => groupedConv2d(x, w, 2, 'valid'), image, [5, 5, 1, 4]),
  matMul: two((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [3, 4], [4, 5]),
  'matMul transposed': two((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true, false), [4, 3], [4, 5]),
  'matMul of batches': two(
    (a, b) => tf.matMul(a as tf.Tensor4D, b as tf.Tensor4D, false, true),
    [2, 2, 3, 4],
    [2, 2, 5, 4],
  ),
  softmax: one((x) => tf.softmax(x), 2, 3, 4),
  transpose: one((x) => tf.transpose(x, [0, 2, 1, 3]), ...image),
  split: one((x) => tf.mul(...(tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor])), ...image),
  concat: two((a, b) => tf.concat([a, b], 1), [2, 1, 3], [2, 4, 3]),
  slice: one((x) => tf.slice(x, [0, 1, 0], [2, 1, 3]), 2, 4, 3),
  'bias add': two(biasAdd, image, [4]),
  'layer normalisation': {
    shapes: [[2, 3, 8], [8], [8]],
    f: ((x: tf.Tensor, g: tf.Tensor, b: tf.Tensor) => layerNorm(x, g, b, 1e-6)) as Operation,
  },
  dropout: one((x) => dropout(x, 0.3, tf.tensor1d([1, 2], 'int32')), ...image),
  'drop-path': one((x) => dropPath(x, 0.3, tf.tensor1d([1, 5], 'int32')), 8, 2, 3),
  'add with broadcast': two((a, b) => tf.add(a, b), image, [4]),
  'mul with broadcast': two((a, b) => tf.mul(a, b), image, [4]),
  'pad channels': one(
    (x) =>
      tf.pad(x, [
        [0, 0],
        [0, 0],
        [0, 0],
        [2, 2],
      ]),
    ...image,
  ),
  'pad space': one(
    (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]),
    ...image,
  ),
  'every second pixel': one((x) => tf.avgPool(x as tf.Tensor4D, 1, 2, 'valid'), ...image),
  'average pool': one((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'), ...image),
  'max pool': one((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), ...image),
  'global mean': one((x) => tf.mean(x, [1, 2]), ...image),
  reshape: one((x) => tf.reshape(x, [2, 144]), ...image),
  relu: one(relu, ...image),
  relu6: one((x) => relu6(tf.mul(x, 5)), ...image),
  swish: one(swish, ...image),
  'hard sigmoid': one((x) => hardSigmoid(tf.mul(x, 3)), ...image),
  'hard swish': one((x) => hardSwish(tf.mul(x, 3)), ...image),
  gelu: one(gelu, ...image),
  'scaled tanh': one(scaledTanh, ...image),
  'batch normalisation': {
    shapes: [image, [4], [4]],
    f: ((x: tf.Tensor, g: tf.Tensor, b: tf.Tensor) => {
      const { y, mean, variance } = batchNormTraining(x, g, b, 1e-5)
      mean.dispose()
      variance.dispose()
      return y
    }) as Operation,
  },
  'cross entropy': one(
    (x) => softmaxCrossEntropy(x, tf.oneHot(tf.tensor1d([1, 0, 3], 'int32'), 5, 0.9, 0.025, 'float32')),
    3,
    5,
  ),
}

// Distinct values a wide step apart, so that no step crosses a kink of relu or changes a maximum.
function spread(shape: number[], offset: number): TestTensor {
  const size = shape.reduce((a, b) => a * b, 1)
  const values = Array.from(
    { length: size },
    (_, i) => (((i * 37 + offset * 11) % size) / size) * 3 - 1.5 + 0.75 / size,
  )
  return { shape, values }
}

const direction = (shape: number[], offset: number): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7 + offset))

// The output is weighted so that constant sums (as of batch normalisation) do not hide an error.
const weighted = (y: tf.Tensor) => {
  const weights = Float32Array.from({ length: y.size }, (_, i) => Math.cos(i * 0.9))
  return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)))
}

test.each(Object.entries(cases))(
  'the gradient of %s agrees with finite differences and with its traced form',
  (_, { f, shapes }) => {
    const inputs = shapes.map((shape, i) => spread(shape, i + 1))
    const gradientBody = (...xs: tf.Tensor[]) => tf.grads((...v: tf.Tensor[]) => weighted(f(...v)))(xs)
    const gradients = runEagerly(gradientBody, inputs)
    const traced = runTraced(gradientBody, inputs)
    for (const [i, gradient] of gradients.entries()) expect(relativeError(traced[i] ?? [], gradient)).toBeLessThan(1e-5)

    const step = 1e-3
    const value = (sign: number) => {
      const moved = inputs.map(({ shape, values }, i) => {
        const along = direction(shape, i)
        return { shape, values: values.map((v, j) => v + sign * step * (along[j] ?? 0)) }
      })
      return runEagerly((...xs) => [weighted(f(...xs))], moved)[0]?.[0] ?? Number.NaN
    }
    const difference = (value(1) - value(-1)) / (2 * step)
    const directional = gradients.reduce(
      (sum, gradient, i) => sum + direction(shapes[i] ?? [], i).reduce((s, d, j) => s + d * (gradient[j] ?? 0), 0),
      0,
    )
    const size = Math.sqrt(gradients.reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0))
    expect(Math.abs(difference - directional) / Math.max(1, size)).toBeLessThan(5e-3)
  },
)

test.each([
  [3, 8],
  [3, 256],
  [1, 24],
])(
  'the bfloat16 gradients of a convolution of %i pixels, 64 to %i, are as close to float32 as the stock ones',
  (kernel, outputs) => {
    const inputs = [spread([2, 6, 6, 64], 1), spread([kernel, kernel, 64, outputs], 2)]
    const gradientsOf =
      (convolve: Operation) =>
      (...xs: tf.Tensor[]) =>
        tf.grads((...v: tf.Tensor[]) => weighted(convolve(...v)))(xs)
    const ours = gradientsOf(((x: tf.Tensor, w: tf.Tensor) => conv2d(x, w, 1, 'same')) as Operation)
    const stock = gradientsOf(((x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, 1, 'same')) as Operation)
    const bfloat16 = { mixedPrecision: 'bfloat16' } as const
    const reference = runTraced(stock, inputs)
    const [found, usual] = [runTraced(ours, inputs, bfloat16), runTraced(stock, inputs, bfloat16)]
    for (const [i, gradient] of reference.entries()) {
      const error = relativeError(found[i] ?? [], gradient)
      const usualError = relativeError(usual[i] ?? [], gradient)
      // bfloat16 keeps 8 bits, so the stock error is some thousandths: it must not be zero, nor ours much larger.
      expect(usualError).toBeGreaterThan(1e-4)
      expect(error).toBeLessThan(1.5 * usualError)
    }
  },
)
