// Every network of the registry against its reference implementation (tools/oracle/registry_networks.py): names and shapes of
// the parameters, counts, and for a choice that covers every line of the builders logits, loss, gradients and running
// statistics. Tolerance 1e-4 of the norm, float32 against float64.
import { createHash } from 'node:crypto'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { patternImages, patternParameter, patternProjection } from '../../../tools/oracle/pattern.ts'
import { type NetworkValues, registryNetworks, type TensorSummary } from '../../../tools/oracle/read-networks.ts'
import { networkOracles } from '../../../tools/oracle/read-values.ts'
import { type ModelName, modelNames, models } from '../../shared/registry/models.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { ForwardPass, Network, Parameter } from '../nn/parameters.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { countMacs } from '../tensorflow/count-macs.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { smoothedTargets, softmaxCrossEntropy } from '../tensorflow/ops/cross-entropy.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import { assignVariable, readVariable, readVariableValues, writeVariable } from '../tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from './torch-layout.ts'

beforeAll(startForTests)

const tolerance = 1e-4
const classes = 10
const oracles = new Map(registryNetworks().map((oracle) => [oracle.name, oracle]))
// networks.test.ts compares these, with all their values.
const comparedInFull = new Set<string>(networkOracles().map(({ name }) => name))

// Too large or too deep for values here. Each is the same code as a compared network with other numbers in its design; the
// test of names and counts, with the resolution of every layer in the multiply-accumulates, checks these numbers.
const sameCodeAs: Partial<Record<ModelName, ModelName>> = {
  'resnet32-cifar': 'resnet20-cifar',
  'resnet44-cifar': 'resnet20-cifar',
  'resnet56-cifar': 'resnet20-cifar',
  'resnet110-cifar': 'resnet20-cifar',
  'resnet56-cifar-b': 'resnet20-cifar-b',
  'resnet110-cifar-b': 'resnet20-cifar-b',
  resnet101: 'resnet50',
  resnet152: 'resnet50',
  'resnet101-v1': 'resnet50-v1',
  'resnet152-v1': 'resnet50-v1',
  'wide-resnet50-2': 'resnet50',
  'efficientnet-b1': 'efficientnet-b2',
  'efficientnet-b3': 'efficientnet-b2',
  'efficientnet-b4': 'efficientnet-b2',
  'efficientnet-b5': 'efficientnet-b2',
  'efficientnet-b6': 'efficientnet-b2',
  'efficientnet-b7': 'efficientnet-b2',
  'tf-efficientnet-b1': 'tf-efficientnet-b0',
  'tf-efficientnet-b2': 'tf-efficientnet-b0',
  'tf-efficientnet-b3': 'tf-efficientnet-b0',
  'tf-efficientnet-b4': 'tf-efficientnet-b0',
  'tf-efficientnet-b5': 'tf-efficientnet-b0',
  'tf-efficientnet-b6': 'tf-efficientnet-b0',
  'tf-efficientnet-b7': 'tf-efficientnet-b0',
  'efficientnet-lite1': 'efficientnet-lite3',
  'efficientnet-lite2': 'efficientnet-lite3',
  'efficientnet-lite4': 'efficientnet-lite3',
  'vit-small-patch16': 'vit-tiny-patch16',
  'vit-base-patch16': 'vit-tiny-patch16',
  'vit-large-patch16': 'vit-tiny-patch16',
  'deit-tiny-patch16': 'vit-tiny-patch16',
  'deit-small-patch16': 'vit-tiny-patch16',
  'deit-base-patch16': 'vit-tiny-patch16',
  'convnext-small': 'convnext-tiny',
  'convnext-base': 'convnext-tiny',
}

// The trace multiplies by zeros where table I of the paper has no connection.
const countedOtherwise: Partial<Record<ModelName, number>> = { lenet5: 0.56 }

test('every network of the registry has values of its own, or stands for one that has', () => {
  const compared = (name: ModelName) => comparedInFull.has(name) || oracles.get(name)?.values !== undefined
  const without = modelNames.filter((name) => !compared(name))
  expect(without.sort()).toEqual(Object.keys(sameCodeAs).sort())
  for (const name of Object.values(sameCodeAs)) expect(compared(name), name).toBe(true)
  // airbench94 and LeNet-5 have their names and counts in networks.test.ts and here, from their papers.
  const unknown = modelNames.filter((name) => !oracles.has(name))
  expect(unknown).toEqual(['lenet5', 'airbench94'])
})

test.each(modelNames)('%s has the names, parameters and multiply-accumulates of its reference', (name) => {
  const record = models[name]
  const network = modelBuilders[name](record.classes, 1, { initialise: false })
  expect(network.parameters.trainableCount).toBe(record.parameters)
  const pass = inferencePass()
  const input = { dtype: DType.float, shape: [1, ...record.input] }
  const compiled = compileFunction('count', [input], (x) => [network.forward(x as tf.Tensor, pass)])
  const macs = countMacs(compiled.nodes)
  compiled.dispose()
  expect(Math.abs(macs / 1e6 - (countedOtherwise[name] ?? record.macsMillions))).toBeLessThan(0.051)
  const oracle = oracles.get(name)
  if (oracle) {
    expect(record.parameters).toBe(oracle.parameters)
    expect(macs).toBe(oracle.macs)
    expect(namesDigest(network)).toBe(oracle.names)
  }
  network.parameters.dispose()
})

const compared = [...oracles.values()].flatMap(({ name, values }) => (values ? [[name, values] as const] : []))

describe.each(compared)('%s', (name, oracle) => {
  test('equals its reference', { timeout: 60_000 }, () => {
    const options = { resolution: oracle.images[1], dropout: 0, dropPath: 0, initialise: oracle.kept.length > 0 }
    const network = modelBuilders[name as ModelName](classes, 1, options)
    setByFormula(network, oracle.kept)
    const trainable = oracle.gradients ? network.parameters.all.filter((p) => p.trainable) : []
    const [logits, loss, ...gradients] = run(oracle, (x) => trainingPass(network, trainable, oracle.labels, x))
    expect(relativeError(logits ?? [], oracle.trainLogits.flat())).toBeLessThan(tolerance)
    expect(relativeError(loss ?? [], [oracle.loss])).toBeLessThan(tolerance)
    const order = learned(network)
    const total = Math.hypot(...(oracle.gradients ?? []).map((gradient) => gradient?.[0] ?? 0))
    for (const [i, parameter] of trainable.entries()) {
      const index = order.indexOf(parameter)
      const { values } = toTorchLayout(gradients[i] as Float32Array, parameter.variable.shape, parameter.role)
      expectSummary(index, values, oracle.gradients?.[index], parameter.name, total)
    }
    const buffers = network.parameters.all.filter((p) => p.role === 'buffer')
    expect(buffers).toHaveLength(oracle.runningStatistics.length)
    for (const [i, { variable, name: buffer }] of buffers.entries()) {
      expectSummary(i, readVariableValues(variable), oracle.runningStatistics[i], buffer)
    }
    const pass = inferencePass()
    const [evaluated] = run(oracle, (x) => [network.forward(x, pass)])
    expect(relativeError(evaluated ?? [], oracle.evalLogits.flat())).toBeLessThan(tolerance)
    network.parameters.dispose()
  })
})

const learned = (network: Network) => network.parameters.all.filter((p) => p.role !== 'buffer')

function inferencePass(): ForwardPass {
  return { training: false, read: (p) => readVariable(p.variable), onStatistics: () => {} }
}

function namesDigest(network: Network): string {
  const hash = createHash('sha256')
  for (const { name, role, variable } of learned(network)) {
    const { shape } = toTorchLayout(new Float32Array(0), variable.shape, role)
    hash.update(`${name} [${shape.join(', ')}]\n`)
  }
  return hash.digest('hex')
}

function setByFormula(network: Network, kept: string[]): void {
  for (const [i, { name, role, variable }] of learned(network).entries()) {
    if (kept.includes(name)) continue
    const { shape } = toTorchLayout(new Float32Array(0), variable.shape, role)
    writeVariable(variable, fromTorchLayout(patternParameter(i, name, shape), variable.shape, role))
  }
  for (const { name, role, variable } of network.parameters.all) {
    if (role === 'buffer') writeVariable(variable, new Float32Array(variable.size).fill(name.endsWith('var') ? 1 : 0))
  }
}

/** Logits with batch statistics, loss, gradients of `trainable`; updates the running statistics. */
function trainingPass(network: Network, trainable: Parameter[], labels: number[], x: tf.Tensor): tf.Tensor[] {
  const values = new Map(network.parameters.all.map((p) => [p, readVariable(p.variable)]))
  const statistics: { buffer: Parameter; value: tf.Tensor }[] = []
  const pass: ForwardPass = {
    training: true,
    read: (p) => values.get(p) as tf.Tensor,
    onStatistics: (buffer, value) => statistics.push({ buffer, value }),
  }
  const targets = smoothedTargets(tf.tensor1d(labels, 'int32'), classes, 0)
  let logits = x
  const lossOf = () => {
    logits = tf.keep(network.forward(x, pass))
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

/** A vanishing tensor, as the gradient of an offset in front of another normalisation, is measured by the norm of all. */
function expectSummary(
  stream: number,
  values: Float32Array,
  expected: TensorSummary | null | undefined,
  name: string,
  all = 0,
) {
  if (!expected) throw new Error(`The oracle has no values of ${name}.`)
  const [norm, projection] = expected
  const size = norm < 1e-9 * all ? all : norm
  const found = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))
  expect(Math.abs(found - norm) / size, `norm of ${name}`).toBeLessThan(tolerance)
  // The projection sums as many terms as there are values.
  const error = Math.abs(patternProjection(stream, values) - projection) / size / Math.sqrt(values.length)
  expect(error, `projection of ${name}`).toBeLessThan(tolerance)
}

function run(oracle: NetworkValues, body: (x: tf.Tensor) => tf.Tensor[]): Float32Array[] {
  const { images } = oracle
  const { runtime } = tensorFlowBackend()
  const compiled = compileFunction('network', [{ dtype: DType.float, shape: images }], (x) => body(x as tf.Tensor))
  const input = runtime.createTensor(images, DType.float, patternImages(images[0], images[1], images[3]))
  const outputs = compiled.run([input])
  const results = outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes))
  for (const { id } of outputs) runtime.deleteTensor(id)
  runtime.deleteTensor(input)
  compiled.dispose()
  return results
}
