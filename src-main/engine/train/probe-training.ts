// A few real steps and a part of one evaluation of a training that has not started: what they take here. Nothing is kept.
import { availableParallelism } from 'node:os'
import { grownSize, inputMisfit, trainingSize } from '../../shared/input-fit.ts'
import type { ProbeResult } from '../../shared/probe.ts'
import type { ModelName } from '../../shared/registry/models.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { stepsPerEpoch, totalSteps } from '../../shared/training-length.ts'
import type { Dataset } from '../data/dataset.ts'
import { writeSafetensors } from '../formats/safetensors.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { createBatchLine } from './batch-line.ts'
import { createBatchSource } from './batch-source.ts'
import { networkTensors, stateTensors } from './checkpoint.ts'
import { compileEvaluation, evaluate } from './evaluation-step.ts'
import { createLookahead } from './lookahead.ts'
import { estimateMemory } from './memory/memory-estimate.ts'
import { networkOptions } from './network-options.ts'
import { needsFeed, openPictureFeed } from './picture-feed.ts'
import { buildSchedule } from './schedules/build-schedule.ts'
import { disposeStepContext, initialiseFromData, stepContext } from './step-context.ts'
import { createStepVariants } from './step-variants.ts'
import { createTestSource } from './test-source.ts'
import { averagedNetwork, stateVariables } from './training-state.ts'
import { createWeightAverage } from './weight-average.ts'

export interface ProbeLimits {
  /** Steps at most. */
  steps: number
  /** Seconds of steps after which no further one is begun, once the least are taken. */
  seconds: number
}

export interface ProbeReports {
  phase(phase: 'tracing' | 'steps' | 'evaluating', done: number, total: number): void
}

/** What the engine finds out of a `ProbeResult`; the process adds what it knows of itself. */
export type TrainingProbe = Omit<ProbeResult, 'at' | 'device' | 'precision' | 'allSeconds' | 'memory' | 'disturbed'> &
  Pick<ProbeResult['memory'], 'predictedBytes'>

/** TensorFlow compiles at the first step, and its heap grows at the second. */
const warmUpSteps = 2
const leastTimedSteps = 3
/** After so many times the seconds that steps may take, one is enough. */
const slowFactor = 2
/** Of an evaluation; the first batch is left out of the time. */
const evaluationBatches = 4
/** Of a step's time, what a batch takes to estimate running statistics anew: the forward pass alone. */
const forwardShare = 1 / 3

/**
 * Takes the first steps of `config` on `dataset`, of a growing input those at its full size. Throws what a training throws at its
 * start: `config-out-of-range`, `out-of-memory`, and whatever TensorFlow throws.
 */
export async function probeTraining(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  config: RunConfig,
  limits: ProbeLimits,
  reports: ProbeReports,
): Promise<TrainingProbe> {
  reports.phase('tracing', 0, 0)
  const misfit = inputMisfit(config, dataset.shape, dataset.summary.label)
  if (misfit) throw misfit
  const seed = config.seeds.first
  const classes = dataset.summary.classes.length
  const network = modelBuilders[config.model.name as ModelName](classes, seed, networkOptions(config))
  const context = stepContext(network, dataset, config, classes)
  initialiseFromData(runtime, context, dataset)
  const lookahead = createLookahead(runtime, network.parameters.all, config.optimizer)
  const [total, perEpoch] = [totalSteps(dataset.train.count, config), stepsPerEpoch(dataset.train.count, config)]
  const length = { stepsPerEpoch: perEpoch, totalSteps: total }
  const average = createWeightAverage(runtime, network.parameters.all, config, length)
  const variants = createStepVariants(context)
  const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, runtime.dir) : null
  const source = createBatchSource(runtime, dataset, config, seed, { feed })
  const schedule = buildSchedule(config, perEpoch, total)
  const batches = createBatchLine(source, total)
  const views = config.evaluation.testAugmentation
  const evaluations = (views === 'none' ? (['none'] as const) : (['none', views] as const)).map((of) => {
    const test = createTestSource(dataset, config, of, { feed })
    return { test, step: compileEvaluation(context, test, of, config.evaluation.batchSize, average?.averageOf) }
  })
  try {
    const judged = average ? averagedNetwork(network, average) : network
    const state = stateVariables(context, average, lookahead)
    const batch = { size: Math.min(config.train.batchSize, dataset.train.count), input: trainingSize(config) }
    const part = { index: config.train.accumulate - 1, of: config.train.accumulate }
    const threads = config.compute.threads > 0 ? config.compute.threads : availableParallelism()
    const functions = [variants.compiled(batch, 0, part), ...evaluations.map(({ step }) => step)]
    const predictedBytes = estimateMemory(context, functions, {
      stateBytes: bytesOfVariables([...network.parameters.all.map(({ variable }) => variable), ...state.values()]),
      isSaved: true,
      dataBytes: bytesOf(dataset),
      feedThreads: feed ? threads : 0,
      gpu: runtime.devices().some(({ type }) => type === 'GPU'),
    })
    const steps = await timeSteps()
    const stateBytes = writeSafetensors([...networkTensors(judged), ...stateTensors(judged, state)]).length
    const [evaluationSeconds = 0, finalSeconds = evaluationSeconds] = await timeEvaluations()
    const stepSeconds = steps.seconds / steps.timed
    // A growing input costs by its area; the steps taken are those of the full size.
    const meanStep = stepSeconds * meanArea(config, perEpoch, total)
    const between = Math.ceil(total / (perEpoch * config.evaluation.every)) - 1
    const pictures = config.train.batchSize * config.train.accumulate
    return {
      steps: steps.timed,
      stepSeconds,
      imagesPerSecond: pictures / stepSeconds,
      epochSeconds: meanStep * perEpoch,
      evaluationSeconds,
      seedSeconds:
        meanStep * total +
        Math.max(0, between) * evaluationSeconds +
        finalSeconds +
        config.norm.reestimate * stepSeconds * forwardShare,
      dataWait: Math.min(1, steps.waiting / Math.max(steps.seconds, 1e-9)),
      predictedBytes,
      stateBytes,
    }
  } finally {
    await batches.drop()
    await feed?.pool.close()
    variants.dispose()
    for (const { step } of evaluations) step.dispose()
    lookahead?.dispose()
    average?.dispose()
    disposeStepContext(context)
  }

  async function timeSteps(): Promise<{ timed: number; seconds: number; waiting: number }> {
    const most = Math.min(total, Math.max(limits.steps, warmUpSteps + leastTimedSteps))
    const first = config.input.growFrom > 0 ? total - most : 0
    const warmUp = Math.min(warmUpSteps, most - 1)
    const began = performance.now()
    let [timed, seconds, waiting] = [0, 0, 0]
    batches.start(first)
    for (let taken = 0; taken < most; taken++) {
      const spent = (performance.now() - began) / 1000
      if (timed >= (spent >= slowFactor * limits.seconds ? 1 : leastTimedSteps) && spent >= limits.seconds) break
      reports.phase('steps', taken, most)
      const step = await takeStep(first + taken)
      if (taken < warmUp) continue
      timed += 1
      seconds += step.seconds
      waiting += step.waiting
    }
    return { timed, seconds, waiting }
  }

  /** A step as training takes it, with what follows it. */
  async function takeStep(at: number): Promise<{ seconds: number; waiting: number }> {
    const started = performance.now()
    const of = source.parts(at)
    let waiting = 0
    for (let index = 0; index < of; index++) {
      const waits = performance.now()
      const batch = await batches.take(at, index)
      waiting += performance.now() - waits
      try {
        const running = variants.run(runtime, batch, schedule(at), 0, { index, of })
        batches.gatherAfter(at, index)
        await running
      } finally {
        source.release(batch)
      }
    }
    lookahead?.afterStep(at + 1, total)
    average?.afterStep(at + 1)
    return { seconds: (performance.now() - started) / 1000, waiting: waiting / 1000 }
  }

  /** Seconds of a whole evaluation with each set of views, scaled up from a few batches. */
  async function timeEvaluations(): Promise<number[]> {
    const seconds: number[] = []
    for (const { test, step } of evaluations) {
      const { batchSize: batch } = config.evaluation
      const some = { ...test, labels: test.labels.subarray(0, evaluationBatches * batch) }
      let [warm, done] = [performance.now(), 0]
      let warmDone = 0
      await evaluate(runtime, step, some, {
        batch,
        classes,
        onProgress: (pictures) => {
          reports.phase('evaluating', pictures, some.labels.length)
          if (done === 0 && pictures < some.labels.length) [warm, warmDone] = [performance.now(), pictures]
          done = pictures
        },
      })
      const perPicture = (performance.now() - warm) / 1000 / Math.max(1, done - warmDone)
      seconds.push(perPicture * test.labels.length)
    }
    return seconds
  }
}

const bytesOfVariables = (variables: Iterable<{ size: number }>) =>
  [...variables].reduce((sum, { size }) => sum + size, 0) * 4

function bytesOf(dataset: Dataset): number {
  return dataset.storage === 'files' ? 0 : dataset.train.images.length + dataset.test.images.length
}

/** Mean area of the training input over the run, as a share of its full one. */
function meanArea(config: RunConfig, perEpoch: number, total: number): number {
  const full = trainingSize(config)
  const epochs = Math.ceil(total / perEpoch)
  const areas = Array.from({ length: epochs }, (_, epoch) => {
    const [height, width] = grownSize(config, (epoch * perEpoch) / total)
    return (height * width) / (full[0] * full[1])
  })
  return areas.reduce((sum, area) => sum + area, 0) / epochs
}
