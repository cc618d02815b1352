// A source of each reader goes all the way: prepared, checked, loaded for training, fed as a batch and shown as a thumbnail.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { datasetFolder, readManifest } from '../engine/data/dataset-manifest.ts'
import { readers } from '../engine/data/readers/detect.ts'
import { fixtureIn, fixturesFolder } from '../engine/data/readers/fixtures.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import type { TensorFlowRuntime } from '../engine/tensorflow/runtime.ts'
import { startForTests } from '../engine/tensorflow/start-for-tests.ts'
import { createBatchPlanner } from '../engine/train/batch-plan.ts'
import { createBatchSource } from '../engine/train/batch-source.ts'
import { createPlainPool } from '../engine/train/feed-for-tests.ts'
import { openPictureFeed } from '../engine/train/picture-feed.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import { checkDataset } from '../preparation/check-dataset.ts'
import { jobIn, recordingOptions } from '../preparation/preparation-for-tests.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import type { ReaderName } from '../shared/registry/readers.ts'
import { runConfigSchema } from '../shared/run-config.ts'
import { createPictureShelf } from './picture-shelf.ts'
import { loadTrainingData } from './training-data.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

const packed = (reader: ReaderName, name: string) => () =>
  (['folder', 'zip', 'tar.gz'] as const).map((container) => fixtureIn(container, reader, name))
const stored = (reader: ReaderName, name: string) => () => [join(fixturesFolder, reader, name)]

/** One picture of a class is all there is, and it must be trained on. */
function withoutParts(): string[] {
  const folder = fixtureIn('folder', 'jsonl', 'metadata')
  const list = join(folder, 'metadata.jsonl')
  writeFileSync(list, readFileSync(list, 'utf8').replaceAll(/,\s*"split":\s*"\w+"/g, ''))
  return [folder]
}

const sources: Record<ReaderName, () => string[]> = {
  'class-folders': packed('class-folders', 'pets'),
  'train-val-folders': packed('train-val-folders', 'parts'),
  imagenet: packed('imagenet', 'folders'),
  'tiny-imagenet': packed('tiny-imagenet', 'tiny-imagenet-200'),
  'cifar-binary': packed('cifar-binary', 'cifar-10'),
  'cifar-python': packed('cifar-python', 'cifar-10'),
  idx: packed('idx', 'mnist'),
  stl10: packed('stl10', 'stl10_binary'),
  svhn: packed('svhn', 'plain'),
  csv: packed('csv', 'plain'),
  jsonl: withoutParts,
  coco: packed('coco', 'largest'),
  voc: packed('voc', 'largest'),
  webdataset: stored('webdataset', 'numbers'),
  tfrecord: stored('tfrecord', 'inception'),
  parquet: stored('parquet', 'hub'),
}

const prepared = {
  model: { name: 'resnet20-cifar' },
  augment: { crop: 'random-resized', flip: 'random' },
  input: { size: 32 },
}
const asStored = { model: { name: 'lenet5' }, augment: { crop: 'none', flip: 'none' } }

async function travel(path: string, reader: ReaderName): Promise<void> {
  const folder = temporaryFolder()
  const datasetsDir = join(folder, 'datasets')
  const { signal } = new AbortController()
  await prepareDataset(jobIn(folder, { datasetId: 'mine', path, boxRule: 'largest' }), recordingOptions(folder))
  const manifest = await readManifest(datasetsDir, 'mine')
  if (manifest === null) throw new Error('nothing was prepared')
  expect(manifest.reader).toBe(reader)

  const index = openPictureIndex(join(datasetFolder(datasetsDir, 'mine'), indexFile), { readonly: false })
  const report = await checkDataset({ datasetsDir, manifest, index, onProgress: () => {}, signal })
  const rows = [...index.scan(1000)].flat()
  index.close()
  expect(report.pictures).toBe(rows.length)

  const config = runConfigSchema.parse({
    ...(reader === 'idx' ? asStored : prepared),
    data: { dataset: 'mine', cache: 'none' },
    train: { length: 1, batchSize: 2 },
    compute: { threads: 1 },
  })
  const dataset = await loadTrainingData({ config, datasetsDir, seeds: [1] }, () => {}, signal)
  const used = rows.filter(({ part, excluded }) => part === 'train' && !excluded)
  expect([...dataset.train.labels].sort()).toEqual(used.map(({ label }) => label).sort())
  const { indices } = createBatchPlanner(dataset.train.count, config, 1).plan(0, 0)
  const labels = Array.from(indices, (i) => dataset.train.labels[i])

  const batches: { pictures: Buffer; labels: number[] }[] = []
  for (const createPool of [undefined, createPlainPool]) {
    const feed = openPictureFeed(dataset, config, runtime.dir, createPool)
    const source = createBatchSource(runtime, dataset, config, 1, { feed })
    const batch = await source.batch(0, 0)
    batches.push({
      pictures: Buffer.from(runtime.readTensor(batch.ids[0]).bytes),
      labels: [...new Int32Array(runtime.readTensor(batch.ids[1]).bytes)],
    })
    source.release(batch)
    await feed.pool.close()
  }
  const [fed, direct] = batches
  expect(fed?.labels).toEqual(labels)
  expect(direct && fed?.pictures.equals(direct.pictures)).toBe(true)
  if (reader === 'idx' && dataset.storage === 'pixels') {
    const { images, count } = dataset.train
    const bytes = images.length / count
    const rawPictures = Array.from(indices, (i) => images.subarray(i * bytes, (i + 1) * bytes))
    expect(fed?.pictures.equals(Buffer.concat(rawPictures))).toBe(true)
  }
  expect(new Set(fed?.pictures).size).toBeGreaterThan(1)

  const picture = rows[0]?.picture ?? 0
  const question = { datasetsDir, datasetId: 'mine', version: '1', picture, side: 64 as const }
  const shelf = createPictureShelf()
  expect((await shelf.thumbnail(question, signal)).bytes.length).toBeGreaterThan(0)
  await shelf.close()
}

test.each(readers.map(({ name }) => name))('%s', async (reader) => {
  for (const path of sources[reader]()) await travel(path, reader)
})
