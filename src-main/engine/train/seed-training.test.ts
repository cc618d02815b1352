// Real short trainings on made-up data: repeatable, stoppable, honest about failure, and kept in checkpoints.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import type { OptimizerName } from '../../shared/registry/training.ts'
import { type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import { totalSteps } from '../../shared/training-length.ts'
import type { PixelDataset } from '../data/dataset.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import { madeUpConfig, madeUpData, recordReports } from './made-up-data-for-tests.ts'
import { savedWeights } from './saved-weights-for-tests.ts'
import { trainSeed } from './seed-training.ts'
import { stepContext } from './step-context.ts'
import { trainingStep } from './training-step.ts'

let runtime: TensorFlowRuntime
const folder = mkdtempSync(join(tmpdir(), 'reprise-checkpoints-'))
beforeAll(async () => {
  runtime = await startForTests()
})
afterAll(() => rmSync(folder, { recursive: true }))

const dataset = madeUpData
const config = madeUpConfig
const recorder = recordReports

const never = { now: new AbortController().signal, afterEpoch: false }

test('a short training learns, reports every step and epoch, and leaves nothing behind', async () => {
  const before = { handles: runtime.handleCount, tensors: tf.memory().numTensors }
  const { record, reports } = recorder()
  const { result } = await trainSeed(
    runtime,
    dataset,
    config({ train: { length: 12 }, optimizer: { lr: 0.3 } }),
    1,
    reports,
    never,
  )
  expect(record.totalSteps).toBe(60)
  expect(record.points.map((p) => p.step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  expect(record.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  expect(record.epochs.map(({ final }) => final)).toEqual(Array.from({ length: 12 }, (_, i) => i === 11))
  expect(result?.last.top1).toBeGreaterThan(0.9)
  expect(result?.best.top1).toBeGreaterThanOrEqual(result?.last.top1 ?? 1)
  expect(result?.stopped).toBe(false)
  expect({ handles: runtime.handleCount, tensors: tf.memory().numTensors }).toEqual(before)
})

test('the same seed gives the same curve to the last bit, another seed another one', async () => {
  const curve = async (seed: number) => {
    const { record, reports } = recorder()
    await trainSeed(runtime, dataset, config(), seed, reports, never)
    return record.points.map((p) => p.loss)
  }
  const first = await curve(1)
  expect(await curve(1)).toEqual(first)
  expect(await curve(2)).not.toEqual(first)
})

test('incomplete batches are trained when they are not dropped', async () => {
  const { record, reports } = recorder()
  await trainSeed(
    runtime,
    dataset,
    config({ train: { length: 1, batchSize: 100, dropLast: false } }),
    1,
    reports,
    never,
  )
  expect(record.points).toHaveLength(4)
})

/** Losses of every step, and the figures of every epoch. */
async function trained(more: RunConfigInput) {
  const { record, reports } = recorder()
  const before = { handles: runtime.handleCount, tensors: tf.memory().numTensors }
  const { result } = await trainSeed(runtime, dataset, config(more), 1, reports, never)
  expect({ handles: runtime.handleCount, tensors: tf.memory().numTensors }).toEqual(before)
  return { result, losses: record.points.map((p) => p.loss), epochs: record.epochs }
}

test.each([
  ['sgd', { lr: 0.3 }],
  ['adam', { lr: 0.005 }],
  ['adamw', { lr: 0.005, weightDecay: 0.05, weightDecayScope: 'weights' }],
  ['rmsprop', { lr: 0.001, momentum: 0.9 }],
  ['rmsprop-tf', { lr: 0.03, alpha: 0.5, epsilon: 0.001, momentum: 0.9 }],
  ['lamb', { lr: 0.05, weightDecay: 0.02, weightDecayScope: 'weights' }],
  ['lars', { lr: 0.5, weightDecay: 1e-4, weightDecayScope: 'weights', trustCoefficient: 0.05 }],
  ['lion', { lr: 0.001, beta2: 0.99, weightDecay: 0.1 }],
  ['muon', { lr: 0.02, otherLrScale: 0.2, nesterov: true }],
] as const satisfies [OptimizerName, RunConfigInput['optimizer']][])('%s learns', async (name, optimizer) => {
  const { losses } = await trained({ train: { length: 6 }, optimizer: { ...optimizer, name } })
  expect((losses.at(-1) ?? 1) / (losses[0] ?? 1)).toBeLessThan(0.8)
})

test('several batches to a step follow the path of one large batch, what is left at the end of an epoch too', async () => {
  // 320 pictures, in five batches of 64 as three and two, or in batches of 192 and 128.
  const small = await trained({ train: { batchSize: 64, accumulate: 3 }, optimizer: { lr: 0.3 }, augment: { pad: 0 } })
  const large = await trained({
    train: { batchSize: 192, dropLast: false },
    optimizer: { lr: 0.3 },
    augment: { pad: 0 },
  })
  expect(small.losses).toHaveLength(4)
  for (const [i, loss] of small.losses.entries()) expect(loss / (large.losses[i] ?? 0)).toBeCloseTo(1, 5)
})

test('an average of the weights is judged and saved, and the training goes on with the weights', async () => {
  const train = { length: 2, ema: 'timm', emaDecay: 0.99 } as const
  const checkpoints = join(folder, 'average')
  await trainSeed(runtime, dataset, config({ train }), 1, recorder().reports, never, { checkpoints })
  const saved = savedWeights(checkpoints)
  const valuesOf = (name: string) => saved.get(name) ?? []
  expect(relativeError(valuesOf('c1.weight') as Float32Array, valuesOf('raw.c1.weight'))).toBeGreaterThan(1e-4)
  expect([...saved.keys()].filter((name) => name.startsWith('optimizer.momentum.'))).not.toHaveLength(0)
  const [plain, averaged] = [await trained({}), await trained({ train })]
  expect(averaged.losses).toEqual(plain.losses)
  expect(averaged.epochs.map((e) => e.testLoss)).not.toEqual(plain.epochs.map((e) => e.testLoss))
  // A decay of zero is no average.
  const copied = await trained({ train: { ...train, emaDecay: 0 } })
  expect(copied.epochs.map((e) => e.testLoss)).toEqual(plain.epochs.map((e) => e.testLoss))
})

test('gradients that are clipped make smaller steps, and binary cross entropy learns too', async () => {
  const clipped = await trained({ optimizer: { clip: 'norm', clipThreshold: 1e-6 } })
  expect(clipped.losses.at(-1)).toBeCloseTo(clipped.losses[0] ?? 0, 1)
  const { result } = await trained({
    train: { length: 12, loss: 'bce', bceThreshold: 0.2, bceSum: true, labelSmoothing: 0.1 },
    optimizer: { lr: 0.1 },
  })
  expect(result?.last.top1).toBeGreaterThan(0.9)
})

test('plateau lowers the rate when the training loss stops falling', async () => {
  const { record, reports } = recorder()
  const schedule = { name: 'plateau', patience: 0, gamma: 0.5 } as const
  const stuck = { lr: 0.1, clip: 'norm', clipThreshold: 1e-30 } as const
  await trainSeed(
    runtime,
    dataset,
    runConfigSchema.parse({ ...config({ train: { length: 4 }, optimizer: stuck }), schedule }),
    1,
    reports,
    never,
  )
  const rates = [0, 5, 10, 15].map((step) => record.points[step]?.lr)
  expect(rates[0]).toBe(0.1)
  expect(rates.at(-1)).toBeLessThan(0.1)
})

test('part epochs round up to whole steps, as in the reference of airbench94', () => {
  expect(totalSteps(50_000, config({ train: { length: 9.9, batchSize: 1024 } }))).toBe(476)
  expect(totalSteps(50_000, config({ train: { length: 64_000, lengthUnit: 'steps', batchSize: 128 } }))).toBe(64_000)
})

test('stop now keeps the last step and its checkpoint, and leaves nothing behind', async () => {
  const handles = runtime.handleCount
  const stop = new AbortController()
  const { record, reports } = recorder({ epoch: () => stop.abort() })
  const control = { now: stop.signal, afterEpoch: false }
  const checkpoints = join(folder, 'stop-now')
  const { ended, result } = await trainSeed(runtime, dataset, config(), 1, reports, control, { checkpoints })
  expect(ended).toBe('stopped')
  expect(result?.stopped).toBe(true)
  expect(record.checkpoints.at(-1)).toBe('state')
  expect(runtime.handleCount).toBe(handles)
})

test('stop after the epoch judges that epoch', async () => {
  const { record, reports } = recorder()
  const { result } = await trainSeed(runtime, dataset, config(), 1, reports, {
    now: new AbortController().signal,
    afterEpoch: true,
  })
  expect(record.epochs).toMatchObject([{ epoch: 1, final: true }])
  expect(result).toMatchObject({ stopped: true, last: { step: 5 } })
})

test('a loss that is no number ends the training with the step and the rate', async () => {
  const { reports } = recorder()
  const training = trainSeed(
    runtime,
    dataset,
    config({ train: { length: 8 }, optimizer: { lr: 1000, weightDecay: 10 } }),
    1,
    reports,
    never,
  )
  await expect(training).rejects.toMatchObject({ code: 'not-finite', details: { lr: expect.any(Number) } })
})

test('pictures of another size than the network takes are refused', async () => {
  const other = config({ model: { name: 'resnet50' } })
  const { reports } = recorder()
  const never = { now: new AbortController().signal, afterEpoch: false }
  await expect(trainSeed(runtime, dataset, other, 1, reports, never)).rejects.toMatchObject({
    code: 'config-out-of-range',
    expected: 'pictures of 224 x 224 x 3',
    found: '28 x 28 x 1',
  })
})

test('dropout draws by the key of the batch: the same key drops the same, another drops others', () => {
  const colour: PixelDataset = { ...dataset, shape: [32, 32, 3], mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] }
  const settings = config({ optimizer: { lr: 0 }, augment: { pad: 0 } })
  const network = modelBuilders['mobilenet-v3-small'](4, 1, { dropout: 0.5 })
  const context = { ...stepContext(network, colour, settings, 4), input: [32, 32] as const }
  const trainable = network.parameters.all.filter((p) => p.trainable)
  const lossOf = (key: number) =>
    tf.tidy(() => {
      const images = tf.tensor(
        Int32Array.from(pattern(5, 4 * 3072), (v) => 128 + 100 * v),
        [4, 32, 32, 3],
        'int32',
      )
      const int = (values: number[], shape: number[]) => tf.tensor(values, shape, 'int32')
      const inputs = [images, int([0, 1, 2, 3], [4]), int(Array(20).fill(0), [4, 5]), int([key], []), tf.scalar(0)]
      return trainingStep(context, trainable, inputs as Parameters<typeof trainingStep>[2])[0].dataSync()[0]
    })
  const first = lossOf(1)
  expect(lossOf(1)).toBe(first)
  expect(lossOf(2)).not.toBe(first)
  network.parameters.dispose()
  context.optimizer.dispose()
})
