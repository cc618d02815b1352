// The pictures of a data set as the threads of a feed pool are asked for them.
import { availableParallelism } from 'node:os'
import { preparesEvaluation, preparesTraining } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset, PictureShape, PixelDataset } from '../data/dataset.ts'
import { normalizationOf } from '../data/normalization.ts'
import { createFeedPool } from '../feed/pool.ts'
import type { FeedPlan, FeedPool, FeedSource } from '../feed/types.ts'

export interface PictureFeed {
  pool: FeedPool
  /** Where the pictures at a place of each set lie. */
  source: Record<'train' | 'test', (place: number) => FeedSource>
  /** [train.count], by which a broken picture finds another one of its class. */
  labels: ArrayLike<number>
}

/** Whether a run prepares any pictures of `shape` one by one, which threads do. */
export function needsFeed(config: RunConfig, shape: Readonly<PictureShape>): boolean {
  return preparesTraining(config, shape) || preparesEvaluation(config, shape)
}

/** Throws `config-out-of-range` for policy settings that cannot be read. The caller closes its pool. */
export function openPictureFeed(
  dataset: Dataset,
  config: RunConfig,
  libtensorflowDir: string | null,
  createPool: (plan: FeedPlan) => FeedPool = createFeedPool,
): PictureFeed {
  const pool = createPool({
    root: dataset.storage === 'files' ? dataset.root : '',
    pixels: dataset.storage === 'files' ? null : sharedPixels(dataset),
    decoded: dataset.storage === 'files' ? dataset.decoded : null,
    config,
    normalization: normalizationOf(config.input, dataset),
    libtensorflowDir,
    threads: config.compute.threads > 0 ? config.compute.threads : availableParallelism(),
  })
  if (dataset.storage === 'files') {
    const { train, test } = dataset
    return { pool, source: { train: train.location, test: test.location }, labels: train.labels }
  }
  const pixels = (first: number) => (place: number) => ({ kind: 'pixels', index: first + place }) as const
  const source = { train: pixels(0), test: pixels(firstTest(dataset)) }
  return { pool, source, labels: dataset.train.labels }
}

/** Training pictures, then test pictures in one shared buffer: copied, unless they were loaded so. */
function sharedPixels(dataset: PixelDataset): FeedPlan['pixels'] {
  const { shape, train, test } = dataset
  const [height, width] = shape
  const { buffer } = train.images
  if (buffer instanceof SharedArrayBuffer && test.images.buffer === buffer) return { data: buffer, height, width }
  const data = new SharedArrayBuffer(train.images.length + test.images.length)
  const bytes = new Uint8Array(data)
  bytes.set(train.images)
  bytes.set(test.images, train.images.length)
  return { data, height, width }
}

/** Place of the first test picture in `sharedPixels`: after a limit, training pictures that are not used lie between. */
function firstTest({ shape, train, test }: PixelDataset): number {
  const isShared = train.images.buffer instanceof SharedArrayBuffer && test.images.buffer === train.images.buffer
  return isShared ? test.images.byteOffset / (shape[0] * shape[1] * 3) : train.count
}
