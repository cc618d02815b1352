// What may be asked of a training from outside while it runs: to stop, to pause, to go on.
import type { StopMode } from '../../shared/worker-protocol.ts'

export interface TrainingControl {
  /**
   * Aborts in the middle of a step, which then has changed no parameter, or of an evaluation. A step over several batches may
   * have moved running statistics.
   */
  readonly now: AbortSignal
  /** True when the epoch in progress shall be the last. */
  readonly afterEpoch: boolean
  /** How to pause after the step in progress; absent when nobody asks for it. */
  readonly pause?: PauseMode | null
  /** Aborts when a pause is asked for, so that an evaluation does not hold it up. */
  readonly pauseSignal?: AbortSignal
  /** Resolves when a pause is over: to go on, or because a stop was asked for. */
  continued?(): Promise<void>
}

export type PauseMode = 'keep-device' | 'free-device'

export interface ControlledTraining extends Required<TrainingControl> {
  requestStop(mode: StopMode): void
  requestPause(mode: PauseMode): void
  requestContinue(): void
}

/** A control with nothing asked of the training yet. */
export function createTrainingControl(): ControlledTraining {
  const now = new AbortController()
  let afterEpoch = false
  let pause: PauseMode | null = null
  let pausing = new AbortController()
  let goOn: () => void = () => {}
  const end = () => {
    if (pause === null) return
    pause = null
    pausing = new AbortController()
    goOn()
  }
  return {
    now: now.signal,
    get afterEpoch() {
      return afterEpoch
    },
    get pause() {
      return pause
    },
    get pauseSignal() {
      return pausing.signal
    },
    continued: () =>
      pause === null
        ? Promise.resolve()
        : new Promise((resolve) => {
            goOn = resolve
          }),
    requestStop: (mode) => {
      if (mode === 'epoch') afterEpoch = true
      else now.abort()
      end()
    },
    requestPause: (mode) => {
      pause = mode
      pausing.abort()
      // One that waits looks again how it shall wait.
      goOn()
    },
    requestContinue: end,
  }
}
