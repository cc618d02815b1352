// Test pictures as the compiled evaluation takes them: as they are stored, or prepared one by one.
import { cropViews, evaluationSize, preparesEvaluation } from '../../shared/input-fit.ts'
import type { TestAugmentationName } from '../../shared/registry/augmentation.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset, PictureShape } from '../data/dataset.ts'
import { eventLoopBreaks } from '../data/event-loop-breaks.ts'
import type { Normalization } from '../data/normalization.ts'
import { storedPicture } from '../data/stored-picture.ts'
import { createTestPreparation } from '../data/test-views.ts'
import { DType } from '../tensorflow/dtypes.ts'

export interface TestSource {
  /** One for each picture. */
  labels: Uint8Array | Uint16Array
  /** One input of the network. */
  shape: PictureShape
  /** Bytes as they are stored, or normalised floats. */
  dtype: typeof DType.uint8 | typeof DType.float
  /** Inputs that one picture gives, in a row. */
  views: number
  /** `count` pictures from `start` on, with zeros after them up to `batch` pictures. */
  read(start: number, count: number, batch: number): Promise<Uint8Array | Float32Array>
}

export function createTestSource(
  dataset: Dataset,
  config: RunConfig,
  normalization: Normalization,
  augmentation: TestAugmentationName,
): TestSource {
  const { test, shape } = dataset
  const { labels } = test
  if (!preparesEvaluation(config, shape) && cropViews[augmentation] === undefined) {
    const bytes = shape[0] * shape[1] * shape[2]
    const read = async (start: number, pictures: number, batch: number) => {
      const images = new Uint8Array(batch * bytes)
      images.set(test.images.subarray(start * bytes, (start + pictures) * bytes))
      return images
    }
    return { labels, shape, dtype: DType.uint8, views: 1, read }
  }
  const input: PictureShape = [...evaluationSize(config), 3]
  const views = cropViews[augmentation] ?? 1
  const prepare = createTestPreparation(config, normalization, augmentation)
  const length = input[0] * input[1] * 3
  const read = async (start: number, pictures: number, batch: number) => {
    const images = new Float32Array(batch * views * length)
    const breathe = eventLoopBreaks()
    for (let i = 0; i < pictures; i++) {
      for (const [view, pixels] of prepare(storedPicture(dataset, 'test', start + i)).entries()) {
        images.set(pixels, (i * views + view) * length)
      }
      await breathe()
    }
    return images
  }
  return { labels, shape: input, dtype: DType.float, views, read }
}
