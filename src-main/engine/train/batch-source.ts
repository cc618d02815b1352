// Batches of a training run: which pictures, in which order, with which draws; gathered on the host into TensorFlow tensors.
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset } from '../data/dataset.ts'
import { augmentationDraws, drawCount, epochOrder, layerKey } from '../data/draws.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'

export interface Batch {
  size: number
  /** Native ids: images uint8 [n, h, w, c], labels int32 [n], draws int32 [n, 5], key of random layers int32 []. */
  ids: [images: number, labels: number, draws: number, layerKey: number]
}

export interface BatchSource {
  readonly stepsPerEpoch: number
  /** Batches of a step, counted from 0 over the whole run: `train.accumulate`, or what the epoch has left. */
  parts(step: number): number
  /** A batch of a step. */
  batch(step: number, part: number): Batch
  release(batch: Batch): void
}

function batchesPerEpoch(count: number, config: RunConfig['train']): number {
  const exact = count / config.batchSize
  return Math.max(1, config.dropLast ? Math.floor(exact) : Math.ceil(exact))
}

/** Steps of one epoch over `count` pictures; an incomplete group of batches at its end makes a step of its own. */
export function stepsPerEpoch(count: number, config: RunConfig['train']): number {
  return Math.ceil(batchesPerEpoch(count, config) / config.accumulate)
}

/** Steps of a whole run; part epochs round up, as in airbench. */
export function totalSteps(count: number, config: RunConfig['train']): number {
  if (config.lengthUnit === 'steps') return Math.ceil(config.length)
  return Math.ceil(Number((stepsPerEpoch(count, config) * config.length).toFixed(6)))
}

export function createBatchSource(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  config: RunConfig,
  seed: number,
): BatchSource {
  const { train, shape } = dataset
  const pictureBytes = shape[0] * shape[1] * shape[2]
  const perEpoch = stepsPerEpoch(train.count, config.train)
  let order = { epoch: -1, indices: new Int32Array(0) }
  return {
    stepsPerEpoch: perEpoch,
    parts: (step) => {
      const taken = (step % perEpoch) * config.train.accumulate
      return Math.min(config.train.accumulate, batchesPerEpoch(train.count, config.train) - taken)
    },
    batch(step, part) {
      const epoch = Math.floor(step / perEpoch)
      if (order.epoch !== epoch)
        order = { epoch, indices: epochOrder(seed, epoch, train.count) as Int32Array<ArrayBuffer> }
      const first = ((step % perEpoch) * config.train.accumulate + part) * config.train.batchSize
      const indices = order.indices.subarray(first, first + config.train.batchSize)
      const images = new Uint8Array(indices.length * pictureBytes)
      const labels = new Int32Array(indices.length)
      for (const [i, index] of indices.entries()) {
        images.set(train.images.subarray(index * pictureBytes, (index + 1) * pictureBytes), i * pictureBytes)
        labels[i] = train.labels[index] ?? 0
      }
      const draws = augmentationDraws(seed, epoch, indices, { height: shape[0], width: shape[1] }, config.augment)
      return {
        size: indices.length,
        ids: [
          runtime.createTensor([indices.length, ...shape], DType.uint8, images),
          runtime.createTensor([indices.length], DType.int32, labels),
          runtime.createTensor([indices.length, drawCount], DType.int32, draws),
          runtime.createTensor([], DType.int32, Int32Array.of(layerKey(seed, step * config.train.accumulate + part))),
        ],
      }
    },
    release: (batch) => {
      for (const id of batch.ids) runtime.deleteTensor(id)
    },
  }
}
