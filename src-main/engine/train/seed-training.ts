// Training of one seed: what it needs is made here, the loop runs it. Knows nothing of processes; it reports through callbacks.
import { inputMisfit } from '../../shared/input-fit.ts'
import type { ModelName } from '../../shared/registry/models.ts'
import type { RunAlert } from '../../shared/run-alerts.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { AppliedChange, CheckpointEntry, ResumeChange, SkippedCheckpoint } from '../../shared/saved-state.ts'
import { stepsPerEpoch, totalSteps } from '../../shared/training-length.ts'
import type { EpochResult, SeedRecord, SeedResult, StepPoint, WorkerPhase } from '../../shared/worker-protocol.ts'
import type { Dataset } from '../data/dataset.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { createBatchSource } from './batch-source.ts'
import { openCheckpointStore } from './checkpoint-store.ts'
import { createEvaluations } from './evaluations.ts'
import { createLookahead } from './lookahead.ts'
import { networkOptions } from './network-options.ts'
import { needsFeed, openPictureFeed } from './picture-feed.ts'
import type { BrokenReport } from './prepared-batch.ts'
import { reestimateStatistics } from './reestimate-statistics.ts'
import { buildSchedule } from './schedules/build-schedule.ts'
import { createSeedRecord } from './seed-record.ts'
import { disposeStepContext, initialiseFromData, stepContext } from './step-context.ts'
import { createStepVariants } from './step-variants.ts'
import type { TrainingControl } from './training-control.ts'
import { runTraining, type TrainingParts } from './training-loop.ts'
import { createTrainingSaver } from './training-saver.ts'
import { averagedNetwork, firstCounters, stateVariables, type TrainingCounters } from './training-state.ts'
import { createWeightAverage } from './weight-average.ts'

export interface SeedReports {
  phase(phase: WorkerPhase, done?: number, total?: number): void
  start(info: { totalSteps: number; stepsPerEpoch: number; parameters: number }): void
  /** At most a few times a second. */
  steps(
    points: StepPoint[],
    clock: { step: number; imagesPerSecond: number; stepSeconds: number; secondsLeft: number },
  ): void
  epoch(result: EpochResult): void
  dataWait(share: number): void
  /** A picture that could not be read: of training, where another one took its place, or of the test, where it is left out. */
  broken?(report: BrokenReport): void
  /** It goes on from a saved state, whose record takes the place of all reports so far; newer ones that are damaged were skipped. */
  resumed?(from: CheckpointEntry, trainSeconds: number, record: SeedRecord, skipped: SkippedCheckpoint[]): void
  checkpoint?(entry: CheckpointEntry): void
  checkpointRemoved?(file: string): void
  /** It waits with its device after `step`. */
  paused?(step: number): void
  continued?(): void
  alert?(alert: RunAlert): void
  change?(change: AppliedChange): void
}

export interface SeedOptions {
  /** Folder of the run's checkpoints; nothing is saved and nothing goes on without it. */
  checkpoints?: string
  /** Taken where the seed goes on from a saved state. */
  change?: ResumeChange
  /** A step after which it pauses and frees its device without being asked. */
  pauseAfter?: number
}

export interface SeedEnd {
  ended: 'finished' | 'stopped' | 'paused'
  /** Null where it ended before its first evaluation, or is paused. */
  result: SeedResult | null
}

/**
 * Trains one seed to its end, from the beginning or from the newest whole state in `options.checkpoints`.
 * Throws `not-finite` when a loss or gradient is no number, and whatever TensorFlow throws.
 */
export async function trainSeed(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  config: RunConfig,
  seed: number,
  reports: SeedReports,
  control: TrainingControl,
  options: SeedOptions = {},
): Promise<SeedEnd> {
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
  const variants = createStepVariants(context)
  const feed = needsFeed(config, dataset.shape) ? openPictureFeed(dataset, config, runtime.dir) : null
  const onBroken = (broken: BrokenReport) => reports.broken?.(broken)
  const evaluations = createEvaluations(runtime, context, dataset, average, { feed, onBroken })
  const source = createBatchSource(runtime, dataset, config, seed, { feed, onBroken })
  const schedule = buildSchedule(config, perEpoch, total)
  const [counters, record] = [firstCounters(), createSeedRecord()]
  const saver =
    options.checkpoints === undefined
      ? null
      : createTrainingSaver(
          openCheckpointStore(options.checkpoints, {
            seed,
            model: config.model.name,
            saving: config.saving,
            onWritten: (entry) => reports.checkpoint?.(entry),
            onRemoved: (file) => reports.checkpointRemoved?.(file),
          }),
          {
            judged: average ? averagedNetwork(network, average) : network,
            averaged: average !== null,
            state: stateVariables(context, average, lookahead),
            counters,
            record,
            stepsPerEpoch: perEpoch,
          },
          config.saving,
        )
  const batches = config.norm.reestimate
  const parts: TrainingParts = {
    runtime,
    context,
    seed,
    totalSteps: total,
    testPictures: dataset.test.count,
    variants,
    source,
    evaluations,
    reestimate:
      batches > 0
        ? (step, signal) =>
            reestimateStatistics(runtime, context, source, { step, batches, variableOf: average?.averageOf, signal })
        : null,
    schedule,
    lookahead,
    average,
    counters,
    record,
    saver,
    reports,
    control,
    pauseAfter: options.pauseAfter ?? null,
  }
  try {
    reports.start({ totalSteps: total, stepsPerEpoch: perEpoch, parameters: network.parameters.trainableCount })
    goOn(parts, options.change)
    const ended = counters.finished ? 'finished' : await runTraining(parts)
    return { ended, result: ended === 'paused' ? null : seedResult(seed, counters, ended === 'stopped') }
  } finally {
    await feed?.pool.close()
    variants.dispose()
    evaluations.dispose()
    lookahead?.dispose()
    average?.dispose()
    disposeStepContext(context)
  }
}

/** Sets the training back to its newest whole state, where there is one, and takes the change that was asked for. */
function goOn({ seed, saver, schedule, counters, record, reports }: TrainingParts, change: ResumeChange = {}): void {
  const { entry, skipped } = saver?.restore() ?? { entry: null, skipped: [] }
  if (!entry) {
    for (const { file, reason } of skipped)
      reports.alert?.({ at: Date.now(), seed, step: 0, kind: 'checkpoint-damaged', values: { file, reason } })
    return
  }
  if (counters.schedule) schedule.restore?.(counters.schedule)
  reports.resumed?.(entry, counters.trainSeconds, record.read(), skipped)
  const { lrScale = 1 } = change
  if (lrScale === 1 || counters.finished) return
  counters.lrScale *= lrScale
  saver?.saveState()
  reports.change?.({ seed, step: counters.step, at: Date.now(), by: 'user', lrScale })
}

function seedResult(seed: number, counters: TrainingCounters, stopped: boolean): SeedResult | null {
  const { last, best, trainSeconds, seconds } = counters
  if (!last || !best) return null
  return { seed, last, best, trainSeconds, seconds, stopped }
}
