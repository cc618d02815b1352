import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { gelu, relu } from './ops/activations.ts'
import { batchNormTraining } from './ops/batch-norm.ts'
import { conv2d } from './ops/conv2d.ts'
import { type Block, recomputed } from './recompute.ts'
import { relativeError, runEagerly, runTraced, startForTests, type TestTensor } from './start-for-tests.ts'

beforeAll(startForTests)

const values = (shape: number[], offset: number): TestTensor => ({
  shape,
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.3 + offset)),
})
const inputs = [
  values([2, 6, 6, 4], 0),
  ...[1, 2].flatMap((i) => [values([3, 3, 4, 4], i), values([4], i + 0.5), values([4], i + 0.7)]),
]

let runs = 0
/** Convolution, batch normalisation and an activation; its parameters are inputs. */
const block =
  (activation: (x: tf.Tensor) => tf.Tensor): Block =>
  (x, w, gamma, beta) => {
    runs += 1
    const { y, mean, variance } = batchNormTraining(
      conv2d(x as tf.Tensor, w as tf.Tensor, 1, 'same'),
      gamma as tf.Tensor,
      beta as tf.Tensor,
      1e-5,
    )
    mean.dispose()
    variance.dispose()
    return tf.add(activation(y), x as tf.Tensor)
  }

type Call = (block: Block, inputs: tf.Tensor[]) => tf.Tensor

/** Loss and gradients of two blocks one after the other. */
const twoBlocks =
  (call: Call) =>
  (...all: tf.Tensor[]): tf.Tensor[] => {
    const loss = (...[x, ...parameters]: tf.Tensor[]) => {
      const h = call(block(relu), [x as tf.Tensor, ...parameters.slice(0, 3)])
      const y = call(block(gelu), [h, ...parameters.slice(3)])
      return tf.mean(tf.mul(y, y)) as tf.Scalar
    }
    const { value, grads } = tf.valueAndGrads(loss)(all)
    return [value, ...grads]
  }

test.each([
  ['op by op', runEagerly],
  ['traced', runTraced],
] as const)('%s, a block that is computed again has the loss and gradients of the plain one', (_, run) => {
  const plain = run(
    twoBlocks((f, xs) => f(...xs)),
    inputs,
  )
  runs = 0
  const again = run(twoBlocks(recomputed), inputs)
  expect(runs).toBe(4)
  expect(again).toHaveLength(8)
  for (const [i, expected] of plain.entries()) expect(relativeError(again[i] ?? [], expected)).toBeLessThan(1e-6)
})

test('a gradient taken around another keeps its own tape', () => {
  const [outer] = runEagerly(
    (x) => {
      const square = (v: tf.Tensor) => recomputed((u) => tf.mul(u as tf.Tensor, u as tf.Tensor), [v])
      return [tf.grad((v) => tf.sum(square(square(v))))(x as tf.Tensor)]
    },
    [{ shape: [1], values: [2] }],
  )
  expect(outer?.[0]).toBeCloseTo(32, 4)
})
