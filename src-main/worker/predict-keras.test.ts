// Architectures of Keras against keras.applications: names, epsilons, and the logits of a picture with the preprocessing.
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type KerasValues, kerasOracles, kerasPattern } from '../../tools/oracle/read-keras.ts'
import { oraclePicture } from '../../tools/oracle/read-transforms.ts'
import { toFloat } from '../engine/data/transforms/evaluation-transform.ts'
import { compilePredictor } from '../engine/evaluate/predictions.ts'
import type { KerasLayer, KerasWeights } from '../engine/formats/keras-layers.ts'
import type { SafetensorsTensor } from '../engine/formats/safetensors.ts'
import { modelBuilders } from '../engine/nn/model-builders.ts'
import type { TensorFlowRuntime } from '../engine/tensorflow/runtime.ts'
import { relativeError, startForTests } from '../engine/tensorflow/start-for-tests.ts'
import {
  type KerasArchitecture,
  type KerasName,
  kerasArchitectures,
  kerasNameOf,
} from '../engine/weights/keras-architectures.ts'
import { loadKerasNetwork } from '../engine/weights/load-keras-network.ts'
import { kerasTensors } from '../engine/weights/load-keras-weights.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const { picture, models, published } = kerasOracles()
const oracles = new Map(models.map((oracle) => [kerasNameOf(oracle.name), oracle]))
const inputStatistics = ['normalization/count []', 'normalization/mean [3]', 'normalization/variance [3]']

const float32 = (name: string, shape: number[], values: Float32Array): SafetensorsTensor => ({
  name,
  dtype: 'F32',
  shape,
  data: new Uint8Array(values.buffer),
})

/** The tensors by formula, as a file of weights alone holds them. */
function weightsOf({ tensors }: KerasValues): KerasWeights {
  const all = tensors.map(({ name, shape }, i) => float32(name, shape, kerasPattern(i, name, shape)))
  return { tensors: all, model: null, notes: [] }
}

async function logitsOf(weights: KerasWeights, size: number, arch: KerasArchitecture['network'], classes: number) {
  const { network, transform } = loadKerasNetwork(weights, 'a.h5', { arch, classes })
  const predictor = compilePredictor(runtime, network, [size, size, 3])
  const logits = await predictor.logits(toFloat(oraclePicture(picture, size, size), transform.normalization))
  predictor.dispose()
  network.parameters.dispose()
  return logits
}

describe.each(Object.keys(kerasArchitectures) as KerasName[])('%s', (name) => {
  const architecture: KerasArchitecture = kerasArchitectures[name]
  const oracle = oracles.get(name)

  it('takes the names, shapes and epsilon of Keras', () => {
    const network = modelBuilders[architecture.network](1000, 1, { initialise: false })
    const ours = kerasTensors(network, name).map((tensor) => `${tensor.name} [${tensor.shape.join(', ')}]`)
    const statistics = name.startsWith('efficientnetb') ? inputStatistics : []
    const lines = [...ours, ...statistics].map((line) => `${line}\n`)
    expect(createHash('sha256').update(lines.toSorted().join('')).digest('hex')).toBe(oracle?.names)
    expect(oracle?.epsilons).toEqual([architecture.epsilon])
    network.parameters.dispose()
  })

  const values = oracle?.values
  if (!values) return
  it('gives the logits of Keras, within 1e-4', async () => {
    const logits = await logitsOf(weightsOf(values), values.size, architecture.network, values.logits.length)
    expect(relativeError(logits, values.logits)).toBeLessThan(1e-4)
  })
})

it('every family has logits of an oracle', () => {
  const families = new Set(models.filter(({ values }) => values).map(({ name }) => name.replace(/\d*(_.*|-s)?$/, '')))
  expect([...families].sort()).toEqual([
    'convnext',
    'densenet',
    'efficientnetb',
    'efficientnetv',
    'mobilenetv',
    'resnet',
  ])
})

it('published weights of EfficientNet are divided by the root of the deviation once more, as Keras does', async () => {
  const weights = weightsOf(published)
  const given = { 'normalization/mean': [0.485, 0.456, 0.406], 'normalization/variance': [0.229, 0.224, 0.225] }
  for (const tensor of weights.tensors) {
    const values = given[tensor.name as keyof typeof given]
    if (values) tensor.data = new Uint8Array(Float32Array.from(values).buffer)
  }
  const { network, transform } = loadKerasNetwork(weights, 'efficientnetb0.h5', { arch: 'tf-efficientnet-b0' })
  network.parameters.dispose()
  expect(transform.normalization).toEqual({ divisor: 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] })
  const logits = await logitsOf(weights, published.size, 'tf-efficientnet-b0', 1000)
  expect(relativeError(logits, published.logits)).toBeLessThan(1e-4)
})

describe('strictness', () => {
  const values = oracles.get('mobilenetv2_1.00')?.values as KerasValues
  const classes = values.logits.length
  const whole = () => weightsOf(values)
  const load = (weights: KerasWeights) => loadKerasNetwork(weights, 'a.h5', { arch: 'mobilenet-v2', classes })
  const named = (name: string, layers: KerasLayer[]) => ({ className: 'Functional', name, config: {}, layers })
  const norm = (epsilon: number) => ({
    className: 'BatchNormalization',
    name: 'bn_Conv1',
    config: { epsilon },
    layers: null,
  })

  it('names what is missing and what is too much, as Keras does', () => {
    const { tensors } = whole()
    const renamed = tensors.map((tensor) =>
      tensor.name === 'predictions/bias' ? { ...tensor, name: 'dense_1/bias' } : tensor,
    )
    expect(() => load({ ...whole(), tensors: renamed })).toThrowError(
      expect.objectContaining({ code: 'data-format', expected: 'also predictions/bias', found: 'also dense_1/bias' }),
    )
    const flat = tensors.map((tensor) => (tensor.name === 'Conv1/kernel' ? { ...tensor, shape: [3, 9, 32] } : tensor))
    expect(() => load({ ...whole(), tensors: flat })).toThrowError(
      expect.objectContaining({ expected: 'Conv1/kernel [3, 3, 3, 32]', found: 'Conv1/kernel [3, 9, 32]' }),
    )
    const normalised = [...tensors, float32('normalization/mean', [3], new Float32Array(3))]
    expect(() => load({ ...whole(), tensors: normalised })).toThrowError(
      expect.objectContaining({ found: 'also normalization/mean' }),
    )
    expect(() => load({ ...whole(), tensors: [...tensors, ...tensors.slice(0, 1)] })).toThrowError(
      expect.objectContaining({ found: 'Conv1/kernel twice' }),
    )
  })

  it('takes the names of Keras 2, whose files end in Logits and have depthwise_kernel', () => {
    const tensors = whole().tensors.map((tensor) => ({
      ...tensor,
      name: tensor.name.replace('predictions/', 'Logits/').replace('depthwise/kernel', 'depthwise/depthwise_kernel'),
    }))
    const { network, notes } = load({ ...whole(), tensors })
    expect(notes).toEqual([
      "The network is in the form of Keras' mobilenetv2_1.00: epsilon 0.001 in normalisation, TensorFlow's SAME padding.",
    ])
    network.parameters.dispose()
  })

  it('takes the names of DenseNet in Keras 2', () => {
    const dense = oracles.get('densenet121')?.values as KerasValues
    const tensors = weightsOf(dense).tensors.map((tensor) => ({
      ...tensor,
      name: tensor.name.replace(/^conv1_(conv|bn)/, 'conv1/$1').replace('predictions/', 'fc1000/'),
    }))
    const { network } = loadKerasNetwork({ ...whole(), tensors }, 'a.h5', { arch: 'densenet121', classes })
    network.parameters.dispose()
  })

  it('finds the architecture and the size by the configuration, and refuses another epsilon', () => {
    const input = { className: 'InputLayer', name: 'input', config: { batch_shape: [null, 160, 160, 3] }, layers: null }
    const model = named('mobilenetv2_1.00_160', [input, norm(1e-3)])
    const { arch, size, network } = loadKerasNetwork({ ...whole(), model }, 'a.keras', { classes })
    expect([arch, size]).toEqual(['mobilenet-v2', 160])
    network.parameters.dispose()
    const other = named('mobilenetv2_1.00_160', [norm(1e-5)])
    expect(() => load({ ...whole(), model: other })).toThrowError(
      expect.objectContaining({ code: 'data-format', expected: 'epsilon 0.001', found: 'epsilon 0.00001' }),
    )
  })

  it('refuses architectures that Keras does not have, and files that name none', () => {
    expect(() => loadKerasNetwork(whole(), 'a.h5', { arch: 'resnet50' })).toThrowError(
      expect.objectContaining({ code: 'usage', found: 'resnet50' }),
    )
    expect(() => loadKerasNetwork(whole(), 'a.h5')).toThrowError(expect.objectContaining({ found: 'no name' }))
  })
})
