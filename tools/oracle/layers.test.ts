// Single layers of the engine against PyTorch: outputs and gradients.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { batchNorm, conv2d, globalAveragePool, type Layer, maxPool } from '../../src-main/engine/nn/layers.ts'
import { type Parameter, ParameterSet } from '../../src-main/engine/nn/parameters.ts'
import { gelu, relu, scaledTanh } from '../../src-main/engine/tensorflow/ops/activations.ts'
import { smoothedTargets, softmaxCrossEntropy } from '../../src-main/engine/tensorflow/ops/cross-entropy.ts'
import { assignVariable, readVariable, readVariableValues } from '../../src-main/engine/tensorflow/variables.ts'
import { layerOracles, type OracleTensor } from './read-values.ts'
import { relativeDistance, startEngine } from './start-engine.ts'

beforeAll(async () => {
  await startEngine()
})

const oracles = layerOracles()
const tolerance = 1e-5

const asTensor = ({ values, shape }: OracleTensor) => tf.tensor(values, shape)
const filledWith = (oracle: OracleTensor) => () => Float32Array.from(oracle.values)

function expectNear(found: tf.Tensor | Float32Array | undefined, expected: OracleTensor, what: string): void {
  const values = found instanceof Float32Array ? found : ((found as tf.Tensor).dataSync() as Float32Array)
  expect(relativeDistance(values, expected.values), what).toBeLessThan(tolerance)
}

/** Output of a layer in training, gradients of sum(output * upstream), and new running statistics. */
function runLayer(layer: Layer, parameters: readonly Parameter[], input: OracleTensor, upstream: OracleTensor) {
  const values = new Map(parameters.map((p) => [p, readVariable(p.variable)]))
  const trainable = parameters.filter((p) => p.trainable)
  const statistics: [Parameter, tf.Tensor][] = []
  let output: tf.Tensor | undefined
  const { grads } = tf.valueAndGrads((x: tf.Tensor) => {
    output = tf.keep(
      layer(x, {
        training: true,
        read: (p) => values.get(p) as tf.Tensor,
        onStatistics: (buffer, value) => statistics.push([buffer, value]),
      }),
    )
    return tf.sum(tf.mul(output, asTensor(upstream)))
  })([asTensor(input), ...trainable.map((p) => values.get(p) as tf.Tensor)])
  for (const [buffer, value] of statistics) assignVariable(buffer.variable, value)
  return { output, inputGradient: grads[0], gradients: grads.slice(1) }
}

test.each(oracles.batchNorm)(
  'batch normalisation with epsilon $epsilon and new weight $newStatisticsWeight',
  (oracle) => {
    const set = new ParameterSet(1)
    const options = { epsilon: oracle.epsilon, momentum: oracle.newStatisticsWeight }
    const layer = batchNorm(set, { name: 'bn', channels: 2, ...options })
    const [scale, offset] = set.all as [Parameter, Parameter]
    tf.tidy(() => {
      assignVariable(scale.variable, asTensor(oracle.scale))
      assignVariable(offset.variable, asTensor(oracle.offset))
      const { output, inputGradient, gradients } = runLayer(layer, set.all, oracle.input, oracle.upstream)
      expectNear(output, oracle.output, 'output')
      expectNear(inputGradient, oracle.inputGradient, 'input gradient')
      expectNear(gradients[0], oracle.scaleGradient, 'scale gradient')
      expectNear(gradients[1], oracle.offsetGradient, 'offset gradient')
      const named = (end: string) => set.all.find((p) => p.name.endsWith(end)) as Parameter
      expectNear(readVariableValues(named('running_mean').variable), oracle.runningMean, 'running mean')
      expectNear(readVariableValues(named('running_var').variable), oracle.runningVariance, 'running variance')
      const still = layer(asTensor(oracle.input), {
        training: false,
        read: (p) => readVariable(p.variable),
        onStatistics: () => undefined,
      })
      expectNear(still, oracle.evalOutput, 'output with running statistics')
    })
    set.dispose()
  },
)

test.each(oracles.convolution)('convolution of $filter.shape with stride $stride and padding $padding', (oracle) => {
  const set = new ParameterSet(1)
  const [kernel = 0, , inputs = 0, outputs = 0] = oracle.filter.shape
  const layer = conv2d(set, {
    name: 'conv',
    inputs,
    outputs,
    kernel,
    stride: oracle.stride,
    padding: oracle.padding,
    initialise: filledWith(oracle.filter),
    ...(oracle.bias ? { bias: filledWith(oracle.bias) } : {}),
  })
  tf.tidy(() => {
    const { output, inputGradient, gradients } = runLayer(layer, set.all, oracle.input, oracle.upstream)
    expect(output?.shape).toEqual(oracle.output.shape)
    expectNear(output, oracle.output, 'output')
    expectNear(inputGradient, oracle.inputGradient, 'input gradient')
    expectNear(gradients[0], oracle.filterGradient, 'filter gradient')
    if (oracle.biasGradient) expectNear(gradients[1], oracle.biasGradient, 'bias gradient')
  })
  set.dispose()
})

test.each(oracles.pool)('$name pooling over $size', (oracle) => {
  const pool = (x: tf.Tensor): tf.Tensor => {
    if (oracle.name === 'max') return maxPool(x, oracle.size)
    const whole = oracle.size === oracle.input.shape[1]
    return whole ? globalAveragePool(x) : tf.avgPool(x as tf.Tensor4D, oracle.size, oracle.size, 'valid')
  }
  tf.tidy(() => {
    const layer: Layer = (x) => tf.reshape(pool(x), oracle.output.shape)
    const { output, inputGradient } = runLayer(layer, [], oracle.input, oracle.upstream)
    expectNear(output, oracle.output, 'output')
    expectNear(inputGradient, oracle.inputGradient, 'input gradient')
  })
})

const activations = { relu, gelu, 'scaled-tanh': scaledTanh }

test.each(oracles.activation)('$name', (oracle) => {
  tf.tidy(() => {
    const layer: Layer = (x) => activations[oracle.name](x)
    const { output, inputGradient } = runLayer(layer, [], oracle.input, oracle.upstream)
    expectNear(output, oracle.output, 'output')
    expectNear(inputGradient, oracle.inputGradient, 'input gradient')
  })
})

test.each(oracles.crossEntropy)('cross entropy with label smoothing $labelSmoothing', (oracle) => {
  tf.tidy(() => {
    const targets = smoothedTargets(tf.tensor1d(oracle.labels, 'int32'), 10, oracle.labelSmoothing)
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => softmaxCrossEntropy(x, targets))(asTensor(oracle.logits))
    expect(value.dataSync()[0]).toBeCloseTo(oracle.loss, 5)
    expectNear(grad, oracle.logitsGradient, 'gradient')
  })
})
