// Real short trainings on made-up data: repeatable, stoppable, honest about failure, and kept in checkpoints.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import type { OptimizerName } from '../../shared/registry/training.ts'
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import { totalSteps } from '../../shared/training-length.ts'
import type { EpochResult, StepPoint } from '../../shared/worker-protocol.ts'
import type { ImageSet, PixelDataset } from '../data/dataset.ts'
import { readSafetensors } from '../formats/safetensors.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { relativeError, startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues, type Variable } from '../tensorflow/variables.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { buildOptimizer } from './optimizers/build-optimizer.ts'
import { type SeedReports, stepContext, trainSeed } from './seed-training.ts'
import { trainingStep } from './training-step.ts'

let runtime: TensorFlowRuntime
const folder = mkdtempSync(join(tmpdir(), 'reprise-checkpoints-'))
beforeAll(async () => {
  runtime = await startForTests()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Four classes told apart by which quarter of a 28x28 picture is bright, with noise. */
function madeUpSet(count: number, stream: number): ImageSet {
  const noise = pattern(stream, count * 784)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 4)
  const images = Uint8Array.from(noise, (v, i) => {
    const [y, x] = [Math.floor((i % 784) / 28), i % 28]
    const quarter = (y < 14 ? 0 : 2) + (x < 14 ? 0 : 1)
    return Math.round(60 + 40 * v + (quarter === Math.floor(i / 784) % 4 ? 120 : 0))
  })
  return { images, labels, count }
}

const dataset: PixelDataset = {
  storage: 'pixels',
  summary: {
    id: 'made-up',
    label: 'Made up',
    train: 320,
    test: 90,
    classes: ['a', 'b', 'c', 'd'],
    fingerprint: 'x',
    benchmark: false,
    skipped: [],
  },
  shape: [28, 28, 1],
  mean: [0.35],
  std: [0.2],
  train: madeUpSet(320, 1),
  test: madeUpSet(90, 2),
}

const config = (more: RunConfigInput = {}): RunConfig =>
  runConfigSchema.parse({
    model: { name: 'lenet5', ...more.model },
    train: { length: 2, batchSize: 64, ...more.train },
    optimizer: { lr: 0.05, ...more.optimizer },
    augment: { pad: 1, ...more.augment },
    evaluation: { batchSize: 40, ...more.evaluation },
    compute: more.compute ?? {},
  })

function recorder(more: Partial<SeedReports> = {}) {
  const record = { points: [] as StepPoint[], epochs: [] as EpochResult[], checkpoints: [] as string[], totalSteps: 0 }
  const reports: SeedReports = {
    phase: () => {},
    start: (info) => {
      record.totalSteps = info.totalSteps
    },
    steps: (points) => record.points.push(...points),
    epoch: (result) => record.epochs.push(result),
    checkpoint: (kind) => record.checkpoints.push(kind),
    dataWait: () => {},
    ...more,
  }
  return { record, reports }
}

const never = { now: new AbortController().signal, afterEpoch: false }

test('a short training learns, reports every step and epoch, and leaves nothing behind', async () => {
  const before = { handles: runtime.handleCount, tensors: tf.memory().numTensors }
  const { record, reports } = recorder()
  const result = await trainSeed(
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
  expect(record.checkpoints.filter((kind) => kind === 'last')).toHaveLength(12)
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
  const result = await trainSeed(runtime, dataset, config(more), 1, reports, never)
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
  let saved: ReadonlyMap<string, Variable> = new Map()
  let difference = 0
  const { reports } = recorder({
    checkpoint: (_, network, state) => {
      saved = new Map(state)
      const name = network.parameters.all[0]?.name ?? ''
      const [judged, raw] = [network.parameters.all[0]?.variable, state.get(`raw.${name}`)]
      if (judged && raw) difference = relativeError(readVariableValues(judged), readVariableValues(raw))
    },
  })
  const train = { length: 2, ema: 'timm', emaDecay: 0.99 } as const
  await trainSeed(runtime, dataset, config({ train }), 1, reports, never)
  expect(difference).toBeGreaterThan(1e-4)
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
  const result = await trainSeed(runtime, dataset, config(), 1, reports, { now: stop.signal, afterEpoch: false })
  expect(result?.stopped).toBe(true)
  expect(record.checkpoints.at(-1)).toBe('last')
  expect(runtime.handleCount).toBe(handles)
})

test('stop after the epoch judges that epoch', async () => {
  const { record, reports } = recorder()
  const result = await trainSeed(runtime, dataset, config(), 1, reports, {
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

test('a checkpoint of the last epoch holds the state of the optimizer in the layout of its parameters', () => {
  const network = modelBuilders['resnet20-cifar'](10, 3)
  const optimizer = buildOptimizer(
    network.parameters.all.filter((p) => p.trainable),
    runConfigSchema.parse({ optimizer: { name: 'adamw' } }).optimizer,
  )
  const state = new Map([...optimizer.slots].map(([name, slot]) => [`optimizer.${name}`, slot]))
  const at = { seed: 5, step: 7, epoch: 1, model: 'resnet20-cifar' }
  const shapes = (kind: 'last' | 'best') => {
    const path = join(folder, writeCheckpoint(folder, network, state, { ...at, kind }).file)
    return new Map(readSafetensors(readFileSync(path), path).tensors.map(({ name, shape }) => [name, shape]))
  }
  const [last, best] = [shapes('last'), shapes('best')]
  expect(last.get('optimizer.step')).toEqual([])
  for (const { name, trainable } of network.parameters.all) {
    for (const slot of ['exp_avg', 'exp_avg_sq']) {
      expect(last.get(`optimizer.${slot}.${name}`)).toEqual(trainable ? last.get(name) : undefined)
    }
  }
  expect(last.get('conv1.weight')).toEqual([16, 3, 3, 3])
  expect([...best.keys()].sort()).toEqual(network.parameters.all.map(({ name }) => name).sort())
  optimizer.dispose()
  network.parameters.dispose()
})

test('a checkpoint gives back the network to the last bit, and a damaged one is refused', () => {
  const [saved, loaded] = [modelBuilders['resnet20-cifar'](10, 3), modelBuilders['resnet20-cifar'](10, 4)]
  const entry = writeCheckpoint(folder, saved, new Map(), {
    seed: 3,
    kind: 'last',
    step: 7,
    epoch: 1,
    model: 'airbench94',
  })
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  readCheckpoint(folder, entry.file, loaded)
  for (const [i, { variable }] of saved.parameters.all.entries()) {
    const other = loaded.parameters.all[i]?.variable
    expect(other && readVariableValues(other)).toEqual(readVariableValues(variable))
  }
  const path = join(folder, entry.file)
  const bytes = readFileSync(path)
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
  writeFileSync(path, bytes)
  expect(() => readCheckpoint(folder, entry.file, loaded)).toThrow('is damaged')
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
