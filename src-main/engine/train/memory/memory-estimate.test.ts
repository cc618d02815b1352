// Live bytes against what can be counted by hand, the estimate against measured peaks, and the forecast without a graph against it.
import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { forecastMemory } from '../../../shared/memory-forecast.ts'
import type { ModelName } from '../../../shared/registry/models.ts'
import { models } from '../../../shared/registry/models.ts'
import { type RunConfigInput, runConfigSchema } from '../../../shared/run-config.ts'
import type { PixelDataset } from '../../data/dataset.ts'
import { modelBuilders } from '../../nn/model-builders.ts'
import { compileFunction } from '../../tensorflow/compiled-function.ts'
import { DType } from '../../tensorflow/dtypes.ts'
import { startForTests } from '../../tensorflow/start-for-tests.ts'
import { compileEvaluation } from '../evaluation-step.ts'
import { madeUpData } from '../made-up-data-for-tests.ts'
import { disposeStepContext, stepContext } from '../step-context.ts'
import { createStepVariants } from '../step-variants.ts'
import { createTestSource } from '../test-source.ts'
import { halfPrecisionNodes } from './half-precision-nodes.ts'
import { peakLiveBytes } from './live-bytes.ts'
import { estimateMemory } from './memory-estimate.ts'

beforeAll(async () => void (await startForTests()))

const side = 100
/** Of one matrix. */
const one = side * side * 4

type Body = (x: tf.Tensor2D) => tf.Tensor

function nodesOf(body: Body) {
  const compiled = compileFunction(
    'memory',
    [{ dtype: DType.float, shape: [side, side] }],
    (x) => [body(x as tf.Tensor2D)],
    {
      cancellable: false,
    },
  )
  compiled.dispose()
  return compiled.nodes
}

const square = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D)

test.each<[string, number, Body]>([
  ['a chain holds two at a time', 2, (x) => square(square(square(x)))],
  [
    'what is read later stays',
    3,
    (x) => {
      const a = square(x)
      const b = square(a)
      return tf.matMul(b as tf.Tensor2D, a as tf.Tensor2D)
    },
  ],
  ['an elementwise result takes the place of its only input', 1, (x) => tf.relu(tf.neg(square(x)))],
  [
    'but not of one that is read later',
    2,
    (x) => {
      const a = square(x)
      return tf.add(tf.relu(a), a)
    },
  ],
  ['a reshape is a view', 1, (x) => tf.reshape(square(x), [side * side])],
  [
    'what nothing needs is not computed',
    1,
    (x) => {
      square(square(x))
      return square(x)
    },
  ],
])('%s', (_, matrices, body) => {
  expect(peakLiveBytes(nodesOf(body))).toBe(matrices * one)
})

test('in half precision products and what lies between them take half, what sums up does not', () => {
  const between = nodesOf((x) => square(tf.relu(square(x))))
  const half = halfPrecisionNodes(between, false)
  const painted = (of: ReadonlySet<{ type: string }>) => [...of].map(({ type }) => type).sort()
  expect(painted(half)).toEqual(['BatchMatMulV2', 'BatchMatMulV2', 'Relu'])
  // The argument in half precision, the first product and the second.
  expect(peakLiveBytes(between, half)).toBe(one)
  const denied = nodesOf((x) => tf.mean(tf.exp(square(x))))
  expect(painted(halfPrecisionNodes(denied, false))).toEqual(['BatchMatMulV2'])
})

interface Measured {
  net: ModelName
  batch: number
  precision: 'fp32' | 'bf16'
  checkpointing: boolean
  predictedBytes: number
  measuredBytes: number
}

const record = new URL('../../../../resources/results/memory-amd-epyc-2-cores.json', import.meta.url)
const { results } = JSON.parse(readFileSync(record, 'utf8')) as { results: Measured[] }

test('predicted peaks are within 20 % of the measured ones', () => {
  const required = ['resnet20-cifar', 'resnet50', 'vit-small-patch16']
  for (const net of required) expect(results.filter((result) => result.net === net).length).toBeGreaterThanOrEqual(2)
  for (const { predictedBytes, measuredBytes } of results) {
    expect(Math.abs(predictedBytes / measuredBytes - 1)).toBeLessThan(0.2)
  }
})

/** A step and an evaluation of a model at its own input, as the tools trace them. */
function traced(name: ModelName, changes: RunConfigInput) {
  const { input, classes } = models[name]
  const names = Array.from({ length: classes }, (_, index) => String(index))
  const empty = { images: new Uint8Array(), labels: new Uint8Array(), count: 0 }
  const dataset: PixelDataset = {
    ...madeUpData,
    summary: { ...madeUpData.summary, classes: names },
    shape: [...input],
    mean: [0.5, 0.5, 0.5],
    std: [0.2, 0.2, 0.2],
    train: empty,
    test: empty,
  }
  const config = runConfigSchema.parse({ ...changes, model: { name }, input: { normalization: 'channel' } })
  const network = modelBuilders[name](classes, 1, { initialise: false, resolution: input[0] })
  const context = stepContext(network, dataset, config, classes)
  const variants = createStepVariants(context)
  const size = config.train.batchSize
  const step = variants.compiled({ size, input: [input[0], input[1]] }, 0)
  const evaluation = compileEvaluation(
    context,
    createTestSource(dataset, config, 'none'),
    'none',
    config.evaluation.batchSize,
  )
  const values = [...network.parameters.all.map(({ variable }) => variable), ...context.optimizer.slots.values()]
  const stateBytes = values.reduce((sum, { size: scalars }) => sum + scalars * 4, 0)
  const estimate = (functions: (typeof step)[], isSaved: boolean) =>
    estimateMemory(context, functions, { stateBytes, isSaved, dataBytes: 0, feedThreads: 0, gpu: false })
  const found = { whole: estimate([step, evaluation], true), step: estimate([step], false) }
  variants.dispose()
  evaluation.dispose()
  disposeStepContext(context)
  return { ...found, forecast: forecastMemory(config, { dataBytes: 0, feedThreads: 0 }) }
}

const sgd = { name: 'sgd', momentum: 0.9, weightDecay: 1e-4 } as const

test('the estimate is still the one that was held against the measured peak', () => {
  const recorded = results.find(
    ({ net, batch, precision }) => net === 'resnet20-cifar' && batch === 256 && precision === 'fp32',
  )
  const found = traced('resnet20-cifar', { train: { batchSize: 256 }, optimizer: sgd })
  expect(Math.abs(found.step / (recorded?.predictedBytes ?? 0) - 1)).toBeLessThan(0.03)
})

test.each<[ModelName, RunConfigInput]>([
  ['resnet20-cifar', { train: { batchSize: 128 }, optimizer: sgd }],
  ['resnet20-cifar', { train: { batchSize: 512 }, optimizer: sgd, compute: { checkpointing: true } }],
  ['resnet20-cifar', { train: { batchSize: 512 }, optimizer: sgd, compute: { precision: 'bf16' } }],
  ['resnet18', { train: { batchSize: 16 }, evaluation: { batchSize: 16 }, optimizer: { name: 'adamw' } }],
  ['mobilenet-v3-small', { train: { batchSize: 64 }, evaluation: { batchSize: 64 }, optimizer: sgd }],
])('the forecast without a graph is within 8 %% of the estimate: %s', (name, changes) => {
  const { whole, forecast } = traced(name, changes)
  expect(Math.abs(forecast / whole - 1)).toBeLessThan(0.08)
})
