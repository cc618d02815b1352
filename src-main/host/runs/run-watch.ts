// What guards see of a run that trains, and what they may do to it.
import type { LiveState } from '../../shared/api.ts'
import type { AlertKind, RunAlert } from '../../shared/run-alerts.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { WorkerToHost } from '../../shared/worker-protocol.ts'

export interface WatchedTraining {
  run: number
  config: RunConfig
  live(): LiveState
  /** Keeps and publishes an alert at the present seed and step. */
  tell(kind: AlertKind, values: RunAlert['values']): void
  /** Lets the worker wait with its device; does nothing where it waits, or is about to end. */
  pauseByGuard(): void
  /** Goes on where it still waits because of a guard; the user may have paused or stopped it meanwhile. */
  continueByGuard(): void
}

export interface RunWatch {
  /** Its worker has been started. */
  started(training: WatchedTraining): void
  /** Every message of the worker, before it is written. */
  report(run: number, message: WorkerToHost): void
  ended(run: number): void
}
