// Batches whose pictures are prepared on the host, one by one, then mixed, with soft targets.
import type { InputSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { batchDraws } from '../data/augmentations/draw-source.ts'
import { drawMixing, mixedTargets, mixingPartners, mixPictures } from '../data/augmentations/mixing.ts'
import type { Dataset } from '../data/dataset.ts'
import { eventLoopBreaks } from '../data/event-loop-breaks.ts'
import type { Normalization } from '../data/normalization.ts'
import { createPreparation } from '../data/picture-preparation.ts'
import { storedPicture } from '../data/stored-picture.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'

export interface BatchPlan {
  epoch: number
  /** Places in the training set, and how often each came before in the epoch. */
  indices: Int32Array
  views: Int32Array
  /** Counted from 0 over the run. */
  batch: number
  input: InputSize
}

/** Native ids: pictures float32 [splits x n, h, w, 3], labels int32 [n], targets float32 [n, classes]. */
export type PreparedBatches = (plan: BatchPlan) => Promise<[images: number, labels: number, targets: number]>

export function createPreparedBatches(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  { augment, train }: RunConfig,
  normalization: Normalization,
  seed: number,
): PreparedBatches {
  const prepare = createPreparation(augment, normalization)
  const classes = dataset.summary.classes.length
  const mixing = {
    reference: augment.mixReference,
    mixupAlpha: augment.mixup,
    cutmixAlpha: augment.cutmix,
    probability: augment.mixProbability,
    switchProbability: augment.mixSwitch,
  }
  return async ({ epoch, indices, views, batch, input }) => {
    const breathe = eventLoopBreaks()
    const count = indices.length
    const length = input[0] * input[1] * 3
    const images = new Float32Array(augment.splits * count * length)
    for (const [i, index] of indices.entries()) {
      const picture = storedPicture(dataset, 'train', index)
      for (let split = 0; split < augment.splits; split++) {
        const key = { seed, epoch, index, view: views[i] ?? 0, split }
        images.set(prepare(picture, key, input), (split * count + i) * length)
        await breathe()
      }
    }
    const labels = Int32Array.from(indices, (index) => dataset.train.labels[index] ?? 0)
    const partners = mixingPartners(augment.mixReference, count)
    const draw = drawMixing(batchDraws(seed, batch), input, mixing)
    mixPictures(images, input, partners, draw)
    const targets = mixedTargets(labels, classes, draw.lambda, partners, train.labelSmoothing)
    return [
      runtime.createTensor([augment.splits * count, ...input, 3], DType.float, images),
      runtime.createTensor([count], DType.int32, labels),
      runtime.createTensor([count, classes], DType.float, targets),
    ]
  }
}
