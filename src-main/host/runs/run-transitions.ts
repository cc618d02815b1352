// What windows ask of runs that train, wait or were broken off: pause, resume, stop.
import type { RunSummary } from '../../shared/api.ts'
import type { RepriseError } from '../../shared/errors.ts'
import type { RunService } from '../api/services.ts'
import type { StoredRun } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { interruptionOf, waitsToGoOn } from './interruption.ts'
import type { RunQueue } from './queue.ts'
import { requeueFirst } from './requeue.ts'
import { runFolder } from './run-folder.ts'
import type { Supervisor } from './supervisor.ts'

export interface TransitionParts {
  context: HostContext
  queue: RunQueue
  supervisor: Supervisor
  publishRun(run: number): void
  publishQueue(): void
  /** Throws `unknown-run`. */
  stored(id: string): StoredRun
  summaryNow(run: StoredRun): RunSummary
  notAllowed(run: StoredRun, message: string, fix: string): RepriseError
  toBin(run: StoredRun): void
  /** Starts what may start, after the user set something to work. */
  goOn(): void
}

export function runTransitions(parts: TransitionParts): Pick<RunService, 'pause' | 'resume' | 'stop'> {
  const { context, queue, supervisor, publishRun, publishQueue, stored, summaryNow, notAllowed, toBin, goOn } = parts
  const { history, folders } = context

  /** Of a run without a worker: one that waits keeps what it would have gone on from. */
  const stopIdle = (run: StoredRun) =>
    history.durably(() => {
      const at = run.interruption?.at ?? Date.now()
      const runDir = runFolder(folders.runs, run.run)
      const interruption = interruptionOf(history, run.run, { runDir, cause: 'stopped', at })
      history.seeds.interrupt(run.run, 'stopped')
      history.runs.update(run.run, {
        status: 'stopped',
        error: null,
        queuePosition: null,
        finishedAt: Date.now(),
        interruption,
      })
    })

  return {
    pause: ({ runId, keepDevice }) => {
      const run = stored(runId)
      const freesDevice = run.status === 'paused' && !keepDevice
      if (!supervisor.active(run.run) || (run.status !== 'running' && !freesDevice)) {
        throw notAllowed(
          run,
          'Only a run that trains can be paused.',
          run.status === 'queued' ? 'Hold the queue, or move it back.' : 'Resume it first.',
        )
      }
      supervisor.pause(run.run, { keepDevice, cause: 'paused' })
      return summaryNow(run)
    },

    resume: ({ runId, change }) => {
      const run = stored(runId)
      const active = supervisor.active(run.run)
      if (run.status === 'paused' && active) {
        if (change === undefined) active.continue()
        else {
          // A worker takes changes at its start only.
          history.durably(() => history.runs.update(run.run, { pendingChange: change }))
          supervisor.startAnew(run.run)
        }
        goOn()
        return summaryNow(run)
      }
      if (active || run.status === 'queued' || run.status === 'finished') {
        throw notAllowed(run, 'Only a run that was broken off can be resumed.', 'It trains, waits or has finished.')
      }
      if (run.removedAt !== null) throw notAllowed(run, 'The run lies in the bin.', 'Restore it first.')
      if (run.interruption === null) {
        throw notAllowed(
          run,
          'The run was trained by a version that saved no states from which training can go on.',
          'Start its recipe again.',
        )
      }
      history.durably(() => requeueFirst(history, queue, run.run, change ?? null))
      publishRun(run.run)
      publishQueue()
      goOn()
      return summaryNow(run)
    },

    stop: ({ runId, mode }) => {
      const run = stored(runId)
      if (supervisor.active(run.run)) supervisor.stop(run.run, mode)
      else if (mode === 'bin') toBin(run)
      else if (run.status === 'queued' || waitsToGoOn(run)) {
        stopIdle(run)
        publishRun(run.run)
        publishQueue()
      } else throw notAllowed(run, 'Only a run that trains or waits can be stopped.', 'It has ended already.')
      return summaryNow(run)
    },
  }
}
