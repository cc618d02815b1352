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
    return 'Another program ended it, or the system did because memory ran out: resume it, with other programs closed or a smaller batch where it happens again.'
  }
  if (nativeCrashes.includes(signal)) {
    return 'A library crashed: run "reprise doctor" to check the installation, then resume.'
  }
  if (code === null && signal === null) return 'Run "npm start" again to complete the installation.'
  return 'The last lines of the log say more; resume when the cause is gone.'
}

function describePlace({ at }: DeathPlace): string {
  return at === null ? 'before the first step' : `at step ${at.step.toLocaleString('en')} of seed ${at.seed}`
}

/** C++ allocators say this before they give up, whatever ends the process then. */
const allocationFailed = /std::bad_alloc|cannot allocate memory|out of memory/i

/**
 * Why the training process is gone, where it was, its last log lines, and what can be done. The code is `out-of-memory` where the
 * system counted a process that it ended for want of memory, or an allocator gave up; else `worker-died`.
 *
 * @param memoryKills processes that the system ended for want of memory meanwhile; null where it does not say
 */
export function workerDied(exit: WorkerExit, place: DeathPlace, memoryKills: number | null): ErrorReport {
  const counted = exit.signal === 'SIGKILL' && (memoryKills ?? 0) > 0
  const gaveUp = place.log.some((line) => allocationFailed.test(line))
  const details = { ...exit, memoryKills, log: place.log }
  if (counted || gaveUp) {
    const who = counted ? 'the system ended it' : 'an allocation failed'
    return {
      code: 'out-of-memory',
      message: `The training process ran out of memory ${describePlace(place)}: ${who}.`,
      found: place.log.at(-1) ?? describeExit(exit),
      fix: 'Close other programs, or set a smaller batch with accumulation or compute.checkpointing, then resume.',
      details,
    }
  }
  return {
    code: 'worker-died',
    message: `The training process ended unexpectedly ${describePlace(place)}: ${describeExit(exit)}.`,
    expected: 'training to go on to its end',
    found: place.log.at(-1) ?? describeExit(exit),
    fix: whatToDo(exit),
    details,
  }
}

/** The reason of a run that was told to stop, did not in time, and was killed. */
export function workerKilled(seconds: number, place: DeathPlace): ErrorReport {
  return {
    code: 'worker-died',
    message: `The training process did not stop within ${seconds} s ${describePlace(place)} and was killed.`,
    fix: 'Resume goes on from the last saved state.',
    details: { log: place.log },
  }
}

/** The reason of a run that was still training when its host went away, found at the next start. */
export function hostWasGone(at: DeathPlace['at'], cause: 'host-died' | 'power-loss'): ErrorReport {
  const why = cause === 'power-loss' ? 'the machine went down' : 'the app was ended from outside'
  return {
    code: 'worker-died',
    message: `Training ended ${describePlace({ at, log: [] })}, because ${why}.`,
    fix: 'Resume goes on from the last saved state.',
  }
}

/** The reason of a run that the host stopped because it had to end itself. */
export function hostEnded(at: DeathPlace['at']): ErrorReport {
  return {
    code: 'cancelled',
    message: `Training was stopped ${describePlace({ at, log: [] })}, because the app was closed.`,
    fix: 'Resume it, or let training go on in the background (Settings) next time.',
  }
}
