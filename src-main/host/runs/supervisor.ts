// Runs the queue: one worker at a time, in order, until the host ends.

import { toErrorReport } from '../../shared/errors.ts'
import type { StopMode } from '../../shared/worker-protocol.ts'
import { runId } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { type ActiveRun, type Outcome, type RunParts, startRun } from './active-run.ts'
import type { RunQueue } from './queue.ts'
import { verdictOf } from './run-verdict.ts'
import { hostWasGone } from './worker-death.ts'

export interface Supervisor {
  active(): ActiveRun | null
  /** Starts the next run if none trains; call it after every change of the queue. */
  wake(): void
  stop(mode: StopMode | 'bin'): void
  /** Resolves when nothing trains and nothing waits. */
  idle(): Promise<void>
  /** Stops the run that trains (its checkpoint is kept) and starts no other. */
  close(): Promise<void>
}

export interface SupervisorParts extends RunParts {
  queue: RunQueue
  /** Called after a run has ended and is stored. */
  runEnded(run: number): void
}

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { context, queue, publishRun, runEnded } = parts
  const { history, events, log } = context
  let active: ActiveRun | null = null
  let toBin = false
  let closed = false
  let ended: Promise<void> = Promise.resolve()

  function finish(run: number, outcome: Outcome): void {
    history.db.transaction(() => {
      if (outcome.status !== 'finished') history.seeds.interrupt(run, outcome.status)
      history.runs.update(run, {
        status: outcome.status,
        finishedAt: Date.now(),
        verdict: verdictOf(history, run),
        error: outcome.error,
        ...(toBin ? { removedAt: Date.now() } : {}),
      })
    })()
    runEnded(run)
    if (toBin) events.publish({ type: 'run-removed', runId: runId(run) })
    else publishRun(run)
  }

  async function train(run: number): Promise<void> {
    toBin = false
    history.runs.update(run, { status: 'running', startedAt: Date.now(), queuePosition: null })
    const stored = history.runs.get(run)
    if (!stored) return
    let outcome: Outcome
    try {
      active = startRun(stored, parts)
      publishRun(run)
      for (const waiting of queue.order()) publishRun(waiting)
      outcome = await active.outcome
    } catch (error) {
      outcome = { status: 'failed', error: toErrorReport(error) }
    }
    active = null
    log.info({ run: runId(run), ...outcome }, 'run ended')
    finish(run, outcome)
  }

  async function drain(): Promise<void> {
    for (let next = queue.next(); next !== null && !closed; next = queue.next()) await train(next)
  }

  let draining = false
  const wake = () => {
    if (draining || closed) return
    draining = true
    ended = drain()
      .catch((error: unknown) => log.error({ error: toErrorReport(error) }, 'the queue stopped'))
      .finally(() => {
        draining = false
      })
  }

  return {
    active: () => active,
    wake,
    stop: (mode) => {
      if (!active) return
      toBin = mode === 'bin'
      history.runs.update(active.run, { status: 'stopping' })
      active.stop(mode === 'bin' ? 'now' : mode)
      publishRun(active.run)
    },
    idle: () => ended,
    close: async () => {
      closed = true
      active?.shutDown()
      await ended
    },
  }
}

/** Marks runs that were training when an earlier host went away; what they reported stays, and is judged. */
export function markOrphans({ history, log }: Pick<HostContext, 'history' | 'log'>): void {
  history.db.transaction(() => {
    for (const { run, status } of history.runs.withStatus('running', 'stopping')) {
      const seed = history.seeds.list(run).find((state) => state.status === 'running')
      const at = seed && seed.step > 0 ? { seed: seed.seed, step: seed.step } : null
      const outcome = status === 'stopping' ? 'stopped' : 'failed'
      history.seeds.interrupt(run, outcome)
      history.runs.update(run, {
        status: outcome,
        finishedAt: Date.now(),
        verdict: verdictOf(history, run),
        error: hostWasGone(at),
      })
      log.warn({ run: runId(run) }, 'run was training when the app went away')
    }
  })()
}
