// What a preview shows is what training feeds: the pixels of the PNG files are those of the fed batch, bit for bit.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Dataset } from '../engine/data/dataset.ts'
import { decodeRgb } from '../engine/data/decode-picture.ts'
import { writeFileDataset } from '../engine/data/files-for-tests.ts'
import { inputPixels } from '../engine/data/input-pixels.ts'
import { loadDataset } from '../engine/data/load-dataset.ts'
import { normalizationOf } from '../engine/data/normalization.ts'
import { modelBuilders } from '../engine/nn/model-builders.ts'
import { compileFunction } from '../engine/tensorflow/compiled-function.ts'
import type { TensorFlowRuntime } from '../engine/tensorflow/runtime.ts'
import { startForTests } from '../engine/tensorflow/start-for-tests.ts'
import { createBatchSource } from '../engine/train/batch-source.ts'
import { needsFeed, openPictureFeed } from '../engine/train/picture-feed.ts'
import { stepContext } from '../engine/train/step-context.ts'
import { type BatchTensors, batchSpecs, stepInput } from '../engine/train/step-input.ts'
import { jobIn, recordingOptions } from '../preparation/preparation-for-tests.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import type { PreviewInputs } from '../shared/dataset-views.ts'
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../shared/run-config.ts'
import { partReader } from './picture-parts.ts'
import { createPreviews } from './preview-inputs.ts'

vi.mock(import('../engine/train/picture-feed.ts'), { spy: true })

const folder = mkdtempSync(join(tmpdir(), 'reprise-preview-'))
const previews = createPreviews()
afterAll(async () => {
  await previews.close()
  rmSync(folder, { recursive: true, force: true })
})

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
  await writeFileDataset(join(folder, 'source'), 24, 6)
  await prepareDataset(jobIn(folder, { datasetId: 'mine', path: join(folder, 'source') }), recordingOptions(folder))
})

/** The pictures of a step as the compiled step gives them to the network, all splits one after the other, and the labels. */
async function fed(dataset: Dataset, config: RunConfig, seed: number, step: number) {
  const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, runtime.dir) : null
  const source = createBatchSource(runtime, dataset, config, seed, { feed })
  const network = modelBuilders[config.model.name as 'lenet5'](dataset.summary.classes.length, 1)
  const context = stepContext(network, dataset, config, dataset.summary.classes.length)
  const batch = await source.batch(step, 0)
  const compiled = compileFunction('input', batchSpecs(context, batch.size, batch.input), (...inputs) => {
    const { x, targets } = stepInput(context, inputs as unknown as BatchTensors)
    return [x, targets]
  })
  const outputs = compiled.run(batch.ids.slice(0, 3))
  const [x, targets] = outputs.map(({ id }) => new Float32Array(runtime.readTensor(id).bytes))
  const labels = [...new Int32Array(runtime.readTensor(batch.ids[1]).bytes)]
  for (const { id } of outputs) runtime.deleteTensor(id)
  source.release(batch)
  compiled.dispose()
  context.optimizer.dispose()
  network.parameters.dispose()
  await feed?.pool.close()
  if (!x || !targets) throw new Error('nothing was fed')
  return { pixels: inputPixels(x, normalizationOf(config.input, dataset)), targets, labels, size: batch.size }
}

async function shownPixels({ inputs }: PreviewInputs): Promise<Uint8Array[]> {
  return Promise.all(
    inputs.map(async ({ image }) => {
      const png = Buffer.from(image.slice('data:image/png;base64,'.length), 'base64')
      return (await decodeRgb(png)).data
    }),
  )
}

function preview(config: RunConfig, seed: number, step: number): Promise<PreviewInputs> {
  const datasetsDir = join(folder, 'datasets')
  return previews.inputs({ datasetsDir, config, seed, step, libtensorflowDir: runtime.dir })
}

const load = (config: RunConfig) => {
  const datasetsDir = join(folder, 'datasets')
  const { dataset: id, ...data } = config.data
  return loadDataset(id, { ...data, datasetsDir, readParts: partReader(datasetsDir) })
}

const ways: [string, RunConfigInput, number][] = [
  ['crops, mirrored', { augment: { crop: 'random-resized', flip: 'random' } }, 0],
  [
    'policy and erasing by pixels',
    {
      augment: {
        crop: 'random-resized',
        policy: 'rand-timm',
        policySpec: 'rand-m9-mstd0.5-inc1',
        erasing: 1,
        erasingFill: 'pixel',
      },
    },
    0,
  ],
  ['mixed pictures', { augment: { crop: 'random-resized', mixup: 0.8, cutmix: 1 }, train: { labelSmoothing: 0.1 } }, 0],
  [
    'the first augmented split',
    {
      augment: { crop: 'random-resized', policy: 'augmix', policySpec: 'augmix-m5-w4-d2', splits: 3 },
      train: { loss: 'jsd' },
    },
    1,
  ],
]

test.each(ways)('of files: %s', async (_, { train, ...more }, split) => {
  const config = runConfigSchema.parse({
    data: { dataset: 'mine' },
    model: { name: 'resnet20-cifar' },
    evaluation: { resize: 36 },
    compute: { threads: 2 },
    ...more,
    train: { length: 3, batchSize: 20, ...train },
  })
  const [seed, step] = [5, 1]
  const shown = await preview(config, seed, step)
  const dataset = await load(config)
  const expected = await fed(dataset, config, seed, step)
  // Of 24 pictures, an epoch has one whole batch of 20.
  expect([shown.step, shown.epoch, shown.inputs.length]).toEqual([1, 1, 16])
  const length = 32 * 32 * 3
  for (const [i, pixels] of (await shownPixels(shown)).entries()) {
    const at = split * expected.size + i
    expect(pixels).toEqual(expected.pixels.subarray(at * length, (at + 1) * length))
  }
  expect(shown.inputs.map(({ label }) => label)).toEqual(expected.labels.slice(0, 16))
  for (const [i, { targets, name, label }] of shown.inputs.entries()) {
    expect(name).toMatch(`train/${dataset.summary.classes[label]}/`)
    for (const { label: target, share } of targets) {
      expect(share).toBeCloseTo(expected.targets[i * 2 + target] ?? Number.NaN, 6)
    }
  }
})

test('of raw pixels that the compiled step moves, mirrors and covers', async () => {
  await prepareDataset(jobIn(folder, { datasetId: 'fashion-mnist-sample' }), recordingOptions(folder))
  const config = runConfigSchema.parse({
    data: { dataset: 'fashion-mnist-sample' },
    model: { name: 'lenet5' },
    augment: { pad: 3, padMode: 'black', flip: 'random', cutout: 6 },
    train: { length: 1, batchSize: 32 },
  })
  const shown = await preview(config, 7, 4)
  const expected = await fed(await load(config), config, 7, 4)
  expect([shown.height, shown.width, shown.inputs.length]).toEqual([32, 32, 16])
  for (const [i, rgb] of (await shownPixels(shown)).entries()) {
    const grey = rgb.filter((_, at) => at % 3 === 0)
    expect(grey).toEqual(expected.pixels.subarray(i * 1024, (i + 1) * 1024))
  }
  expect(shown.inputs.map(({ label }) => label)).toEqual(expected.labels.slice(0, 16))
})

test('another draw is another seed, and a step beyond the end is the last one', async () => {
  const config = runConfigSchema.parse({
    data: { dataset: 'mine' },
    model: { name: 'resnet20-cifar' },
    augment: { crop: 'random-resized' },
    evaluation: { resize: 36 },
    train: { length: 3, batchSize: 20 },
    compute: { threads: 2 },
  })
  const [one, other] = [await preview(config, 1, 0), await preview(config, 2, 0)]
  expect(other.inputs.map(({ image }) => image)).not.toEqual(one.inputs.map(({ image }) => image))
  expect(await preview(config, 1, 99)).toMatchObject({ step: 2, totalSteps: 3, epoch: 2 })
})

test('questions asked at once are answered, and none leaves its threads behind', async () => {
  const known = vi.mocked(openPictureFeed).mock.results.length
  const crowded = createPreviews()
  const ask = (batchSize: number, signal?: AbortSignal) => {
    const config = runConfigSchema.parse({
      data: { dataset: 'mine' },
      model: { name: 'resnet20-cifar' },
      augment: { crop: 'random-resized' },
      evaluation: { resize: 36 },
      compute: { threads: 1 },
      train: { length: 3, batchSize },
    })
    return crowded.inputs(
      { datasetsDir: join(folder, 'datasets'), config, seed: 1, step: 0, libtensorflowDir: null },
      signal,
    )
  }
  const gone = new AbortController()
  const calls = [ask(2), ask(3, gone.signal), ask(4)]
  gone.abort(new Error('gone'))
  const [first, second, third] = await Promise.allSettled(calls)
  expect(first).toMatchObject({ status: 'fulfilled', value: { inputs: { length: 2 } } })
  expect(second).toMatchObject({ status: 'rejected', reason: { message: 'gone' } })
  expect(third).toMatchObject({ status: 'fulfilled', value: { inputs: { length: 4 } } })
  await crowded.close()
  const opened = vi.mocked(openPictureFeed).mock.results.slice(known)
  expect(opened).toHaveLength(2)
  for (const { value } of opened) {
    const { pool } = value as ReturnType<typeof openPictureFeed>
    await expect(pool.training([], [8, 8], new SharedArrayBuffer(0))).rejects.toMatchObject({ code: 'cancelled' })
  }
})
