// Test pictures as the compiled evaluation takes them: as they are stored, or prepared one by one in the threads of a feed.
import { cropViews, evaluationSize, preparesEvaluation } from '../../shared/input-fit.ts'
import type { TestAugmentationName } from '../../shared/registry/augmentation.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset, PictureShape, PixelDataset } from '../data/dataset.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { PictureFeed } from './picture-feed.ts'
import type { BrokenReport } from './prepared-batch.ts'
import { createSharedBuffers } from './shared-buffers.ts'

export interface TestInputs {
  images: Uint8Array
  /** Places among the pictures asked for that could not be read; their values are 0. */
  broken: readonly number[]
  /** Call when `images` has been copied: its memory is used again. */
  done(): void
}

export interface TestSource {
  /** One for each picture. */
  labels: Uint8Array | Uint16Array
  /** One input of the network. */
  shape: PictureShape
  /** Bytes, or normalised floats. */
  dtype: typeof DType.uint8 | typeof DType.float
  /** Whether the pictures have the size of the input; else they are as they are stored. */
  prepared: boolean
  /** Inputs that one picture gives, in a row. */
  views: number
  /** The bytes of `count` pictures from `start` on, with zeros after them up to `batch` pictures. */
  read(start: number, count: number, batch: number): Promise<TestInputs>
}

export interface TestSourceOptions {
  /** For runs that prepare their test pictures; closed by its owner. */
  feed?: PictureFeed | null
  /** Told once for each test picture that could not be read; it is left out of the figure. */
  onBroken?: (report: BrokenReport) => void
}

export function createTestSource(
  dataset: Dataset,
  config: RunConfig,
  augmentation: TestAugmentationName,
  { feed = null, onBroken = () => {} }: TestSourceOptions = {},
): TestSource {
  if (!preparesEvaluation(config, dataset.shape) && cropViews[augmentation] === undefined) {
    return storedSource(dataset as PixelDataset)
  }
  if (feed === null) throw new Error('a run that prepares its test pictures needs a feed')
  const input: PictureShape = [...evaluationSize(config), 3]
  const views = cropViews[augmentation] ?? 1
  const dtype = feed.pool.testType === 'uint8' ? DType.uint8 : DType.float
  const pictureBytes = views * input[0] * input[1] * 3 * (dtype === DType.uint8 ? 1 : 4)
  const buffers = createSharedBuffers(2)
  const told = new Set<number>()
  const read = async (start: number, pictures: number, batch: number): Promise<TestInputs> => {
    const target = buffers.take(batch * pictureBytes)
    const images = new Uint8Array(target).fill(0, pictures * pictureBytes)
    const sources = Array.from({ length: pictures }, (_, i) => feed.source.test(start + i))
    const broken = await feed.pool.test(sources, augmentation, target)
    for (const { place, reason } of broken) {
      if (!told.has(start + place)) onBroken({ set: 'test', place: start + place, reason })
      told.add(start + place)
    }
    return { images, broken: broken.map(({ place }) => place), done: () => buffers.give(target) }
  }
  return { labels: dataset.test.labels, shape: input, dtype, prepared: true, views, read }
}

function storedSource({ shape, test }: PixelDataset): TestSource {
  const bytes = shape[0] * shape[1] * shape[2]
  const read = async (start: number, pictures: number, batch: number): Promise<TestInputs> => {
    const images = new Uint8Array(batch * bytes)
    images.set(test.images.subarray(start * bytes, (start + pictures) * bytes))
    return { images, broken: [], done: () => {} }
  }
  return { labels: test.labels, shape, dtype: DType.uint8, prepared: false, views: 1, read }
}
