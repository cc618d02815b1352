// Training of one seed: steps, evaluations, checkpoints, and what is reported of them. Knows nothing of processes or files of
// the host; it reports through callbacks.
import * as tf from '@tensorflow/tfjs-core'
import { RepriseError } from '../../shared/errors.ts'
import { inputMisfit, preparesTraining, trainingSize } from '../../shared/input-fit.ts'
import type { ModelName } from '../../shared/registry/models.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { stepsPerEpoch, totalSteps } from '../../shared/training-length.ts'
import type { EpochResult, SeedResult, StepPoint, WorkerPhase } from '../../shared/worker-protocol.ts'
import type { Dataset } from '../data/dataset.ts'
import { normalizationOf } from '../data/normalization.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import { type Network, ParameterSet } from '../nn/parameters.ts'
import { tensorFlowBackend } from '../tensorflow/backend.ts'
import { DType } from '../tensorflow/dtypes.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import type { Variable } from '../tensorflow/variables.ts'
import { type Batch, createBatchSource } from './batch-source.ts'
import { createEvaluations } from './evaluations.ts'
import { createGradientSums } from './gradient-sums.ts'
import { normalise, padToInput } from './input-pipeline.ts'
import { createLookahead } from './lookahead.ts'
import { createLossScale } from './loss-scale.ts'
import { networkOptions } from './network-options.ts'
import { buildOptimizer } from './optimizers/build-optimizer.ts'
import { needsFeed, openPictureFeed } from './picture-feed.ts'
import type { BrokenReport } from './prepared-batch.ts'
import { reestimateStatistics } from './reestimate-statistics.ts'
import { buildSchedule } from './schedules/build-schedule.ts'
import { createStepClock } from './step-clock.ts'
import { createStepVariants } from './step-variants.ts'
import type { StepContext } from './training-step.ts'
import { createWeightAverage, type WeightAverage } from './weight-average.ts'

export interface SeedReports {
  phase(phase: WorkerPhase, done?: number, total?: number): void
  start(info: { totalSteps: number; stepsPerEpoch: number; parameters: number }): void
  /** At most a few times a second. */
  steps(
    points: StepPoint[],
    clock: { step: number; imagesPerSecond: number; stepSeconds: number; secondsLeft: number },
  ): void
  epoch(result: EpochResult): void
  /** Called when a checkpoint is due, with the network as it is judged and the state of the training by name. */
  checkpoint(
    kind: 'last' | 'best',
    network: Network,
    state: ReadonlyMap<string, Variable>,
    at: { step: number; epoch: number },
  ): void
  dataWait(share: number): void
  /** A picture that could not be read: of training, where another one took its place, or of the test, where it is left out. */
  broken?(report: BrokenReport): void
}

export interface StopRequest {
  /**
   * Aborts in the middle of a step, which then has changed no parameter, or of an evaluation. A step over several batches may
   * have moved running statistics.
   */
  readonly now: AbortSignal
  /** True when the epoch in progress shall be the last. */
  readonly afterEpoch: boolean
}

const reportEverySeconds = 0.25
const whiteningPictures = 5000

/**
 * Trains one seed and returns its result, or null when it was stopped before its first evaluation.
 * Throws `not-finite` when the loss is no number, and whatever TensorFlow throws.
 */
export async function trainSeed(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  config: RunConfig,
  seed: number,
  reports: SeedReports,
  stop: StopRequest,
): Promise<SeedResult | null> {
  const began = performance.now()
  reports.phase('tracing')
  const misfit = inputMisfit(config, dataset.shape, dataset.summary.label)
  if (misfit) throw misfit
  const classes = dataset.summary.classes.length
  const network = modelBuilders[config.model.name as ModelName](classes, seed, networkOptions(config))
  const context = stepContext(network, dataset, config, classes)
  initialiseFromData(runtime, context, dataset)
  const lookahead = createLookahead(runtime, network.parameters.all, config.optimizer)
  const total = totalSteps(dataset.train.count, config)
  const perEpoch = stepsPerEpoch(dataset.train.count, config)
  const average = createWeightAverage(runtime, network.parameters.all, config, {
    stepsPerEpoch: perEpoch,
    totalSteps: total,
  })
  const judged = average ? averagedNetwork(network, average) : network
  const variants = createStepVariants(context)
  const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, runtime.dir) : null
  const onBroken = (broken: BrokenReport) => reports.broken?.(broken)
  const evaluations = createEvaluations(runtime, context, dataset, average, { feed, onBroken })
  const source = createBatchSource(runtime, dataset, config, seed, { feed, onBroken })
  const schedule = buildSchedule(config, perEpoch, total)
  const clock = createStepClock(total, Math.ceil(total / perEpoch / config.evaluation.every))
  reports.start({ totalSteps: total, stepsPerEpoch: perEpoch, parameters: network.parameters.trainableCount })

  let step = 0
  let points: StepPoint[] = []
  let reported = performance.now()
  let sums = { loss: 0, correct: 0, pictures: 0 }
  // `sums` runs from one evaluation to the next.
  let epochSums = { loss: 0, pictures: 0 }
  let last: SeedResult['last'] | null = null
  let best: SeedResult['best'] | null = null

  const judge = async (final: boolean) => {
    if (final && config.norm.reestimate > 0) {
      const variableOf = average?.averageOf
      await reestimateStatistics(runtime, context, source, {
        step,
        batches: config.norm.reestimate,
        variableOf,
        signal: stop.now,
      })
    }
    reports.phase('evaluating', 0, dataset.test.count)
    const started = performance.now()
    const figures = await evaluations.run(final, stop.now, (done) =>
      reports.phase('evaluating', done, dataset.test.count),
    )
    clock.evaluated((performance.now() - started) / 1000)
    const at = { epoch: step / perEpoch, step }
    last = { ...at, ...figures }
    const improved = best === null || figures.top1 > best.top1
    if (improved) best = { ...at, top1: figures.top1 }
    reports.epoch({
      seed,
      ...at,
      trainLoss: sums.loss / Math.max(1, sums.pictures),
      trainTop1: sums.correct / Math.max(1, sums.pictures),
      testLoss: figures.loss,
      testTop1: figures.top1,
      testTop5: figures.top5,
      trainSeconds: clock.trainSeconds,
      final,
    })
    sums = { loss: 0, correct: 0, pictures: 0 }
    reports.phase('saving')
    const state = trainingState(context, average)
    reports.checkpoint('last', judged, state, at)
    if (improved) reports.checkpoint('best', judged, state, at)
  }

  const report = () => {
    if (points.length === 0) return
    reports.steps(points, { step, ...clock.read(config.train.batchSize * config.train.accumulate) })
    reports.dataWait(clock.dataWait)
    points = []
    reported = performance.now()
  }

  // Whoever awaits a batch gets its error; it must not count as unhandled before.
  const gather = (at: number, part: number) => {
    const batch = source.batch(at, part)
    batch.catch(() => {})
    return batch
  }
  let next: Promise<Batch> | null = null
  try {
    next = gather(0, 0)
    while (step < total) {
      const epoch = Math.floor(step / perEpoch)
      const lr = schedule(step)
      const of = source.parts(step)
      const stepStarted = performance.now()
      let [stepLoss, waiting] = [0, 0]
      for (let index = 0; index < of; index++) {
        const waitStarted = performance.now()
        const batch: Batch = await (next ?? gather(step, index))
        waiting += performance.now() - waitStarted
        const running = variants.run(runtime, batch, lr, epoch, { index, of }, stop.now)
        // The next batch is gathered while TensorFlow works on this one.
        if (index + 1 < of) next = gather(step, index + 1)
        else next = step + 1 < total ? gather(step + 1, 0) : null
        const { loss, correct } = await running.finally(() => source.release(batch))
        if (!Number.isFinite(loss)) throw notFinite(loss, step, lr)
        stepLoss += loss / of
        sums = {
          loss: sums.loss + loss * batch.size,
          correct: sums.correct + correct,
          pictures: sums.pictures + batch.size,
        }
        epochSums = { loss: epochSums.loss + loss * batch.size, pictures: epochSums.pictures + batch.size }
      }
      step += 1
      lookahead?.afterStep(step, total)
      if (step === total) lookahead?.finish()
      average?.afterStep(step)
      clock.stepped((performance.now() - stepStarted) / 1000, waiting / 1000)
      points.push({ step, epoch: step / perEpoch, loss: stepLoss, lr })
      if (performance.now() - reported > reportEverySeconds * 1000) report()
      if (step % perEpoch !== 0 || step === total) continue
      schedule.observe?.(epochSums.loss / epochSums.pictures)
      epochSums = { loss: 0, pictures: 0 }
      report()
      if (stop.afterEpoch) break
      if ((step / perEpoch) % config.evaluation.every === 0) {
        await judge(false)
        reports.phase('training')
      }
    }
    report()
    await judge(true)
    return result(false)
  } catch (error) {
    const stopped = error instanceof RepriseError && error.code === 'cancelled'
    if (!stopped) throw error
    report()
    reports.checkpoint('last', judged, trainingState(context, average), { step, epoch: step / perEpoch })
    return last === null ? null : result(true)
  } finally {
    await next?.then(source.release, () => {})
    await feed?.pool.close()
    variants.dispose()
    evaluations.dispose()
    lookahead?.dispose()
    average?.dispose()
    context.optimizer.dispose()
    context.gradientSums?.dispose()
    context.lossScale?.dispose()
    network.parameters.dispose()
  }

  function result(stopped: boolean): SeedResult {
    return {
      seed,
      last: last ?? { epoch: 0, step: 0, top1: 0, top5: 0, loss: 0 },
      best: best ?? { epoch: 0, step: 0, top1: 0 },
      trainSeconds: clock.trainSeconds,
      seconds: (performance.now() - began) / 1000,
      stopped: stopped || step < total,
    }
  }
}

/** Everything a step needs beside its inputs. */
export function stepContext(network: Network, dataset: Dataset, config: RunConfig, classes: number): StepContext {
  const trainable = network.parameters.all.filter((p) => p.trainable)
  return {
    network,
    config,
    classes,
    picture: [...dataset.shape],
    input: trainingSize(config),
    normalization: normalizationOf(config.input, dataset),
    optimizer: buildOptimizer(trainable, config.optimizer),
    gradientSums: config.train.accumulate > 1 ? createGradientSums(trainable) : null,
    lossScale: config.compute.precision === 'fp16' ? createLossScale() : null,
  }
}

/** What a training needs beside the judged weights to go on. */
function trainingState({ network, optimizer }: StepContext, average: WeightAverage | null): Map<string, Variable> {
  const state = new Map([...optimizer.slots].map(([name, slot]) => [`optimizer.${name}`, slot]))
  if (average) for (const { name, variable } of network.parameters.all) state.set(`raw.${name}`, variable)
  return state
}

/** The network with the average in place of its own parameters; for saving, not for running. */
function averagedNetwork(network: Network, average: WeightAverage): Network {
  const parameters = new ParameterSet(network.parameters.seed)
  for (const parameter of network.parameters.all) {
    parameters.all.push({ ...parameter, variable: average.averageOf(parameter) })
  }
  return { ...network, parameters }
}

function initialiseFromData(runtime: TensorFlowRuntime, context: StepContext, dataset: Dataset): void {
  const { network } = context
  if (!network.initialiseFrom || dataset.storage === 'files') return
  const count = Math.min(whiteningPictures, dataset.train.count)
  const [h, w, c] = dataset.shape
  tf.tidy(() => {
    const raw = dataset.train.images.subarray(0, count * h * w * c)
    const images = runtimeTensor(runtime, raw, [count, h, w, c])
    const size = preparesTraining(context.config, context.picture) ? ([h, w] as const) : context.input
    network.initialiseFrom?.(normalise(padToInput(images, context.picture, size), context.normalization))
  })
}

function runtimeTensor(runtime: TensorFlowRuntime, images: Uint8Array, shape: number[]): tf.Tensor {
  return tensorFlowBackend().nativeTensor({
    id: runtime.createTensor(shape, DType.uint8, images),
    dtype: DType.uint8,
    shape,
  })
}

function notFinite(loss: number, step: number, lr: number): RepriseError {
  return new RepriseError({
    code: 'not-finite',
    message: `The loss became ${loss} at step ${step + 1}.`,
    expected: 'a finite loss',
    found: String(loss),
    fix: `The learning rate was ${lr}: a lower one, or a warm-up, usually helps.`,
    details: { step: step + 1, lr },
  })
}
