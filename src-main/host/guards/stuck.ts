// Whether a training has come to a halt: nothing reported for far longer than what it does takes.
import type { WorkerToHost } from '../../shared/worker-protocol.ts'

export interface ProgressWatch {
  /** Takes a report. @returns how long it was stuck, in seconds, where it was told to be and goes on with this report; else null */
  report(message: WorkerToHost): number | null
  /** @returns for how long nothing came and within what time it should have, in seconds, when that is told first; else null */
  check(): { seconds: number; expectedSeconds: number } | null
  /** Counts from now, after the machine has slept. */
  restart(): void
}

const leastSeconds = 60
const stepFactor = 20
const evaluationFactor = 3
/** Of work whose time nobody can announce: starting TensorFlow, reading data, tracing a network, the first evaluation. */
const unknownSeconds = 600

/** @param now monotonic, in ms */
export function createProgressWatch(now: () => number): ProgressWatch {
  let last = now()
  let stuck = false
  let waits = false
  let stepSeconds: number | null = null
  let evaluation: { began: number; seconds: number | null; under: boolean } = { began: 0, seconds: null, under: false }
  /** Without a report for so long, the work at hand is stuck. */
  let limit = unknownSeconds

  const expectSteps = () => {
    limit = stepSeconds === null ? unknownSeconds : Math.max(leastSeconds, stepFactor * stepSeconds)
  }
  const expectUnknown = () => {
    limit = unknownSeconds
  }
  const expectEvaluation = () => {
    const { seconds } = evaluation
    limit = seconds === null ? unknownSeconds : Math.max(leastSeconds, evaluationFactor * seconds)
  }

  const take = (message: WorkerToHost) => {
    switch (message.type) {
      case 'steps':
        stepSeconds = message.stepSeconds
        expectSteps()
        break
      case 'phase':
        if (message.phase === 'training') expectSteps()
        else if (message.phase === 'evaluating') {
          if (!evaluation.under) evaluation = { ...evaluation, began: now(), under: true }
          expectEvaluation()
        } else expectUnknown()
        break
      case 'epoch':
        if (evaluation.under) evaluation = { began: 0, seconds: (now() - evaluation.began) / 1000, under: false }
        expectSteps()
        break
      case 'seed-start':
        // Another network may be traced first, and a final evaluation takes more views than the others.
        stepSeconds = null
        evaluation = { began: 0, seconds: null, under: false }
        expectUnknown()
        break
      case 'paused':
        waits = true
        break
      case 'continued':
        waits = false
        break
    }
  }

  return {
    report: (message) => {
      // Samples and lines come from a timer, whether anything goes on or not.
      if (message.type === 'machine' || message.type === 'log') return null
      const seconds = (now() - last) / 1000
      take(message)
      last = now()
      if (!stuck) return null
      stuck = false
      return seconds
    },
    check: () => {
      const seconds = (now() - last) / 1000
      if (stuck || waits || seconds <= limit) return null
      stuck = true
      return { seconds, expectedSeconds: limit }
    },
    restart: () => {
      last = now()
    },
  }
}
