// Batches of a training run: which pictures, in which order, with which draws; gathered on the host into TensorFlow tensors.
import { grownSize, type InputSize, preparesTraining } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { batchesPerEpoch, stepsPerEpoch, totalSteps } from '../../shared/training-length.ts'
import { repeatedAugmentationOrder } from '../data/augmentations/mixing.ts'
import type { Dataset } from '../data/dataset.ts'
import { augmentationDraws, drawCount, epochOrder, layerKey } from '../data/draws.ts'
import { normalizationOf } from '../data/normalization.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { createPreparedBatches } from './prepared-batch.ts'

export interface Batch {
  size: number
  /** Height and width of the network's input. */
  input: InputSize
  /**
   * Native ids. Pictures as they are stored: images uint8 [n, h, w, c], labels int32 [n], draws int32 [n, 5]. Prepared pictures:
   * float32 [splits x n, h, w, 3], labels int32 [n], targets float32 [n, classes]. Last the key of random layers, int32 [].
   */
  ids: [images: number, labels: number, drawsOrTargets: number, layerKey: number]
}

export interface BatchSource {
  readonly stepsPerEpoch: number
  /** Batches of a step, counted from 0 over the whole run: `train.accumulate`, or what the epoch has left. */
  parts(step: number): number
  /** A batch of a step, which the caller releases. */
  batch(step: number, part: number): Promise<Batch>
  release(batch: Batch): void
}

/** The pictures of an epoch in order, and how often each came before in it. */
interface EpochPlan {
  epoch: number
  indices: Int32Array
  views: Int32Array
}

function planEpoch(seed: number, epoch: number, count: number, repeats: number): EpochPlan {
  const order = epochOrder(seed, epoch, count)
  if (repeats === 1) return { epoch, indices: order, views: new Int32Array(count) }
  const indices = repeatedAugmentationOrder(order, repeats)
  return { epoch, indices, views: indices.map((_, place) => place % repeats) }
}

export function createBatchSource(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  config: RunConfig,
  seed: number,
): BatchSource {
  const { train, shape } = dataset
  const perEpoch = stepsPerEpoch(train.count, config)
  const total = totalSteps(train.count, config)
  const pictureBytes = shape[0] * shape[1] * shape[2]
  const prepared = preparesTraining(config, shape)
    ? createPreparedBatches(runtime, dataset, config, normalizationOf(config.input, dataset), seed)
    : null
  let plan: EpochPlan = { epoch: -1, indices: new Int32Array(0), views: new Int32Array(0) }

  const stored = (epoch: number, indices: Int32Array, views: Int32Array): [number, number, number] => {
    const images = new Uint8Array(indices.length * pictureBytes)
    for (const [i, index] of indices.entries()) {
      images.set(train.images.subarray(index * pictureBytes, (index + 1) * pictureBytes), i * pictureBytes)
    }
    const draws = augmentationDraws(seed, epoch, indices, { height: shape[0], width: shape[1] }, config.augment, views)
    return [
      runtime.createTensor([indices.length, ...shape], DType.uint8, images),
      runtime.createTensor(
        [indices.length],
        DType.int32,
        Int32Array.from(indices, (index) => train.labels[index] ?? 0),
      ),
      runtime.createTensor([indices.length, drawCount], DType.int32, draws),
    ]
  }

  return {
    stepsPerEpoch: perEpoch,
    parts: (step) => {
      const taken = (step % perEpoch) * config.train.accumulate
      return Math.min(config.train.accumulate, batchesPerEpoch(train.count, config) - taken)
    },
    async batch(step, part) {
      const epoch = Math.floor(step / perEpoch)
      if (plan.epoch !== epoch) plan = planEpoch(seed, epoch, train.count, config.augment.repeats)
      const number = step * config.train.accumulate + part
      const first = ((step % perEpoch) * config.train.accumulate + part) * config.train.batchSize
      const indices = plan.indices.subarray(first, first + config.train.batchSize)
      const views = plan.views.subarray(first, first + config.train.batchSize)
      // The size changes between epochs, as in FFCV and Composer.
      const input = grownSize(config, (epoch * perEpoch) / total)
      const tensors = prepared
        ? await prepared({ epoch, indices, views, batch: number, input })
        : stored(epoch, indices, views)
      const key = runtime.createTensor([], DType.int32, Int32Array.of(layerKey(seed, number)))
      return { size: indices.length, input, ids: [...tensors, key] }
    },
    release: (batch) => {
      for (const id of batch.ids) runtime.deleteTensor(id)
    },
  }
}
