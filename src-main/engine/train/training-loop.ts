// The loop of a training: steps, evaluations, pauses, and what is saved between them. `counters` say where it is, so that it goes on
// from any saved state as if it had never been broken off.
import { RepriseError } from '../../shared/errors.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { createBatchLine } from './batch-line.ts'
import type { Batch, BatchSource } from './batch-source.ts'
import type { Evaluations } from './evaluations.ts'
import type { Lookahead } from './lookahead.ts'
import type { Schedule } from './schedules/schedule.ts'
import type { GrowingRecord } from './seed-record.ts'
import type { SeedReports } from './seed-training.ts'
import type { StepVariants } from './step-variants.ts'
import type { TrainingControl } from './training-control.ts'
import { createTrainingReporter, type TrainingReporter } from './training-reporter.ts'
import type { TrainingSaver } from './training-saver.ts'
import type { TrainingCounters } from './training-state.ts'
import type { BatchPart, StepContext } from './training-step.ts'
import { findNotFinite, notFiniteError } from './trouble/find-not-finite.ts'
import type { WeightAverage } from './weight-average.ts'

export interface TrainingParts {
  runtime: TensorFlowRuntime
  context: StepContext
  seed: number
  totalSteps: number
  testPictures: number
  variants: StepVariants
  source: BatchSource
  evaluations: Evaluations
  /** Estimates the running statistics anew, before the final figure; absent where the settings do not ask for it. */
  reestimate: ((step: number, signal: AbortSignal) => Promise<void>) | null
  schedule: Schedule
  lookahead: Lookahead | null
  average: WeightAverage | null
  counters: TrainingCounters
  record: GrowingRecord
  /** Null where nothing is saved. */
  saver: TrainingSaver | null
  reports: SeedReports
  control: TrainingControl
  /** A step after which it pauses without being asked; null where there is none. */
  pauseAfter: number | null
}

const rollbackFactor = 0.5
const mostRollbacks = 5

/**
 * Trains from where `counters` stand to the end. Resolves with how it ended; a stop or a pause has saved the state.
 * Throws `not-finite`, `disk-full`, `checkpoint-unwritable`, and whatever TensorFlow throws.
 */
export async function runTraining(parts: TrainingParts): Promise<'finished' | 'stopped' | 'paused'> {
  const { context, counters, record, reports, control, schedule, source, totalSteps, saver } = parts
  const { config } = context
  const perEpoch = source.stepsPerEpoch
  const evaluationSteps = perEpoch * config.evaluation.every
  const isDue = (step: number) => step === totalSteps || step % evaluationSteps === 0
  const stopsEarly = () => config.train.earlyStop > 0 && counters.evaluationsSinceBest >= config.train.earlyStop
  const batches = createBatchLine(source, totalSteps)
  const reporter = createTrainingReporter(parts)
  // False while variables and counters are no state from which the training would go on as it does.
  let isWhole = true
  let stopsHere = false

  /** True when the training ends for a pause that frees the device. */
  async function pause(): Promise<boolean> {
    if (!control.pause && counters.step !== parts.pauseAfter) return false
    reporter.report()
    // Without its state on disk it may not leave the device.
    const isSaved = !isWhole || saver === null || trySaving(() => saver.saveState())
    if (isSaved && control.pause !== 'keep-device') return true
    const waits = performance.now()
    reports.paused?.(counters.step)
    const freesDevice = () => isSaved && control.pause === 'free-device'
    do await control.continued?.()
    while (control.continued && control.pause && !freesDevice())
    if (freesDevice()) return true
    reporter.waited((performance.now() - waits) / 1000)
    if (!control.now.aborted) reports.continued?.()
    return false
  }

  /** Resolves with false when a pause came in between. */
  async function judge(final: boolean): Promise<boolean> {
    const signals = control.pauseSignal ? [control.now, control.pauseSignal] : [control.now]
    try {
      await evaluateAndKeep(parts, reporter, final, AbortSignal.any(signals))
      return true
    } catch (error) {
      if (isCancelled(error) && !control.now.aborted && control.pause) return false
      throw error
    }
  }

  async function step(): Promise<void> {
    const { step: at } = counters
    const epoch = Math.floor(at / perEpoch)
    const lr = schedule(at) * counters.lrScale
    const of = source.parts(at)
    isWhole = of === 1
    const started = performance.now()
    let [loss, waiting] = [0, 0]
    for (let index = 0; index < of; index++) {
      const waits = performance.now()
      const batch = await batches.take(at, index)
      waiting += performance.now() - waits
      const part = { index, of }
      try {
        const running = parts.variants.run(parts.runtime, batch, lr, epoch, part, control.now)
        // The next batch is gathered while TensorFlow works on this one.
        batches.gatherAfter(at, index)
        const done = await running
        loss += done.loss / of
        addBatch(counters, done, batch.size)
      } catch (error) {
        throw await explained(error, parts, { batch, lr, part, epoch })
      } finally {
        source.release(batch)
      }
    }
    counters.step += 1
    parts.lookahead?.afterStep(counters.step, totalSteps)
    if (counters.step === totalSteps) parts.lookahead?.finish()
    parts.average?.afterStep(counters.step)
    reporter.stepped(
      { step: counters.step, epoch: counters.step / perEpoch, loss, lr },
      (performance.now() - started) / 1000,
      waiting / 1000,
    )
    counters.judged = !isDue(counters.step)
    isWhole = true
    if (counters.step % perEpoch !== 0 || counters.step === totalSteps) return
    schedule.observe?.(counters.epochSums.loss / counters.epochSums.pictures)
    counters.schedule = schedule.state?.() ?? null
    counters.epochSums = { loss: 0, pictures: 0 }
    reporter.report()
  }

  /** Goes back to the newest state and on at a lower rate. */
  async function rollBack(error: RepriseError): Promise<void> {
    const [from, rollbacks, lrScale] = [counters.step, counters.rollbacks + 1, counters.lrScale * rollbackFactor]
    await batches.drop()
    const { entry, skipped } = saver?.restore() ?? { entry: null, skipped: [] }
    if (!entry) throw error
    Object.assign(counters, { rollbacks, lrScale })
    if (counters.schedule) schedule.restore?.(counters.schedule)
    isWhole = true
    saver?.saveState()
    const lr = schedule(counters.step) * lrScale
    reports.resumed?.(entry, counters.trainSeconds, record.read(), skipped)
    reporter.alert('not-finite', { ...figuresOf(error), step: from + 1, backToStep: counters.step })
    reporter.alert('rate-lowered', { step: counters.step, factor: rollbackFactor, lr })
    reports.change?.({ seed: parts.seed, step: counters.step, at: Date.now(), by: 'run', lrScale: rollbackFactor })
    reporter.restart()
  }

  async function loop(): Promise<'finished' | 'stopped' | 'paused'> {
    for (;;) {
      if (!counters.judged) {
        const final = counters.step === totalSteps || stopsHere || stopsEarly()
        // Estimating statistics anew and judging an epoch as the last one are no part of the way on.
        if (final && (parts.reestimate || counters.step < totalSteps)) {
          if (isWhole) saveForGoingOn()
          isWhole = false
        }
        if (!(await judge(final))) {
          if (await pause()) return 'paused'
          continue
        }
        saveEpoch()
        if (final) return stopsHere && counters.step < totalSteps && !stopsEarly() ? 'stopped' : 'finished'
        reports.phase('training')
      }
      if (stopsEarly() && counters.step < totalSteps) {
        const { best, evaluationsSinceBest: evaluations } = counters
        reporter.alert('stopped-early', { evaluations, bestEpoch: best?.epoch ?? 0 })
        counters.judged = false
        continue
      }
      saveEpoch()
      if (saver?.due) trySaving(() => saver.saveState())
      if (await pause()) return 'paused'
      if (control.now.aborted) throw cancelled()
      try {
        await step()
      } catch (error) {
        if (!canRollBack(error, config, counters)) throw error
        await rollBack(error as RepriseError)
        continue
      }
      if (control.afterEpoch && counters.step % perEpoch === 0) {
        stopsHere = true
        if (counters.judged) {
          saver?.saveState()
          isWhole = false
          counters.judged = false
        }
      }
    }
  }

  function saveForGoingOn(): void {
    const { judged } = counters
    // After an early stop the evaluation of this step has been made; only the final one is to come.
    if (stopsEarly()) counters.judged = true
    saver?.saveState()
    counters.judged = judged
  }

  /** A checkpoint that training can do without: a failure is told, and tried again when the next one is due. */
  function trySaving(save: () => void): boolean {
    try {
      save()
      return true
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      reporter.alert('checkpoint-failed', { reason: error.message })
      return false
    }
  }

  function saveEpoch(): void {
    if (saver && counters.step % perEpoch === 0) trySaving(() => saver.saveEpoch())
  }

  if (saver && config.train.onNotFinite === 'lower-rate' && counters.step === 0) saver.saveState()
  batches.start(counters.step)
  try {
    const ended = await loop()
    if (ended === 'paused') return ended
    if (counters.step === totalSteps || ended === 'finished') {
      counters.finished = true
      saver?.saveState()
    }
    return ended
  } catch (error) {
    const isStop = isCancelled(error)
    const isNotFinite = error instanceof RepriseError && error.code === 'not-finite'
    reporter.report()
    // Neither has changed any variable; of other failures that is not known.
    if (isWhole && (isStop || isNotFinite)) saver?.saveState()
    if (isStop) return 'stopped'
    throw error
  } finally {
    await batches.drop()
  }
}

/** Judges the test pictures, tells of it, and keeps the weights when they are the best so far. */
async function evaluateAndKeep(
  { source, counters, record, reports, evaluations, reestimate, saver, seed, testPictures }: TrainingParts,
  reporter: TrainingReporter,
  final: boolean,
  signal: AbortSignal,
): Promise<void> {
  reporter.report()
  if (final) await reestimate?.(counters.step, signal)
  reports.phase('evaluating', 0, testPictures)
  const started = performance.now()
  const figures = await evaluations.run(final, signal, (done) => reports.phase('evaluating', done, testPictures))
  reporter.evaluated((performance.now() - started) / 1000)
  const at = { epoch: counters.step / source.stepsPerEpoch, step: counters.step }
  const { sums } = counters
  const improved = counters.best === null || figures.top1 > counters.best.top1
  counters.last = { ...at, ...figures }
  counters.evaluationsSinceBest = improved ? 0 : counters.evaluationsSinceBest + 1
  counters.sums = { loss: 0, correct: 0, pictures: 0 }
  counters.judged = true
  const result = {
    seed,
    ...at,
    trainLoss: sums.loss / Math.max(1, sums.pictures),
    trainTop1: sums.correct / Math.max(1, sums.pictures),
    testLoss: figures.loss,
    testTop1: figures.top1,
    testTop5: figures.top5,
    trainSeconds: counters.trainSeconds,
    final,
  }
  record.epoch(result)
  reports.epoch(result)
  if (!improved) return
  counters.best = { ...at, top1: figures.top1 }
  reports.phase('saving')
  saver?.saveBest()
}

function addBatch(
  counters: TrainingCounters,
  { loss, correct }: { loss: number; correct: number },
  size: number,
): void {
  const { sums, epochSums } = counters
  counters.sums = {
    loss: sums.loss + loss * size,
    correct: sums.correct + correct,
    pictures: sums.pictures + size,
  }
  counters.epochSums = { loss: epochSums.loss + loss * size, pictures: epochSums.pictures + size }
}

/** A failure for a value that is not finite says where it began; any other is as it was. */
async function explained(
  error: unknown,
  { context, variants, counters }: TrainingParts,
  { batch, lr, part, epoch }: { batch: Batch; lr: number; part: BatchPart; epoch: number },
): Promise<unknown> {
  if (!(error instanceof RepriseError) || error.code !== 'not-finite') return error
  const finding = await findNotFinite(context, variants.trainableAt(epoch), batch.ids, lr, part)
  return notFiniteError(finding, { step: counters.step + 1, lr })
}

function canRollBack(error: unknown, config: RunConfig, { rollbacks }: TrainingCounters): boolean {
  if (!(error instanceof RepriseError) || error.code !== 'not-finite') return false
  return config.train.onNotFinite === 'lower-rate' && rollbacks < mostRollbacks
}

/** What an alert shows of a not-finite error. */
function figuresOf({ details = {} }: RepriseError): Record<string, string | number> {
  const { what = '', layer = '', lr = 0 } = details as { what?: string; layer?: string; lr?: number }
  return { what, layer, lr }
}

function isCancelled(error: unknown): boolean {
  return error instanceof RepriseError && error.code === 'cancelled'
}

function cancelled(): RepriseError {
  return new RepriseError({ code: 'cancelled', message: 'The training was stopped.' })
}
