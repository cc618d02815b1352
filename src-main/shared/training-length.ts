// How many steps a training takes.
import type { RunConfig } from './run-config.ts'

type LengthConfig = Pick<RunConfig, 'train' | 'augment'>

/** Pictures that an epoch shows out of `count`: repeated augmentation drops what does not fill a block of 256. */
function epochPictures(count: number, { repeats }: RunConfig['augment']): number {
  return repeats > 1 && count >= 256 ? Math.floor(count / 256) * 256 : count
}

/** Batches of one epoch over `count` pictures, at least one. */
export function batchesPerEpoch(count: number, { train, augment }: LengthConfig): number {
  const exact = epochPictures(count, augment) / train.batchSize
  return Math.max(1, train.dropLast ? Math.floor(exact) : Math.ceil(exact))
}

/** Steps of one epoch; an incomplete group of batches at its end makes a step of its own. */
export function stepsPerEpoch(count: number, config: LengthConfig): number {
  return Math.ceil(batchesPerEpoch(count, config) / config.train.accumulate)
}

/** Steps of a whole run; part epochs round up, as in airbench. */
export function totalSteps(count: number, config: LengthConfig): number {
  const { lengthUnit, length } = config.train
  if (lengthUnit === 'steps') return Math.ceil(length)
  return Math.ceil(Number((stepsPerEpoch(count, config) * length).toFixed(6)))
}
