// Whole networks of the product against PyTorch: logits, loss, every gradient, running statistics and test views.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { modelBuilders } from '../../src-main/engine/nn/model-builders.ts'
import type { ForwardPass, Network, Parameter } from '../../src-main/engine/nn/parameters.ts'
import { smoothedTargets, softmaxCrossEntropy } from '../../src-main/engine/tensorflow/ops/cross-entropy.ts'
import {
  assignVariable,
  readVariable,
  readVariableValues,
  writeVariable,
} from '../../src-main/engine/tensorflow/variables.ts'
import { testViews } from '../../src-main/engine/train/evaluation-step.ts'
import { fromTorchLayout, toTorchLayout } from '../../src-main/engine/train/torch-layout.ts'
import { patternImages, patternParameter, patternProjection } from './pattern.ts'
import { type NetworkOracle, networkOracles } from './read-values.ts'
import { relativeDistance, startEngine } from './start-engine.ts'

beforeAll(async () => {
  await startEngine()
})

const parameterNamed = (network: Network, name: string): Parameter => {
  const parameter = network.parameters.all.find((p) => p.name === name)
  if (!parameter) throw new Error(`The network has no parameter ${name}.`)
  return parameter
}

function fillByPattern(network: Network, oracle: NetworkOracle): void {
  for (const [p, { name, shape }] of oracle.parameters.entries()) {
    const { variable, role } = parameterNamed(network, name)
    writeVariable(variable, fromTorchLayout(patternParameter(p, name, shape), variable.shape, role))
  }
}

function training(): ForwardPass & { values: Map<Parameter, tf.Tensor>; statistics: [Parameter, tf.Tensor][] } {
  const values = new Map<Parameter, tf.Tensor>()
  const statistics: [Parameter, tf.Tensor][] = []
  return {
    training: true,
    values,
    statistics,
    read: (parameter) => values.get(parameter) as tf.Tensor,
    onStatistics: (buffer, value) => statistics.push([buffer, value]),
  }
}

const evaluation: ForwardPass = {
  training: false,
  read: ({ variable }) => readVariable(variable),
  onStatistics: () => undefined,
}

test.each(networkOracles())('$name agrees with PyTorch', (oracle) => {
  const network = modelBuilders[oracle.name](10, 1)
  fillByPattern(network, oracle)
  const [batch, size, , channels] = oracle.images
  const x = tf.tensor4d(patternImages(batch, size, channels), oracle.images)
  const targets = smoothedTargets(tf.tensor1d(oracle.labels, 'int32'), 10, oracle.labelSmoothing)
  const pass = training()
  for (const parameter of network.parameters.all) pass.values.set(parameter, readVariable(parameter.variable))
  const trainable = network.parameters.all.filter((p) => p.trainable)

  let logits: tf.Tensor | undefined
  const { value: loss, grads } = tf.valueAndGrads(() => {
    logits = tf.keep(network.forward(x, pass))
    return softmaxCrossEntropy(logits, targets) as tf.Scalar
  })(trainable.map((p) => pass.read(p)))
  expect(relativeDistance((logits as tf.Tensor).dataSync(), oracle.trainLogits.flat())).toBeLessThan(2e-5)
  expect(loss.dataSync()[0]).toBeCloseTo(oracle.loss, 5)

  expect(trainable.map((p) => p.name)).toEqual(oracle.parameters.filter((p) => p.gradient).map((p) => p.name))
  for (const [p, { name, gradient }] of oracle.parameters.entries()) {
    if (!gradient) continue
    const parameter = parameterNamed(network, name)
    const values = (grads[trainable.indexOf(parameter)] as tf.Tensor).dataSync() as Float32Array
    const found = toTorchLayout(values, parameter.variable.shape, parameter.role).values
    const tolerance = 1e-4 * gradient.norm
    const norm = Math.sqrt(found.reduce((sum, v) => sum + v * v, 0))
    expect(Math.abs(norm - gradient.norm), name).toBeLessThan(tolerance)
    expect(Math.abs(patternProjection(p, found) - gradient.projection), name).toBeLessThan(tolerance)
    for (const [i, index] of gradient.indices.entries()) {
      expect(Math.abs((found[index] as number) - (gradient.values[i] as number)), `${name} at ${index}`).toBeLessThan(
        tolerance,
      )
    }
  }

  for (const [buffer, value] of pass.statistics) assignVariable(buffer.variable, value)
  for (const { name, values } of oracle.runningStatistics) {
    expect(relativeDistance(readVariableValues(parameterNamed(network, name).variable), values), name).toBeLessThan(
      2e-5,
    )
  }
  const forward = (v: tf.Tensor) => network.forward(v, evaluation)
  expect(relativeDistance(forward(x).dataSync(), oracle.evalLogits.flat())).toBeLessThan(2e-5)
  for (const views of ['mirror', 'mirror-translate'] as const) {
    expect(
      relativeDistance(testViews[views](forward, x).dataSync(), oracle.viewLogits[views].flat()),
      views,
    ).toBeLessThan(2e-5)
  }
})
