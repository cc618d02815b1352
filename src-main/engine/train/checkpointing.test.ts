// Gradient checkpointing by block: loss, gradients and running statistics are those of the plain step, random layers included.
// Tolerance 1e-6 of the norm: the same float32 operations, summed in another order.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { pattern, patternImages } from '../../../tools/oracle/pattern.ts'
import { runConfigSchema } from '../../shared/run-config.ts'
import type { PixelDataset } from '../data/dataset.ts'
import { kaimingNormalFanOut } from '../nn/initialisers.ts'
import type { ModelOptions } from '../nn/model-options.ts'
import { cifarResNet } from '../nn/models/cifar-resnet.ts'
import { convNext } from '../nn/models/convnext.ts'
import { denseNet } from '../nn/models/densenet.ts'
import { efficientNet } from '../nn/models/efficientnet.ts'
import { efficientNetLite } from '../nn/models/efficientnet-lite.ts'
import { mobileNetV2 } from '../nn/models/mobilenet-v2.ts'
import { mobileNetV3 } from '../nn/models/mobilenet-v3.ts'
import { resNet } from '../nn/models/resnet.ts'
import { squeezeNet } from '../nn/models/squeezenet.ts'
import { visionTransformer } from '../nn/models/vit.ts'
import { wideResNet } from '../nn/models/wide-resnet.ts'
import type { Network } from '../nn/parameters.ts'
import { compileFunction } from '../tensorflow/compiled-function.ts'
import { DType } from '../tensorflow/dtypes.ts'
import { smoothedTargets, softmaxCrossEntropy } from '../tensorflow/ops/cross-entropy.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import { type SeedReports, trainSeed } from './seed-training.ts'
import { trainingPass } from './training-step.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const tolerance = 1e-6
const [batch, size, classes] = [2, 32, 5]
const images = [batch, size, size, 3]
const options: ModelOptions = { resolution: size, dropout: 0.3, dropPath: 0.3 }

const stage = { block: 'mbconv', expansion: 2, kernel: 3, stride: 1, channels: 8, count: 2 } as const
const style = {
  initialise: () => kaimingNormalFanOut,
  epsilon: 1e-3,
  momentum: 0.1,
  padding: 'symmetric',
} as const
const efficient = { stem: 8, head: 16, stages: [stage, { ...stage, block: 'fused', stride: 2 } as const], style }
const tiny = { width: 32, depth: 2, heads: 2, patch: 8, form: 'timm' } as const
const small = { depths: [1, 2, 1, 1], channels: [8, 8, 16, 16] } as const

/** Every builder that is made of blocks, small where its design is open. */
const networks: Record<string, () => Network> = {
  resNet: () => resNet({ block: 'bottleneck', depths: [2, 1, 1, 1] }, classes, 1, options),
  cifarResNet: () => cifarResNet(14, 'B', classes, 1, options),
  wideResNet: () => wideResNet(10, 1, classes, 1, options),
  visionTransformer: () => visionTransformer(tiny, classes, 1, options),
  convNext: () => convNext(small, classes, 1, options),
  efficientNet: () => efficientNet(efficient, classes, 1, options),
  efficientNetLite: () => efficientNetLite([1, 1], classes, 1, options),
  mobileNetV2: () => mobileNetV2(classes, 1, options),
  mobileNetV3: () => mobileNetV3('small', classes, 1, options),
  squeezeNet: () => squeezeNet(classes, 1, options),
  denseNet: () => denseNet([2, 1, 2], classes, 1, options),
}

/** Loss, gradients, then running statistics with their names. */
function stepOf(network: Network, checkpointing: boolean, names: string[]) {
  const trainable = network.parameters.all.filter((p) => p.trainable)
  return (x: tf.Tensor, key: tf.Tensor): tf.Tensor[] => {
    const pass = { ...trainingPass(key), checkpointing }
    const targets = smoothedTargets(tf.tensor1d([0, 1], 'int32'), classes, 0)
    for (const parameter of network.parameters.all) pass.read(parameter)
    const lossOf = () => softmaxCrossEntropy(network.forward(x, pass), targets) as tf.Scalar
    const { value, grads } = tf.valueAndGrads(lossOf)(trainable.map((p) => pass.read(p)))
    names.push(...pass.statistics.map(({ buffer }) => buffer.name))
    return [value, ...grads, ...pass.statistics.map((statistic) => statistic.value)]
  }
}

function traced(step: ReturnType<typeof stepOf>): { values: Float32Array[]; nodes: number } {
  const specs = [
    { dtype: DType.float, shape: images },
    { dtype: DType.int32, shape: [] },
  ]
  const compiled = compileFunction('step', specs, (x, key) => step(x as tf.Tensor, key as tf.Tensor))
  const inputs = [
    runtime.createTensor(images, DType.float, patternImages(batch, size, 3)),
    runtime.createTensor([], DType.int32, Int32Array.of(3)),
  ]
  const outputs = compiled.run(inputs)
  const values = outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes))
  for (const id of [...inputs, ...outputs.map((output) => output.id)]) runtime.deleteTensor(id)
  compiled.dispose()
  return { values, nodes: compiled.nodes.length }
}

function expectSame(found: Float32Array[], expected: Float32Array[]): void {
  expect(found).toHaveLength(expected.length)
  // A gradient that is nothing but rounding, as that of a bias in front of a normalisation, is measured by all of them.
  const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))
  const all = Math.sqrt(expected.reduce((sum, values) => sum + norm(values) ** 2, 0))
  expect(all).toBeGreaterThan(0)
  for (const [i, values] of expected.entries()) {
    const share = Math.max(1, (1e-6 * all) / Math.max(norm(values), Number.MIN_VALUE))
    expect(relativeError(found[i] ?? [], values) / share).toBeLessThan(tolerance)
  }
}

describe.each(Object.keys(networks))('%s', (name) => {
  test('has the same step with blocks that are computed again', () => {
    const network = (networks[name] as () => Network)()
    const [plainNames, names]: [string[], string[]] = [[], []]
    const plain = traced(stepOf(network, false, plainNames))
    const again = traced(stepOf(network, true, names))
    expectSame(again.values, plain.values)
    // Each statistic moves once.
    expect(names).toEqual(plainNames)
    expect(new Set(names).size).toBe(names.length)
    expect(again.nodes).toBeGreaterThan(1.1 * plain.nodes)
    network.parameters.dispose()
  })
})

test('a training with it has the curve of the plain one', async () => {
  const side = 32
  const set = {
    images: Uint8Array.from(pattern(7, 12 * side * side * 3), (v) => Math.round(128 + 120 * v)),
    labels: Uint8Array.from({ length: 12 }, (_, i) => i % classes),
    count: 12,
  }
  const summary = { id: 't', label: 'T', fingerprint: '', benchmark: false, skipped: [], train: 12, test: 12 }
  const dataset: PixelDataset = {
    storage: 'pixels',
    summary: { ...summary, classes: Array.from({ length: classes }, (_, i) => String(i)) },
    shape: [side, side, 3],
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
    train: set,
    test: set,
  }
  const nothing = () => {}
  const curve = async (checkpointing: boolean) => {
    const losses: number[] = []
    const reports: SeedReports = {
      phase: nothing,
      start: nothing,
      steps: (points) => losses.push(...points.map(({ loss }) => loss)),
      epoch: nothing,
      dataWait: nothing,
    }
    const config = runConfigSchema.parse({
      model: { name: 'resnet20-cifar' },
      train: { length: 2, batchSize: 4 },
      optimizer: { lr: 0.01 },
      compute: { checkpointing },
    })
    await trainSeed(runtime, dataset, config, 1, reports, { now: new AbortController().signal, afterEpoch: false })
    return losses
  }
  const plain = await curve(false)
  expect(plain).toHaveLength(6)
  expect(relativeError(await curve(true), plain)).toBeLessThan(1e-5)
})

test('op by op it is the same, and leaves no tensors behind', () => {
  const network = (networks.wideResNet as () => Network)()
  const run = (checkpointing: boolean) =>
    tf.tidy(() => {
      const x = tf.tensor(patternImages(batch, size, 3), [batch, size, size, 3])
      const results = stepOf(network, checkpointing, [])(x, tf.scalar(3, 'int32'))
      const values = results.map((result) => result.dataSync().slice() as Float32Array)
      for (const result of results) result.dispose()
      return values
    })
  const plain = run(false)
  const before = tf.memory().numTensors
  expectSame(run(true), plain)
  expect(tf.memory().numTensors).toBe(before)
  network.parameters.dispose()
})
