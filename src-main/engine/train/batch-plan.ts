// Which pictures a batch of a run holds, in which order, and how large they are: a function of seed and step alone.
import { grownSize, type InputSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { batchesPerEpoch, stepsPerEpoch, totalSteps } from '../../shared/training-length.ts'
import { repeatedAugmentationOrder } from '../data/augmentations/mixing.ts'
import { epochOrder } from '../data/draws.ts'

export interface BatchPlan {
  epoch: number
  /** Places in the training set, and how often each came before in the epoch. */
  indices: Int32Array
  views: Int32Array
  /** Counted from 0 over the run. */
  batch: number
  input: InputSize
}

export interface BatchPlanner {
  readonly stepsPerEpoch: number
  readonly totalSteps: number
  /** Batches of a step, counted from 0 over the whole run: `train.accumulate`, or what the epoch has left. */
  parts(step: number): number
  plan(step: number, part: number): BatchPlan
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

/** Plans for a training set of `count` pictures. */
export function createBatchPlanner(count: number, config: RunConfig, seed: number): BatchPlanner {
  const { accumulate, batchSize } = config.train
  const perEpoch = stepsPerEpoch(count, config)
  const total = totalSteps(count, config)
  // Looking ahead crosses from one epoch into the next.
  let known: EpochPlan[] = []
  const planOf = (epoch: number): EpochPlan => {
    const found = known.find((plan) => plan.epoch === epoch)
    if (found) return found
    const made = planEpoch(seed, epoch, count, config.augment.repeats)
    known = [...known.slice(-1), made]
    return made
  }
  return {
    stepsPerEpoch: perEpoch,
    totalSteps: total,
    parts: (step) => Math.min(accumulate, batchesPerEpoch(count, config) - (step % perEpoch) * accumulate),
    plan(step, part) {
      const epoch = Math.floor(step / perEpoch)
      const { indices, views } = planOf(epoch)
      const first = ((step % perEpoch) * accumulate + part) * batchSize
      return {
        epoch,
        indices: indices.subarray(first, first + batchSize),
        views: views.subarray(first, first + batchSize),
        batch: step * accumulate + part,
        // The size changes between epochs, as in FFCV and Composer.
        input: grownSize(config, (epoch * perEpoch) / total),
      }
    },
  }
}
