// What a training tells of its steps: points and times a few times a second, and all of it in the record of the seed.
import type { AlertKind, RunAlert } from '../../shared/run-alerts.ts'
import type { StepPoint } from '../../shared/worker-protocol.ts'
import { createStepClock } from './step-clock.ts'
import type { TrainingParts } from './training-loop.ts'

const reportEverySeconds = 0.25

export interface TrainingReporter {
  stepped(point: StepPoint, seconds: number, waiting: number): void
  evaluated(seconds: number): void
  /** Seconds of a pause, which count nowhere. */
  waited(seconds: number): void
  report(): void
  alert(kind: AlertKind, values: RunAlert['values']): void
  /** After the training was set back. */
  restart(): void
}

export function createTrainingReporter({
  context,
  counters,
  record,
  reports,
  source,
  totalSteps,
  seed,
}: TrainingParts): TrainingReporter {
  const { train, evaluation } = context.config
  const evaluationsLeft = () =>
    Math.max(1, Math.ceil((totalSteps - counters.step) / (source.stepsPerEpoch * evaluation.every)))
  const newClock = () => createStepClock(totalSteps - counters.step, evaluationsLeft())
  let clock = newClock()
  let [trainedBefore, secondsBefore, began] = [counters.trainSeconds, counters.seconds, performance.now()]
  let points: StepPoint[] = []
  let reported = performance.now()
  const tick = () => {
    counters.trainSeconds = trainedBefore + clock.trainSeconds
    counters.seconds = secondsBefore + (performance.now() - began) / 1000
  }
  const report = () => {
    tick()
    if (points.length === 0) return
    reports.steps(points, { step: counters.step, ...clock.read(train.batchSize * train.accumulate) })
    reports.dataWait(clock.dataWait)
    points = []
    reported = performance.now()
  }
  return {
    stepped(point, seconds, waiting) {
      clock.stepped(seconds, waiting)
      points.push(point)
      record.step(point)
      tick()
      if (performance.now() - reported > reportEverySeconds * 1000) report()
    },
    evaluated: (seconds) => clock.evaluated(seconds),
    waited: (seconds) => {
      began += seconds * 1000
    },
    report,
    alert: (kind, values) => reports.alert?.({ at: Date.now(), seed, step: counters.step, kind, values }),
    restart: () => {
      clock = newClock()
      ;[trainedBefore, secondsBefore, began, points] = [counters.trainSeconds, counters.seconds, performance.now(), []]
    },
  }
}
