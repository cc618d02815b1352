// What the history keeps of a run when it starts, pauses, goes on and ends. Each is all or nothing.
import type { RunStatus } from '../../shared/api.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import type { InterruptionCause } from '../../shared/saved-state.ts'
import type { History } from '../db/history.ts'
import type { HostContext } from '../host-context.ts'
import { interruptionOf } from './interruption.ts'
import { runFolder } from './run-folder.ts'
import { verdictOf } from './run-verdict.ts'
import { reconcileCheckpoints } from './saved-checkpoints.ts'

type Stores = Pick<HostContext, 'history' | 'folders'>

/** Who asked for a pause. */
export type PauseCause = Extract<InterruptionCause, 'paused' | 'guard'>

export interface Outcome {
  status: Extract<RunStatus, 'finished' | 'paused' | 'stopped' | 'failed'>
  error: ErrorReport | null
  /** Null for a finished run. */
  cause: InterruptionCause | null
}

/**
 * Results of seeds that go on are forgotten.
 *
 * @returns when the run was broken off; null where it starts for the first time
 */
export function storeStart(history: History, run: number): number | null {
  return history.durably(() => {
    const stored = history.runs.get(run)
    history.seeds.forgetUnfinished(run)
    history.runs.update(run, {
      status: 'running',
      startedAt: stored?.startedAt ?? Date.now(),
      finishedAt: null,
      queuePosition: null,
      error: null,
      interruption: null,
      verdict: verdictOf(history, run),
    })
    return stored?.interruption?.at ?? null
  })
}

/** The worker waits with its device. One that was told to stop meanwhile counts as stopping. */
export function storePause({ history, folders }: Stores, run: number, cause: PauseCause): void {
  history.durably(() => {
    const interruption = interruptionOf(history, run, { runDir: runFolder(folders.runs, run), cause, at: Date.now() })
    history.seeds.pause(run)
    const status = history.runs.get(run)?.status === 'stopping' ? 'stopping' : 'paused'
    history.runs.update(run, { status, interruption, verdict: verdictOf(history, run) })
  })
}

/** The worker that waited trains again. */
export function storeContinue(history: History, run: number): void {
  history.durably(() => {
    history.seeds.continue(run)
    const status = history.runs.get(run)?.status === 'stopping' ? 'stopping' : 'running'
    history.runs.update(run, { status, interruption: null })
  })
}

const finished: Outcome = { status: 'finished', error: null, cause: null }

/**
 * The worker is gone. A run whose seeds have all finished has finished, however its worker ended then.
 *
 * @param at when it last gave a sign of life
 */
export function storeEnd(
  { history, folders }: Stores,
  run: number,
  outcome: Outcome,
  { at, toBin }: { at: number; toBin: boolean },
): void {
  const runDir = runFolder(folders.runs, run)
  history.durably(() => {
    reconcileCheckpoints(history, run, runDir)
    const seeds = history.seeds.list(run)
    const whole = seeds.length > 0 && seeds.every((seed) => seed.status === 'finished')
    const { status, error, cause } = whole ? finished : outcome
    const interruption = cause === null ? null : interruptionOf(history, run, { runDir, cause, at })
    if (status === 'paused') history.seeds.pause(run)
    else if (status !== 'finished') history.seeds.interrupt(run, status)
    history.runs.update(run, {
      status,
      finishedAt: status === 'paused' ? null : at,
      verdict: verdictOf(history, run),
      error,
      interruption,
      workerPid: null,
      ...(toBin ? { removedAt: at } : {}),
    })
  })
}
