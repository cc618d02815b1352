// Whole networks against PyTorch (tools/oracle): logits, loss, gradients, running statistics, logits of the test
// views. The rest of the registry: registry-networks.test.ts. Tolerance 1e-4 of the norm, float32 against float64.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { picturesOf, setByFormula, tolerance, torchShapes, trainingPass } from '../../../tools/oracle/expect-network.ts'
import { pattern, patternProjection } from '../../../tools/oracle/pattern.ts'
import { type NetworkOracle, networkOracles, whiteningOracle } from '../../../tools/oracle/read-values.ts'
import type { ModelName } from '../../shared/registry/models.ts'
import { evaluationPass } from '../nn/evaluation-pass.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import { whiteningFilters } from '../nn/models/airbench.ts'
import type { Parameter } from '../nn/parameters.ts'
import { relativeError, runEagerly, runTraced, startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../tensorflow/variables.ts'
import { testViews } from './evaluation-step.ts'
import { fromTorchLayout, toTorchLayout } from './torch-layout.ts'

beforeAll(startForTests)

test('a seed fixes the initial values, and another seed gives others', () => {
  const values = (seed: number) => {
    const network = modelBuilders['resnet20-cifar'](10, seed)
    const first = network.parameters.all[0] as Parameter
    const copy = readVariableValues(first.variable)
    network.parameters.dispose()
    return copy
  }
  expect(values(1)).toEqual(values(1))
  expect(values(1)).not.toEqual(values(2))
})

describe.each(networkOracles().map((oracle) => [oracle.name, oracle] as const))('%s', (_, oracle) => {
  test.each(['op by op', 'traced'] as const)('%s equals PyTorch', (mode) => {
    const network = modelBuilders[oracle.name as ModelName](10, 1)
    expect(torchShapes(network)).toEqual(oracle.parameters.map(({ name, shape }) => ({ name, shape })))
    setByFormula(network)
    const pictures = picturesOf(oracle.images)
    const run = (body: (x: tf.Tensor) => tf.Tensor[]) =>
      (mode === 'traced' ? runTraced : runEagerly)((x) => body(x as tf.Tensor), [pictures])
    const trainable = network.parameters.all.filter((p) => p.trainable)
    const [logits, loss, ...gradients] = run((x) => trainingPass(network, trainable, oracle, x))
    expect(relativeError(logits ?? [], oracle.trainLogits.flat())).toBeLessThan(tolerance)
    expect(relativeError(loss ?? [], [oracle.loss])).toBeLessThan(tolerance)
    for (const [i, parameter] of trainable.entries())
      expectGradient(oracle, parameter, gradients[i] ?? new Float32Array(0))
    for (const { name, values } of oracle.runningStatistics) {
      const buffer = network.parameters.all.find((p) => p.name === name) as Parameter
      expect(relativeError(readVariableValues(buffer.variable), values)).toBeLessThan(tolerance)
    }
    const forward = (x: tf.Tensor) => network.forward(x, evaluationPass())
    const views = run((x) => [
      testViews.none(forward, x),
      testViews.mirror(forward, x),
      testViews['mirror-translate'](forward, x),
    ])
    const expected = [oracle.evalLogits, oracle.viewLogits.mirror, oracle.viewLogits['mirror-translate']]
    for (const [i, reference] of expected.entries())
      expect(relativeError(views[i] ?? [], reference.flat())).toBeLessThan(tolerance)
    network.parameters.dispose()
  })
})

test('the whitening filters of airbench94 equal those of the reference up to the sign of an eigenvector', () => {
  const oracle = whiteningOracle()
  const filters = tf.tidy(() => whiteningFilters(tf.tensor(oracle.pictures.values, oracle.pictures.shape, 'float32')))
  const { values } = toTorchLayout(filters, [2, 2, 3, 24], 'conv-weight')
  for (let i = 0; i < 12; i++) {
    const found = values.slice(i * 12, (i + 1) * 12)
    const opposite = values.slice((i + 12) * 12, (i + 13) * 12)
    expect(
      relativeError(
        opposite.map((v) => -v),
        found,
      ),
    ).toBeLessThan(1e-6)
    const largest = found.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))
    const signed = found.map((v) => v * Math.sign(largest))
    expect(relativeError(signed, oracle.filters.values.slice(i * 12, (i + 1) * 12))).toBeLessThan(1e-3)
  }
})

test("the two layouts of weights are each other's inverse", () => {
  const values = pattern(1, 2 * 3 * 4 * 5)
  const torch = toTorchLayout(values, [2, 3, 4, 5], 'conv-weight')
  expect(torch.shape).toEqual([5, 4, 2, 3])
  // HWIO [1, 2, 3, 4] is OIHW [4, 3, 1, 2].
  expect(torch.values[((4 * 4 + 3) * 2 + 1) * 3 + 2]).toBe(values[((1 * 3 + 2) * 4 + 3) * 5 + 4])
  expect(fromTorchLayout(torch.values, [2, 3, 4, 5], 'conv-weight')).toEqual(values)
})

function expectGradient(oracle: NetworkOracle, parameter: Parameter, gradient: Float32Array): void {
  const index = oracle.parameters.findIndex((p) => p.name === parameter.name)
  const reference = oracle.parameters[index]?.gradient
  if (!reference) throw new Error(`The oracle has no gradient of ${parameter.name}.`)
  const { values } = toTorchLayout(gradient, parameter.variable.shape, parameter.role)
  const close = (found: number, expected: number) =>
    expect(Math.abs(found - expected) / reference.norm).toBeLessThan(tolerance)
  close(Math.sqrt(values.reduce((sum, v) => sum + v * v, 0)), reference.norm)
  for (const [i, at] of reference.indices.entries()) close(values[at] ?? Number.NaN, reference.values[i] ?? 0)
  const projection = patternProjection(index, values)
  // The projection sums as many terms as the parameter has values.
  expect(Math.abs(projection - reference.projection) / reference.norm).toBeLessThan(
    tolerance * Math.sqrt(values.length),
  )
}
