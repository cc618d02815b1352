// The reason of a run whose worker ended without saying why.

import type { WorkerExit } from '../../launch/worker-process.ts'
import type { ErrorReport } from '../../shared/errors.ts'

export interface DeathPlace {
  /** Seed and step at which it happened; null before the first step. */
  at: { seed: number; step: number } | null
  /** Last lines of the run's log. */
  log: string[]
}

const nativeCrashes: readonly (string | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE']

function describeExit({ code, signal }: WorkerExit): string {
  if (signal !== null) return `it was ended by ${signal}`
  return code === null ? 'it could not be started' : `exit code ${code}`
}

function whatToDo({ code, signal }: WorkerExit): string {
  if (signal === 'SIGKILL') {
    return 'Most often the system ends a process when memory runs out: close other programs or use a smaller batch, then run again.'
  }
  if (nativeCrashes.includes(signal)) {
    return 'A library crashed: run "reprise doctor" to check the installation, then run again.'
  }
  if (code === null && signal === null) return 'Run "npm start" again to complete the installation.'
  return 'The last lines of the log say more; run again when the cause is gone.'
}

function describePlace({ at }: DeathPlace): string {
  return at === null ? 'before the first step' : `at step ${at.step.toLocaleString('en')} of seed ${at.seed}`
}

/** Why the training process is gone, where it was, its last log lines, and what can be done. */
export function workerDied(exit: WorkerExit, place: DeathPlace): ErrorReport {
  return {
    code: 'worker-died',
    message: `The training process ended unexpectedly ${describePlace(place)}: ${describeExit(exit)}.`,
    expected: 'training to go on to its end',
    found: place.log.at(-1) ?? describeExit(exit),
    fix: whatToDo(exit),
    details: { ...exit, log: place.log },
  }
}

/** The reason of a run that was told to stop, did not in time, and was killed. */
export function workerKilled(seconds: number, place: DeathPlace): ErrorReport {
  return {
    code: 'worker-died',
    message: `The training process did not stop within ${seconds} s ${describePlace(place)} and was killed.`,
    fix: 'Checkpoints of finished epochs are kept; what came after them is lost.',
    details: { log: place.log },
  }
}

/** The reason of a run that was still training when its host went away, found at the next start. */
export function hostWasGone(at: DeathPlace['at']): ErrorReport {
  return {
    code: 'worker-died',
    message: `Training ended ${describePlace({ at, log: [] })}, because the app was killed or the machine went down.`,
    fix: 'Checkpoints of finished epochs are kept. Run again to train it to the end.',
  }
}

/** The reason of a run that the host stopped because it had to end itself. */
export function hostEnded(at: DeathPlace['at']): ErrorReport {
  return {
    code: 'cancelled',
    message: `Training was stopped ${describePlace({ at, log: [] })}, because the app was closed.`,
    fix: 'Run again to train it to the end, or let training go on in the background (Settings) next time.',
  }
}
