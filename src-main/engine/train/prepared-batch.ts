// Batches whose pictures are prepared one by one in the threads of a feed, while the step works on batches before them.
import { RepriseError } from '../../shared/errors.ts'
import type { InputSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { batchDraws } from '../data/augmentations/draw-source.ts'
import { drawMixing, type MixingDraw } from '../data/augmentations/mixing.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { mixingInput, mixingValues } from './batch-mixing.ts'
import type { BatchPlan, BatchPlanner } from './batch-plan.ts'
import type { PictureFeed } from './picture-feed.ts'
import { createSharedBuffers } from './shared-buffers.ts'

/** A picture of the training or the test set that could not be read. */
export interface BrokenReport {
  set: 'train' | 'test'
  place: number
  reason: string
}

/** Batches that are prepared beyond the one that is asked for. */
const lookAhead = 2

/** The draw by which a batch, counted from 0 over the run, is mixed. */
export function mixingOf({ augment }: RunConfig, seed: number, batch: number, input: InputSize): MixingDraw {
  return drawMixing(batchDraws(seed, batch), input, {
    reference: augment.mixReference,
    mixupAlpha: augment.mixup,
    cutmixAlpha: augment.cutmix,
    probability: augment.mixProbability,
    switchProbability: augment.mixSwitch,
  })
}

/**
 * Prepares the pictures of a plan into `target`, all splits one after the other. A picture that cannot be read is replaced by
 * the next one of its class in the training set, under the draws of the one that it replaces; which one depends on the files
 * alone. Throws `picture-broken` when no picture of the class can be read.
 */
export async function prepareBatch(
  feed: PictureFeed,
  plan: BatchPlan,
  { augment }: RunConfig,
  seed: number,
  target: SharedArrayBuffer,
  onBroken: (report: BrokenReport) => void,
): Promise<void> {
  const { epoch, indices, views, input } = plan
  const request = (slot: number, place: number) => {
    const i = slot % indices.length
    const split = Math.floor(slot / indices.length)
    const key = { seed, epoch, index: indices[i] as number, view: views[i] as number, split }
    return { source: feed.source.train(place), key }
  }
  const placeOf = (slot: number) => indices[slot % indices.length] as number
  const requests = Array.from({ length: indices.length * augment.splits }, (_, slot) => request(slot, placeOf(slot)))
  const broken = await feed.pool.training(requests, input, target)
  await Promise.all(broken.map(({ place: slot, reason }) => replace(slot, reason)))

  async function replace(slot: number, firstReason: string): Promise<void> {
    const bytes = target.byteLength / requests.length
    const pixels = new SharedArrayBuffer(bytes)
    let reason = firstReason
    let place = placeOf(slot)
    for (;;) {
      onBroken({ set: 'train', place, reason })
      place = nextOfClass(feed.labels, place)
      if (place === placeOf(slot)) throw noneReadable(feed.labels[place] ?? 0, reason)
      const [failed] = await feed.pool.training([request(slot, place)], input, pixels)
      if (!failed) break
      reason = failed.reason
    }
    new Uint8Array(target).set(new Uint8Array(pixels), slot * bytes)
  }
}

function nextOfClass(labels: ArrayLike<number>, place: number): number {
  const label = labels[place]
  let next = place
  do next = (next + 1) % labels.length
  while (labels[next] !== label)
  return next
}

function noneReadable(label: number, reason: string): RepriseError {
  return new RepriseError({
    code: 'picture-broken',
    message: 'No picture of a class can be read, so that a broken one has no replacement.',
    expected: `a picture of class ${label} that can be decoded`,
    found: reason,
    fix: 'See whether the disk with the pictures is still there, and check the data set on its page.',
  })
}

/** Native ids: pictures uint8 or float32 [splits x n, h, w, 3], labels int32 [n], mixing float32 [8]. */
export type PreparedBatches = (
  step: number,
  part: number,
  plan: BatchPlan,
) => Promise<[images: number, labels: number, mixing: number]>

export function createPreparedBatches(
  runtime: TensorFlowRuntime,
  feed: PictureFeed,
  planner: BatchPlanner,
  config: RunConfig,
  seed: number,
  onBroken: (report: BrokenReport) => void,
): PreparedBatches {
  const { splits } = config.augment
  const dtype = feed.pool.trainingType === 'uint8' ? DType.uint8 : DType.float
  const buffers = createSharedBuffers(lookAhead + 1)
  const told = new Set<number>()
  const tellOnce = (report: BrokenReport) => {
    if (!told.has(report.place)) onBroken(report)
    told.add(report.place)
  }
  let ahead = new Map<number, Promise<SharedArrayBuffer>>()

  const prepare = async (plan: BatchPlan): Promise<SharedArrayBuffer> => {
    const values = plan.indices.length * splits * plan.input[0] * plan.input[1] * 3
    const target = buffers.take(values * (dtype === DType.uint8 ? 1 : 4))
    await prepareBatch(feed, plan, config, seed, target, tellOnce)
    return target
  }
  const started = (plan: BatchPlan) => {
    const known = ahead.get(plan.batch)
    if (known) return known
    const preparing = prepare(plan)
    // Whoever awaits it gets the error; it must not count as unhandled before.
    preparing.catch(() => {})
    ahead.set(plan.batch, preparing)
    return preparing
  }
  /** Gives back what was prepared for another order of steps. */
  const drop = () => {
    for (const preparing of ahead.values()) preparing.then(buffers.give, () => {})
    ahead = new Map()
  }

  return async (step, part, plan) => {
    if (!ahead.has(plan.batch)) drop()
    const preparing = started(plan)
    let [at, next] = [step, part]
    for (let i = 0; i < lookAhead; i++) {
      ;[at, next] = next + 1 < planner.parts(at) ? [at, next + 1] : [at + 1, 0]
      if (at >= planner.totalSteps) break
      started(planner.plan(at, next))
    }
    const target = await preparing
    ahead.delete(plan.batch)
    const count = plan.indices.length
    const draw = mixingOf(config, seed, plan.batch, plan.input)
    const images = runtime.createTensor([splits * count, ...plan.input, 3], dtype, new Uint8Array(target))
    buffers.give(target)
    return [
      images,
      runtime.createTensor(
        [count],
        DType.int32,
        Int32Array.from(plan.indices, (index) => feed.labels[index] ?? 0),
      ),
      runtime.createTensor([mixingValues], DType.float, mixingInput(draw)),
    ]
  }
}
