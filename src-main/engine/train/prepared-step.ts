// The inputs of one step as the network gets them, computed without TensorFlow: for previews.
import { type InputSize, preparesTraining, trainingSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { applyAugmentation } from '../data/augment.ts'
import { type MixingDraw, mixedTargets, mixingPartners, mixPictures } from '../data/augmentations/mixing.ts'
import type { Dataset, PixelDataset } from '../data/dataset.ts'
import { augmentationDraws, drawCount } from '../data/draws.ts'
import { normalisedPixels, normalizationOf } from '../data/normalization.ts'
import { type BatchPlan, createBatchPlanner } from './batch-plan.ts'
import type { PictureFeed } from './picture-feed.ts'
import { type BrokenReport, mixingOf, prepareBatch } from './prepared-batch.ts'

export interface PreparedStep {
  epoch: number
  input: InputSize
  channels: number
  /** [n] places in the training set: the first pictures of the first batch of the step. */
  indices: Int32Array
  /** [splits x n, height, width, channels], normalised and mixed, all splits one after the other. */
  inputs: Float32Array
  /** [n, classes], what the loss asks for. */
  targets: Float32Array
  /** How the batch was mixed, and the place in the training set of each picture's partner, [n]. */
  mixing: MixingDraw
  partners: Int32Array
  /** Pictures that could not be read and were replaced. */
  broken: BrokenReport[]
}

/**
 * The first `count` pictures of a step (of its first batch), equal to what the compiled step feeds its network. `feed` is
 * needed where pictures are prepared one by one.
 */
export async function preparedStep(
  dataset: Dataset,
  config: RunConfig,
  seed: number,
  step: number,
  { count, feed }: { count: number; feed: PictureFeed | null },
): Promise<PreparedStep> {
  const whole = createBatchPlanner(dataset.train.count, config, seed).plan(step, 0)
  const { augment, train } = config
  const size = whole.indices.length
  const shown = Math.min(count, size)
  const classes = dataset.summary.classes.length
  if (!preparesTraining(config, dataset.shape)) {
    const plan = planAt(whole, range(shown))
    const labels = plan.indices.map((index) => dataset.train.labels[index] ?? 0)
    return {
      epoch: plan.epoch,
      input: trainingSize(config),
      channels: dataset.shape[2],
      indices: plan.indices,
      inputs: storedInputs(dataset as PixelDataset, config, seed, plan),
      targets: mixedTargets(labels, classes, 1, range(shown), train.labelSmoothing),
      mixing: { lambda: 1, box: null },
      partners: plan.indices,
      broken: [],
    }
  }
  if (feed === null) throw new Error('a step whose pictures are prepared needs a feed')
  const mixing = mixingOf(config, seed, whole.batch, whole.input)
  const isMixed = mixing.lambda < 1 || mixing.box !== null
  const ownPartners = isMixed ? mixingPartners(augment.mixReference, size).subarray(0, shown) : range(shown)
  // Those shown, then partners that are not among them.
  const places = Int32Array.from(new Set([...range(shown), ...ownPartners]))
  const plan = planAt(whole, places)
  const partners = places.map((_, i) => (i < shown ? places.indexOf(ownPartners[i] as number) : i))
  const broken: BrokenReport[] = []
  const images = await preparedInputs(feed, plan, dataset, config, seed, (report) => broken.push(report))
  const length = plan.input[0] * plan.input[1] * 3
  const inputs = new Float32Array(augment.splits * shown * length)
  for (let split = 0; split < augment.splits; split++) {
    const views = images.subarray(split * places.length * length, (split + 1) * places.length * length)
    mixPictures(views, plan.input, partners, mixing)
    inputs.set(views.subarray(0, shown * length), split * shown * length)
  }
  const labels = plan.indices.map((index) => dataset.train.labels[index] ?? 0)
  const targets = mixedTargets(labels, classes, mixing.lambda, partners, train.labelSmoothing)
  return {
    epoch: plan.epoch,
    input: plan.input,
    channels: 3,
    indices: plan.indices.slice(0, shown),
    inputs,
    targets: targets.slice(0, shown * classes),
    mixing,
    partners: ownPartners.map((place) => whole.indices[place] as number),
    broken,
  }
}

const range = (count: number) => Int32Array.from({ length: count }, (_, i) => i)

/** A batch of the pictures at `places` of another one. */
function planAt(plan: BatchPlan, places: Int32Array): BatchPlan {
  const { indices, views } = plan
  return {
    ...plan,
    indices: places.map((place) => indices[place] as number),
    views: places.map((place) => views[place] as number),
  }
}

/** [splits x n, height, width, 3], normalised. */
async function preparedInputs(
  feed: PictureFeed,
  plan: BatchPlan,
  dataset: Dataset,
  config: RunConfig,
  seed: number,
  onBroken: (report: BrokenReport) => void,
): Promise<Float32Array> {
  const isBytes = feed.pool.trainingType === 'uint8'
  const values = config.augment.splits * plan.indices.length * plan.input[0] * plan.input[1] * 3
  const target = new SharedArrayBuffer(values * (isBytes ? 1 : 4))
  await prepareBatch(feed, plan, config, seed, target, onBroken)
  return isBytes
    ? normalisedPixels(new Uint8Array(target), normalizationOf(config.input, dataset))
    : new Float32Array(target)
}

/** [n, height, width, channels]: what train/input-pipeline.ts makes of pictures as they are stored. */
function storedInputs(dataset: PixelDataset, config: RunConfig, seed: number, plan: BatchPlan): Float32Array {
  const { shape, train } = dataset
  const [height, width, channels] = shape
  const [inputHeight, inputWidth] = trainingSize(config)
  const [top, left] = [Math.floor((inputHeight - height) / 2), Math.floor((inputWidth - width) / 2)]
  const { scale, offset } = normalizationOf(config.input, dataset)
  const draws = augmentationDraws(seed, plan.epoch, plan.indices, { height, width }, config.augment, plan.views)
  const length = inputHeight * inputWidth * channels
  const inputs = new Float32Array(plan.indices.length * length)
  for (const [i, index] of plan.indices.entries()) {
    const raw = new Uint8Array(length)
    for (let y = 0; y < height; y++) {
      const from = (index * height + y) * width * channels
      raw.set(train.images.subarray(from, from + width * channels), ((y + top) * inputWidth + left) * channels)
    }
    const pixels = Float32Array.from(raw, (value, at) => {
      return Math.fround(value * (scale[at % channels] as number)) + (offset[at % offset.length] as number)
    })
    const row = draws.subarray(i * drawCount, (i + 1) * drawCount)
    inputs.set(applyAugmentation(pixels, [inputHeight, inputWidth, channels], row, config.augment, offset), i * length)
  }
  return inputs
}
