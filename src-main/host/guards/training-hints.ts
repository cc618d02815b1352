// What the curves of a training say while it runs: that it diverges, stands still, over-fits, or waits for its data. Each is said once
// per seed, and rather too late than wrongly.
import { buildSchedule } from '../../engine/train/schedules/build-schedule.ts'
import type { AlertKind, RunAlert } from '../../shared/run-alerts.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { pointsOf } from '../../shared/seed-record.ts'
import type { EpochResult, StepPoint, WorkerToHost } from '../../shared/worker-protocol.ts'

export interface TrainingHint {
  kind: Extract<AlertKind, 'diverging' | 'flat' | 'over-fitting' | 'slow-data'>
  values: RunAlert['values']
}

export interface TrainingHints {
  /** Takes a report and says what is new with it. */
  report(message: WorkerToHost): TrainingHint[]
}

/** Samples of a worker come every two seconds: a minute of them. */
const slowSamples = 30
const slowShare = 0.15

/** @param config of the run, for the learning rates to come */
export function createTrainingHints(config: RunConfig): TrainingHints {
  let divergence = createDivergence()
  let length = { totalSteps: 0, stepsPerEpoch: 1 }
  let evaluations: Evaluation[] = []
  let lr = 0
  let waits: number[] = []
  let trains = false
  let told = new Set<TrainingHint['kind']>()

  const once = (hint: TrainingHint | null): TrainingHint[] => {
    if (!hint || told.has(hint.kind)) return []
    told.add(hint.kind)
    return [hint]
  }
  const steps = (points: StepPoint[]): TrainingHint[] => {
    lr = points.at(-1)?.lr ?? lr
    return once(divergence(points))
  }
  const evaluated = (result: EpochResult): TrainingHint[] => {
    if (result.final) return []
    evaluations.push({ ...result, lr })
    const epochs = length.totalSteps / length.stepsPerEpoch
    const still = told.has('diverging') ? null : flat(evaluations, epochs, nextDrop)
    return [...once(overFitting(evaluations, epochs)), ...once(still)]
  }
  const nextDrop = (epoch: number) =>
    nextDropEpoch(config, { ...length, fromStep: Math.round(epoch * length.stepsPerEpoch) })
  /** Takes what was reported before, in its order. */
  const replay = (points: StepPoint[], results: EpochResult[]) => {
    let given = 0
    for (const result of results) {
      const end = points.findIndex(({ step }, index) => index >= given && step > result.step)
      steps(points.slice(given, end < 0 ? undefined : end))
      given = end < 0 ? points.length : end
      evaluated(result)
    }
    steps(points.slice(given))
  }
  const begin = () => {
    divergence = createDivergence()
    evaluations = []
    waits = []
  }

  return {
    report: (message) => {
      switch (message.type) {
        case 'seed-start':
          length = message
          told = new Set()
          trains = false
          begin()
          return []
        case 'resumed':
          // What the record says was said before the run was broken off.
          begin()
          replay(pointsOf(message.record), message.record.epochs)
          return []
        case 'phase':
          trains = message.phase === 'training'
          return []
        case 'steps':
          trains = true
          return steps(message.points)
        case 'epoch':
          return evaluated(message.result)
        case 'machine': {
          if (!trains) return []
          waits = [...waits, message.sample.dataWait].slice(-slowSamples)
          const share = mean(waits)
          const slow = waits.length === slowSamples && share > slowShare
          return once(slow ? { kind: 'slow-data', values: { share } } : null)
        }
        default:
          return []
      }
    },
  }
}

/** With the learning rate of the step before it. */
interface Evaluation extends EpochResult {
  lr: number
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Weight of a step in the smoothed loss: about the last 20 count. */
const smoothing = 0.05
/** Steps that say where the loss began. */
const firstSteps = 10
/** So many steps in a row above the limit: a peak, as after a warm-up, falls sooner. */
const stepsAbove = 100

/**
 * The smoothed loss is at twice its best, and has lost half of what it had gained since the start: a best of 0.01 that becomes 0.05
 * has not diverged, nor one that wavers in the first steps.
 */
function createDivergence(): (points: StepPoint[]) => TrainingHint | null {
  let smoothed: number | null = null
  let best = Number.POSITIVE_INFINITY
  let seen = 0
  let start = 0
  let above = 0
  return (points) => {
    let hint: TrainingHint | null = null
    for (const { step, loss } of points) {
      if (!Number.isFinite(loss)) continue
      seen += 1
      if (seen <= firstSteps) start += loss / firstSteps
      smoothed = smoothed === null ? loss : smoothed + smoothing * (loss - smoothed)
      if (seen < firstSteps) continue
      best = Math.min(best, smoothed)
      const limit = Math.max(2 * best, best + (start - best) / 2)
      above = smoothed > limit ? above + 1 : 0
      if (above === stepsAbove) hint = { kind: 'diverging', values: { step, loss: smoothed, before: best } }
    }
    return hint
  }
}

/** At least so many evaluations are looked back on, and at least this share of the training. */
const leastEvaluations = 5
const lookBack = 0.1
const leastEpochs = 10

function span(epochs: number): number {
  return Math.max(leastEpochs, lookBack * epochs)
}

/** A learning rate that moves by less over the time looked back on has stayed. */
const steadyRate = 1.1

/**
 * Neither the training loss (by 2 %) nor the best test accuracy (by 0.2 points) got better over a tenth of the training, 10 epochs
 * at least, while the learning rate stayed: one that moves is at its work. Not said in the last fifth, where rates are low and little can be done.
 */
function flat(evaluations: Evaluation[], epochs: number, nextDrop: (epoch: number) => number): TrainingHint | null {
  const now = evaluations.at(-1)
  if (!now || now.epoch > 0.8 * epochs) return null
  const since = now.epoch - span(epochs)
  const before = evaluations.filter(({ epoch }) => epoch <= since)
  const recent = evaluations.filter(({ epoch }) => epoch > since)
  if (before.length === 0 || recent.length < leastEvaluations) return null
  const rates = [before.at(-1), ...recent].map((evaluation) => evaluation?.lr ?? 0)
  if (Math.max(...rates) > steadyRate * Math.min(...rates)) return null
  const lowest = (of: EpochResult[]) => Math.min(...of.map(({ trainLoss }) => trainLoss))
  const highest = (of: EpochResult[]) => Math.max(...of.map(({ testTop1 }) => testTop1))
  if (lowest(recent) < 0.98 * lowest(before) || highest(recent) > highest(before) + 0.002) return null
  return { kind: 'flat', values: { epochs: Math.round(span(epochs)), nextDropEpoch: nextDrop(now.epoch) } }
}

/**
 * The mean test accuracy of the last evaluations lies below that of the best stretch before by more than a point and by three times
 * its own wavering, while the accuracy on training pictures went on rising by a point or more.
 */
function overFitting(evaluations: EpochResult[], epochs: number): TrainingHint | null {
  const size = leastEvaluations
  if (evaluations.length < 2 * size) return null
  const test = evaluations.map(({ testTop1 }) => testTop1)
  const train = evaluations.map(({ trainTop1 }) => trainTop1)
  const stretch = (values: number[], end: number) => mean(values.slice(end - size, end))
  const ends = Array.from({ length: evaluations.length - 2 * size + 1 }, (_, index) => size + index)
  const best = ends.reduce((a, b) => (stretch(test, b) > stretch(test, a) ? b : a))
  const last = evaluations.length
  const centre = evaluations[best - Math.ceil(size / 2)]
  if (!centre || (evaluations.at(-1)?.epoch ?? 0) - centre.epoch < span(epochs)) return null
  const fall = stretch(test, best) - stretch(test, last)
  const wavering = Math.sqrt(2 / size) * deviation(test.slice(-2 * size))
  const rise = stretch(train, last) - stretch(train, best)
  if (fall <= Math.max(0.01, 3 * wavering) || rise < 0.01) return null
  const bestEpoch = evaluations.reduce((a, b) => (b.testTop1 > a.testTop1 ? b : a)).epoch
  return {
    kind: 'over-fitting',
    values: { trainTop1: train.at(-1) ?? 0, testTop1: test.at(-1) ?? 0, bestEpoch },
  }
}

/** Of values around a slow trend, from their successive differences (von Neumann's estimator). */
function deviation(values: number[]): number {
  const differences = values.slice(1).map((value, index) => (value - (values[index] ?? value)) ** 2)
  return Math.sqrt(mean(differences) / 2)
}

/** Schedules whose rate falls all at once. */
const dropping: readonly RunConfig['schedule']['name'][] = ['step', 'multi-step']

/** The epoch at which the learning rate drops next; 0 where no drop is planned. */
export function nextDropEpoch(
  config: RunConfig,
  { totalSteps, stepsPerEpoch, fromStep }: { totalSteps: number; stepsPerEpoch: number; fromStep: number },
): number {
  if (!dropping.includes(config.schedule.name)) return 0
  const lr = buildSchedule(config, stepsPerEpoch, totalSteps)
  for (let step = Math.max(fromStep, 1); step < totalSteps; step += 1) {
    if (lr(step) < lr(step - 1)) return step / stepsPerEpoch
  }
  return 0
}
