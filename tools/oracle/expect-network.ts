// Whole networks against the oracle's values: parameters by formula, one training pass, one pass with running statistics.
// Tolerance 1e-4 of the norm, float32 against float64.
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { evaluationPass } from '../../src-main/engine/nn/evaluation-pass.ts'
import type { ForwardPass, Network, Parameter } from '../../src-main/engine/nn/parameters.ts'
import { smoothedTargets, softmaxCrossEntropy } from '../../src-main/engine/tensorflow/ops/cross-entropy.ts'
import { relativeError, runTraced, type TestTensor } from '../../src-main/engine/tensorflow/start-for-tests.ts'
import {
  assignVariable,
  readVariable,
  readVariableValues,
  writeVariable,
} from '../../src-main/engine/tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from '../../src-main/engine/train/torch-layout.ts'
import { patternImages, patternParameter, patternProjection } from './pattern.ts'
import type { NetworkInference, NetworkValues, TensorSummary } from './read-networks.ts'

export const tolerance = 1e-4

/** Parameters with gradients or fixed ones, in the order that numbers them for the oracle. */
export const learned = (network: Network) => network.parameters.all.filter((p) => p.role !== 'buffer')

/** Name and shape in PyTorch's layout of each parameter. */
export function torchShapes(network: Network): { name: string; shape: number[] }[] {
  return learned(network).map(({ name, role, variable }) => {
    return { name, shape: toTorchLayout(new Float32Array(0), variable.shape, role).shape }
  })
}

/** All parameters but the `kept` ones by `patternParameter`; running statistics at 0 and 1. */
export function setByFormula(network: Network, kept: readonly string[] = []): void {
  const shapes = torchShapes(network)
  for (const [i, { name, role, variable }] of learned(network).entries()) {
    if (kept.includes(name)) continue
    const values = patternParameter(i, name, shapes[i]?.shape ?? [])
    writeVariable(variable, fromTorchLayout(values, variable.shape, role))
  }
  for (const { name, role, variable } of network.parameters.all) {
    if (role === 'buffer') writeVariable(variable, new Float32Array(variable.size).fill(name.endsWith('var') ? 1 : 0))
  }
}

export interface TrainingTargets {
  labels: number[]
  labelSmoothing?: number
}

/** Logits with batch statistics, loss, gradients of `trainable`; updates the running statistics. */
export function trainingPass(
  network: Network,
  trainable: readonly Parameter[],
  { labels, labelSmoothing = 0 }: TrainingTargets,
  x: tf.Tensor,
): tf.Tensor[] {
  const values = new Map(network.parameters.all.map((p) => [p, readVariable(p.variable)]))
  const statistics: { buffer: Parameter; value: tf.Tensor }[] = []
  const pass: ForwardPass = {
    training: true,
    read: (p) => values.get(p) as tf.Tensor,
    onStatistics: (buffer, value) => statistics.push({ buffer, value }),
  }
  let logits = x
  const lossOf = () => {
    logits = tf.keep(network.forward(x, pass))
    const targets = smoothedTargets(tf.tensor1d(labels, 'int32'), logits.shape[1] ?? 0, labelSmoothing)
    return softmaxCrossEntropy(logits, targets) as tf.Scalar
  }
  const inputs = trainable.map((p) => values.get(p) as tf.Tensor)
  const { value, grads } = inputs.length > 0 ? tf.valueAndGrads(lossOf)(inputs) : { value: lossOf(), grads: [] }
  for (const { buffer, value: statistic } of statistics) {
    assignVariable(buffer.variable, statistic)
    statistic.dispose()
  }
  return [logits, value, ...grads]
}

export interface ExpectOptions {
  /** Of the pictures. */
  seed?: number
  /** Parameters whose gradient is measured by a thousandth of the norm of all. */
  cancelling?: readonly string[]
}

/** Logits, loss, gradients where the oracle has them, running statistics, and logits with those. */
export function expectNetwork(network: Network, oracle: NetworkValues, options: ExpectOptions = {}): void {
  const { seed = 0, cancelling = [] } = options
  setByFormula(network, oracle.kept)
  const pictures = picturesOf(oracle.images, seed)
  const trainable = oracle.gradients ? network.parameters.all.filter((p) => p.trainable) : []
  const train = (x: tf.Tensor) => trainingPass(network, trainable, oracle, x)
  const [logits, loss, ...gradients] = runTraced((x) => train(x as tf.Tensor), [pictures])
  expect(relativeError(logits ?? [], oracle.trainLogits.flat())).toBeLessThan(tolerance)
  expect(relativeError(loss ?? [], [oracle.loss])).toBeLessThan(tolerance)
  const order = learned(network)
  const total = Math.hypot(...(oracle.gradients ?? []).map((gradient) => gradient?.[0] ?? 0))
  for (const [i, parameter] of trainable.entries()) {
    const index = order.indexOf(parameter)
    const { values } = toTorchLayout(gradients[i] as Float32Array, parameter.variable.shape, parameter.role)
    const least = cancelling.includes(parameter.name) ? 1e-3 * total : vanishing(oracle.gradients?.[index], total)
    expectSummary(index, values, oracle.gradients?.[index], parameter.name, least)
  }
  const buffers = network.parameters.all.filter((p) => p.role === 'buffer')
  expect(buffers).toHaveLength(oracle.runningStatistics.length)
  for (const [i, { variable, name: buffer }] of buffers.entries()) {
    expectSummary(i, readVariableValues(variable), oracle.runningStatistics[i], buffer)
  }
  const [evaluated] = runTraced((x) => [network.forward(x as tf.Tensor, evaluationPass())], [pictures])
  expect(relativeError(evaluated ?? [], oracle.evalLogits.flat())).toBeLessThan(tolerance)
}

/** Logits with running statistics of 0 and 1, and parameters by formula. */
export function expectInference(network: Network, { images, logits }: NetworkInference): void {
  setByFormula(network)
  const [found] = runTraced((x) => [network.forward(x as tf.Tensor, evaluationPass())], [picturesOf(images)])
  expect(relativeError(found ?? [], logits.flat())).toBeLessThan(tolerance)
}

/** Pictures of the oracle with their shape, for `runTraced` and `runEagerly`. */
export function picturesOf(images: [number, number, number, number], seed = 0): TestTensor {
  const [batch, size, , channels] = images
  return { shape: images, values: [...patternImages(batch, size, channels, seed)] }
}

/** A vanishing gradient, as of an offset in front of another normalisation, is measured by the norm of all. */
function vanishing(expected: TensorSummary | null | undefined, all: number): number {
  return (expected?.[0] ?? 0) < 1e-9 * all ? all : 0
}

/** Errors are measured by the norm, or by `least` where that is more. */
function expectSummary(
  stream: number,
  values: Float32Array,
  expected: TensorSummary | null | undefined,
  name: string,
  least = 0,
): void {
  if (!expected) throw new Error(`The oracle has no values of ${name}.`)
  const [norm, projection] = expected
  const size = Math.max(norm, least)
  const found = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))
  expect(Math.abs(found - norm) / size, `norm of ${name}`).toBeLessThan(tolerance)
  // The projection sums as many terms as there are values.
  const error = Math.abs(patternProjection(stream, values) - projection) / size / Math.sqrt(values.length)
  expect(error, `projection of ${name}`).toBeLessThan(tolerance)
}
