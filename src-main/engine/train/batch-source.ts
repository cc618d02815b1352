// Batches of a training run: which pictures, in which order, with which draws, as TensorFlow tensors. Prepared ones come from the
// threads of a feed, some batches ahead of the step.
import { type InputSize, preparesTraining } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset, PixelDataset } from '../data/dataset.ts'
import { augmentationDraws, drawCount, layerKey } from '../data/draws.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { type BatchPlan, createBatchPlanner } from './batch-plan.ts'
import type { PictureFeed } from './picture-feed.ts'
import { type BrokenReport, createPreparedBatches } from './prepared-batch.ts'

export interface Batch {
  size: number
  /** Height and width of the network's input. */
  input: InputSize
  /**
   * Native ids. Pictures as they are stored: images uint8 [n, h, w, c], labels int32 [n], draws int32 [n, 5]. Prepared pictures:
   * uint8 or float32 [splits x n, h, w, 3], labels int32 [n], mixing float32 [8]. Last the key of random layers, int32 [].
   */
  ids: [images: number, labels: number, drawsOrMixing: number, layerKey: number]
}

export interface BatchSource {
  readonly stepsPerEpoch: number
  /** Batches of a step, counted from 0 over the whole run: `train.accumulate`, or what the epoch has left. */
  parts(step: number): number
  /** A batch of a step, which the caller releases. In any order, it is the same for the same step. */
  batch(step: number, part: number): Promise<Batch>
  release(batch: Batch): void
}

export interface BatchSourceOptions {
  /** For runs that prepare their training pictures; closed by its owner. */
  feed?: PictureFeed | null
  /** Told once for each training picture that could not be read and was replaced. */
  onBroken?: (report: BrokenReport) => void
}

export function createBatchSource(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  config: RunConfig,
  seed: number,
  { feed = null, onBroken = () => {} }: BatchSourceOptions = {},
): BatchSource {
  const { train, shape } = dataset
  const planner = createBatchPlanner(train.count, config, seed)
  const tensorsOf = preparesTraining(config, shape)
    ? createPreparedBatches(runtime, required(feed), planner, config, seed, onBroken)
    : storedBatches(runtime, dataset as PixelDataset, config, seed)
  return {
    stepsPerEpoch: planner.stepsPerEpoch,
    parts: planner.parts,
    async batch(step, part) {
      const plan = planner.plan(step, part)
      const tensors = await tensorsOf(step, part, plan)
      const key = runtime.createTensor([], DType.int32, Int32Array.of(layerKey(seed, plan.batch)))
      return { size: plan.indices.length, input: plan.input, ids: [...tensors, key] }
    },
    release: (batch) => {
      for (const id of batch.ids) runtime.deleteTensor(id)
    },
  }
}

function required(feed: PictureFeed | null): PictureFeed {
  if (feed === null) throw new Error('a run that prepares its pictures needs a feed')
  return feed
}

/** Images, labels and draws of a batch of raw pixels, which the compiled step moves, mirrors and covers. */
function storedBatches(runtime: TensorFlowRuntime, { train, shape }: PixelDataset, config: RunConfig, seed: number) {
  const pictureBytes = shape[0] * shape[1] * shape[2]
  return async (_step: number, _part: number, plan: BatchPlan): Promise<[number, number, number]> => {
    const { epoch, indices, views } = plan
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
}
