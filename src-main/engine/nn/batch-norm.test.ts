// Batch normalisation under a run's settings, against PyTorch (tools/oracle/batch_norm_forms.py), op by op and traced. Tolerance
// 1e-5 of the norm, float32 against float64.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { batchNormFormOracles } from '../../../tools/oracle/read-batch-norm.ts'
import type { NormCase } from '../../../tools/oracle/read-values.ts'
import { layerOracles, type OracleTensor } from '../../../tools/oracle/read-values.ts'
import { relativeError, runEagerly, runTraced, startForTests } from '../tensorflow/start-for-tests.ts'
import { type BatchNormOptions, batchNorm } from './layers.ts'
import { modelBuilders } from './model-builders.ts'
import type { BatchNormSettings } from './model-options.ts'
import { type ForwardPass, type Parameter, ParameterSet } from './parameters.ts'

beforeAll(startForTests)

const tolerance = 1e-5
const oracles = batchNormFormOracles()

interface Given {
  settings: BatchNormSettings
  architecture?: Partial<BatchNormOptions>
  mean: OracleTensor
  variance: OracleTensor
}

/** Output, gradients of input, gamma and beta, and the running statistics that a training pass hands over. */
function trained(c: NormCase, { settings, architecture, mean, variance }: Given): Float32Array[][] {
  const set = new ParameterSet(1, { norm: settings })
  const layer = batchNorm(set, { name: 'bn', channels: c.scale.values.length, ...architecture })
  const named = (end: string) => set.all.find(({ name }) => name.endsWith(end)) as Parameter
  const body = (...inputs: tf.Tensor[]) => {
    const [x, g, b, m, v, upstream] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    const moved = new Map<Parameter, tf.Tensor>()
    const run = (...[input, gamma, beta]: tf.Tensor[]) => {
      const values = new Map([
        [named('.weight'), gamma],
        [named('.bias'), beta],
        [named('.running_mean'), m],
        [named('.running_var'), v],
      ])
      const pass: ForwardPass = {
        training: true,
        read: (parameter) => values.get(parameter) as tf.Tensor,
        onStatistics: (buffer, value) => moved.set(buffer, value),
      }
      return layer(input as tf.Tensor, pass)
    }
    const y = run(x, g, b)
    const statistics = ['.running_mean', '.running_var'].flatMap((end) => moved.get(named(end)) ?? [])
    const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(run(...xs), upstream)))([x, g, b])
    return [y, ...gradients, ...statistics]
  }
  const inputs = [c.input, c.scale, c.offset, mean, variance, c.upstream]
  const results = [runEagerly, runTraced].map((run) => run(body, inputs))
  set.dispose()
  return results
}

const filled = (like: OracleTensor, value: number): OracleTensor => ({
  shape: like.shape,
  values: like.values.map(() => value),
})

function expectEqual(results: Float32Array[][], expected: OracleTensor[]): void {
  for (const found of results) {
    expect(found).toHaveLength(expected.length)
    for (const [i, { values }] of expected.entries()) {
      expect(relativeError(found[i] ?? [], values)).toBeLessThan(tolerance)
    }
  }
}

const gradientsOf = (c: NormCase) => [c.output, c.inputGradient, c.scaleGradient, c.offsetGradient]

test.each(oracles.ghosts.map((c) => [`${c.input.shape[0]} pictures in groups of ${c.group}`, c] as const))(
  '%s equal BatchNorm2d on one group after the other',
  (_, c) => {
    const start = { mean: filled(c.runningMean, 0), variance: filled(c.runningVariance, 1) }
    const results = trained(c, { settings: { ghostBatch: c.group }, ...start })
    expectEqual(results, [...gradientsOf(c), c.runningMean, c.runningVariance])
  },
)

test.each(['statistics', 'all'] as const)('frozen, %s, it equals BatchNorm2d in evaluation', (freeze) => {
  const c = oracles.frozen
  // No statistics are handed over.
  expectEqual(trained(c, { settings: { freeze }, mean: c.runningMean, variance: c.runningVariance }), gradientsOf(c))
})

test('momentum and epsilon of the run take the place of the architecture', () => {
  const other = layerOracles().batchNorm.find(({ epsilon }) => epsilon === 1e-12)
  if (!other) throw new Error('The oracle has no case of epsilon 1e-12.')
  const start = { mean: filled(other.runningMean, 0), variance: filled(other.runningVariance, 1) }
  const settings = { momentum: other.newStatisticsWeight, epsilon: other.epsilon }
  const results = trained(other, { settings, architecture: { momentum: 0.01, epsilon: 1e-3 }, ...start })
  expectEqual(results, [...gradientsOf(other), other.runningMean, other.runningVariance])
})

test('builders pass the settings on: frozen scales and offsets do not train', () => {
  for (const name of ['resnet20-cifar', 'mobilenet-v2', 'densenet121', 'airbench94'] as const) {
    const network = modelBuilders[name](10, 1, { norm: { freeze: 'all' }, initialise: false })
    const norms = network.parameters.all.filter(({ role }) => role === 'norm-weight' || role === 'norm-bias')
    expect(norms.length).toBeGreaterThan(10)
    expect(
      norms.filter(({ trainable }) => trainable),
      name,
    ).toEqual([])
    network.parameters.dispose()
  }
})
