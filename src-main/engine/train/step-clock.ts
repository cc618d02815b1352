// Time of steps and evaluations, and an honest time left from them.

export interface StepClock {
  stepped(seconds: number, dataSeconds: number): void
  evaluated(seconds: number): void
  /** Seconds spent in steps so far; evaluations excluded. */
  readonly trainSeconds: number
  /** Share of the step time in which TensorFlow waited for a batch, smoothed. */
  readonly dataWait: number
  read(batchSize: number): { imagesPerSecond: number; stepSeconds: number; secondsLeft: number }
}

const smoothing = 0.1
// The first steps include TensorFlow's own compilation and would spoil the estimate.
const warmupSteps = 3

export function createStepClock(totalSteps: number, evaluations: number): StepClock {
  let trainSeconds = 0
  let steps = 0
  let stepSeconds = 0
  let evaluated = 0
  let evaluationSeconds = 0
  let dataWait = 0
  return {
    stepped(seconds, dataSeconds) {
      trainSeconds += seconds
      steps += 1
      const weight = steps <= warmupSteps + 1 ? 1 : smoothing
      stepSeconds += (seconds - stepSeconds) * weight
      dataWait += (dataSeconds / Math.max(seconds, 1e-9) - dataWait) * weight
    },
    evaluated(seconds) {
      evaluated += 1
      evaluationSeconds = seconds
    },
    get trainSeconds() {
      return trainSeconds
    },
    get dataWait() {
      return Math.min(1, dataWait)
    },
    read: (batchSize) => ({
      imagesPerSecond: stepSeconds > 0 ? batchSize / stepSeconds : 0,
      stepSeconds,
      secondsLeft: (totalSteps - steps) * stepSeconds + Math.max(0, evaluations - evaluated) * evaluationSeconds,
    }),
  }
}
