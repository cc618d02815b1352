// Whole trainings whose pictures are prepared on the host, against the same trainings inside the compiled step.
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import type { StepPoint } from '../../shared/worker-protocol.ts'
import type { ImageSet, PictureShape, PixelDataset } from '../data/dataset.ts'
import { normalisedPixels, normalizationOf } from '../data/normalization.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { createBatchSource } from './batch-source.ts'
import { openPictureFeed } from './picture-feed.ts'
import { type SeedReports, trainSeed } from './seed-training.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const classes = ['a', 'b', 'c']

function pictures(side: number, count: number, phase: number): ImageSet {
  const values = pattern(phase, count * side * side * 3)
  return {
    images: Uint8Array.from(values, (v) => Math.round((v + 1) * 127)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes.length),
    count,
  }
}

function datasetOf(side: number): PixelDataset {
  const shape: PictureShape = [side, side, 3]
  const summary = { id: 't', label: 'T', fingerprint: '', benchmark: false, skipped: [] }
  const [train, test] = [pictures(side, 24, 1), pictures(side, 7, 2)]
  return {
    storage: 'pixels',
    summary: { ...summary, train: train.count, test: test.count, classes },
    shape,
    mean: [0.4, 0.5, 0.6],
    std: [0.2, 0.25, 0.3],
    train,
    test,
  }
}

const config = ({ augment, evaluation, ...more }: RunConfigInput) =>
  runConfigSchema.parse({
    model: { name: 'resnet20-cifar' },
    train: { length: 1, batchSize: 8, labelSmoothing: 0.1 },
    optimizer: { lr: 0.01 },
    evaluation: { batchSize: 4, ...evaluation },
    ...more,
    augment: { ...augment },
  })

/** Batches of seed 1 from threads that end with the test. */
function batchesOf(dataset: PixelDataset, settings: RunConfig) {
  const feed = openPictureFeed(dataset, settings, null)
  onTestFinished(() => feed.pool.close())
  return createBatchSource(runtime, dataset, settings, 1, { feed })
}

async function train(dataset: PixelDataset, settings: RunConfigInput) {
  const points: StepPoint[] = []
  const nothing = () => {}
  const reports: SeedReports = {
    phase: nothing,
    start: nothing,
    steps: (new_) => points.push(...new_),
    epoch: nothing,
    dataWait: nothing,
  }
  const never = { now: new AbortController().signal, afterEpoch: false }
  const { result } = await trainSeed(runtime, dataset, config(settings), 1, reports, never)
  if (!result) throw new Error('the training has no result')
  return { losses: points.map(({ loss }) => loss), ...result.last }
}

test('a crop of the whole picture and a resize to its own size change nothing', async () => {
  const flip = { pad: 2, flip: 'random', cutout: 5 } as const
  const stored = await train(datasetOf(32), { augment: flip })
  const prepared = await train(datasetOf(32), {
    augment: { ...flip, crop: 'random-resized', cropScale: [1, 1], cropRatio: [1, 1] },
    evaluation: { resize: 32 },
  })
  expect(prepared.losses).toHaveLength(3)
  for (const [i, loss] of prepared.losses.entries()) expect(loss).toBeCloseTo(stored.losses[i] ?? Number.NaN, 5)
  expect(prepared.loss).toBeCloseTo(stored.loss, 5)
})

test('larger pictures are cropped, changed, mixed and erased, and judged by ten crops, alike for the same seed', async () => {
  const settings: RunConfigInput = {
    augment: {
      crop: 'random-resized',
      interpolation: 'bicubic',
      flip: 'random',
      policy: 'rand-timm',
      policySpec: 'rand-m9-mstd0.5-inc1',
      erasing: 0.5,
      erasingFill: 'pixel',
      mixup: 0.8,
      cutmix: 1,
      repeats: 3,
    },
    evaluation: { resize: 36, testAugmentation: 'ten-crop' },
  }
  const [first, second] = [await train(datasetOf(40), settings), await train(datasetOf(40), settings)]
  expect(first.losses).toHaveLength(3)
  expect(first.losses.every(Number.isFinite)).toBe(true)
  expect(second.losses).toEqual(first.losses)
  expect(second.loss).toBe(first.loss)
})

test('ten crops of pictures of one colour are one crop of them', async () => {
  const flat = datasetOf(40)
  flat.test.images.fill(90)
  const one = await train(flat, { augment: { crop: 'random-resized' }, evaluation: { resize: 40 } })
  const ten = await train(flat, {
    augment: { crop: 'random-resized' },
    evaluation: { resize: 40, testAugmentation: 'ten-crop' },
  })
  expect(ten.loss).toBeCloseTo(one.loss, 4)
})

test('a growing input and accumulated batches train at every size', async () => {
  const growing = await train(datasetOf(40), {
    input: { size: 64, growFrom: 32, growEnd: 0.6 },
    train: { length: 3, batchSize: 4, accumulate: 2 },
    augment: { crop: 'random-resized' },
    evaluation: { every: 3 },
  })
  expect(growing.losses).toHaveLength(9)
  expect(growing.losses.every(Number.isFinite)).toBe(true)
})

test('repeated augmentation shows a third of the pictures, three views of each', async () => {
  const dataset = datasetOf(40)
  const settings = config({ augment: { crop: 'random-resized', repeats: 3 } })
  const source = batchesOf(dataset, settings)
  const seen = new Map<string, Set<string>>()
  for (let step = 0; step < source.stepsPerEpoch; step++) {
    const batch = await source.batch(step, 0)
    const images = new Uint8Array(runtime.readTensor(batch.ids[0]).bytes)
    const size = images.length / batch.size
    const labels = new Int32Array(runtime.readTensor(batch.ids[1]).bytes)
    for (let i = 0; i < batch.size; i += 3) {
      const views = [0, 1, 2].map((v) => Buffer.from(images.slice((i + v) * size, (i + v + 1) * size).buffer))
      if (i + 3 <= batch.size && step === 0) expect(new Set(labels.subarray(i, i + 3)).size).toBe(1)
      for (const view of views)
        seen.set(`${step} ${i}`, (seen.get(`${step} ${i}`) ?? new Set()).add(view.toString('hex')))
    }
    source.release(batch)
  }
  expect([...seen.values()][0]?.size).toBe(3)
})

test('views for the JSD loss share their crop, the first without policy and erasing', async () => {
  const settings: RunConfigInput = {
    train: { length: 1, batchSize: 8, loss: 'jsd' },
    augment: { crop: 'random-resized', policy: 'augmix', policySpec: 'augmix-m5-w4-d2', erasing: 1, splits: 3 },
  }
  const dataset = datasetOf(40)
  const source = batchesOf(dataset, config(settings))
  const clean = batchesOf(dataset, config({ augment: { crop: 'random-resized' } }))
  const bytes = async (of: typeof source) => runtime.readTensor((await of.batch(0, 0)).ids[0]).bytes
  const views = new Float32Array(await bytes(source))
  const plain = normalisedPixels(new Uint8Array(await bytes(clean)), normalizationOf(config({}).input, dataset))
  const split = (i: number) => views.subarray(i * 8 * 3072, (i + 1) * 8 * 3072)
  expect(split(0)).toEqual(plain)
  expect(split(1)).not.toEqual(plain)
  expect(split(2)).not.toEqual(split(1))
  const { losses } = await train(datasetOf(40), settings)
  expect(losses).toHaveLength(3)
  expect(losses.every(Number.isFinite)).toBe(true)
})
