// Layers against PyTorch (tools/oracle), op by op and traced. Tolerance 1e-5 of the norm, float32 against float64.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { layerOracles, type OracleTensor } from '../../../../tools/oracle/read-values.ts'
import { relativeError, runEagerly, runTraced, startForTests } from '../start-for-tests.ts'
import { gelu, relu, scaledTanh } from './activations.ts'
import { batchNormInference, batchNormTraining } from './batch-norm.ts'
import { conv2d } from './conv2d.ts'
import { smoothedTargets, softmaxCrossEntropy } from './cross-entropy.ts'

beforeAll(startForTests)

const oracles = layerOracles()
const tolerance = 1e-5
type Body = (...inputs: tf.Tensor[]) => tf.Tensor[]

/** Output and gradients of sum(f(inputs) x upstream); the last input is upstream. */
function withGradients(f: (...inputs: tf.Tensor[]) => tf.Tensor): Body {
  return (...all) => {
    const inputs = all.slice(0, -1)
    const upstream = all.at(-1) as tf.Tensor
    const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), upstream)))(inputs)
    return [f(...inputs), ...gradients]
  }
}

function expectBoth(body: Body, inputs: OracleTensor[], expected: OracleTensor[]): void {
  for (const results of [runEagerly(body, inputs), runTraced(body, inputs)]) {
    expect(results).toHaveLength(expected.length)
    for (const [i, reference] of expected.entries()) {
      expect(relativeError(results[i] ?? [], reference.values)).toBeLessThan(tolerance)
    }
  }
}

describe('convolution', () => {
  test.each(
    oracles.convolution.map(
      (c) => [`stride ${c.stride}, padding ${c.padding}, ${c.bias ? '' : 'no '}bias`, c] as const,
    ),
  )('%s equals torch.nn.functional.conv2d', (_, c) => {
    const pad = (x: tf.Tensor) =>
      c.padding === 0
        ? x
        : tf.pad(x, [
            [0, 0],
            [c.padding, c.padding],
            [c.padding, c.padding],
            [0, 0],
          ])
    const f = (x: tf.Tensor, w: tf.Tensor, b?: tf.Tensor) => {
      const y = conv2d(pad(x), w, c.stride, 'valid')
      return b ? tf.add(y, b) : y
    }
    const bias = c.bias && c.biasGradient ? [[c.bias], [c.biasGradient]] : [[], []]
    expectBoth(
      withGradients(f),
      [c.input, c.filter, ...(bias[0] ?? []), c.upstream],
      [c.output, c.inputGradient, c.filterGradient, ...(bias[1] ?? [])],
    )
  })
})

describe('batch normalisation', () => {
  test.each(oracles.batchNorm.map((c) => [`epsilon ${c.epsilon}`, c] as const))(
    '%s equals torch.nn.BatchNorm2d',
    (_, c) => {
      const training = (x: tf.Tensor, g: tf.Tensor, b: tf.Tensor) => {
        const { y, mean, variance } = batchNormTraining(x, g, b, c.epsilon)
        mean.dispose()
        variance.dispose()
        return y
      }
      expectBoth(
        withGradients(training as (...inputs: tf.Tensor[]) => tf.Tensor),
        [c.input, c.scale, c.offset, c.upstream],
        [c.output, c.inputGradient, c.scaleGradient, c.offsetGradient],
      )
      const statistics: Body = (x, g, b) => {
        const { mean, variance } = batchNormTraining(x as tf.Tensor, g as tf.Tensor, b as tf.Tensor, c.epsilon)
        const w = c.newStatisticsWeight
        const results = [tf.mul(mean, w), tf.add(tf.mul(variance, w), 1 - w)]
        mean.dispose()
        variance.dispose()
        return results
      }
      expectBoth(statistics, [c.input, c.scale, c.offset], [c.runningMean, c.runningVariance])
      const inference: Body = (x, g, b, m, v) => [
        batchNormInference(x as tf.Tensor, g as tf.Tensor, b as tf.Tensor, m as tf.Tensor, v as tf.Tensor, c.epsilon),
      ]
      expectBoth(inference, [c.input, c.scale, c.offset, c.runningMean, c.runningVariance], [c.evalOutput])
    },
  )
})

describe('pooling', () => {
  test.each(oracles.pool.map((c) => [`${c.name} ${c.size}`, c] as const))('%s equals PyTorch', (_, c) => {
    const pool = c.name === 'max' ? tf.maxPool : tf.avgPool
    const f = (x: tf.Tensor) => pool(x as tf.Tensor4D, c.size, c.size, 'valid')
    expectBoth(
      withGradients(f as (...inputs: tf.Tensor[]) => tf.Tensor),
      [c.input, c.upstream],
      [c.output, c.inputGradient],
    )
  })
})

describe('activation', () => {
  const functions = { relu, gelu, 'scaled-tanh': scaledTanh }
  test.each(oracles.activation.map((c) => [c.name, c] as const))('%s equals PyTorch', (name, c) => {
    expectBoth(
      withGradients(functions[name] as (...inputs: tf.Tensor[]) => tf.Tensor),
      [c.input, c.upstream],
      [c.output, c.inputGradient],
    )
  })
})

describe('cross entropy', () => {
  test.each(oracles.crossEntropy.map((c) => [`smoothing ${c.labelSmoothing}`, c] as const))(
    '%s equals PyTorch',
    (_, c) => {
      const classes = c.logits.shape[1] ?? 0
      const body: Body = (logits) => {
        const targets = smoothedTargets(tf.tensor1d(c.labels, 'int32'), classes, c.labelSmoothing)
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => softmaxCrossEntropy(x, targets))(logits as tf.Tensor)
        return [value, grad]
      }
      expectBoth(body, [c.logits], [{ shape: [], values: [c.loss] }, c.logitsGradient])
    },
  )
})
