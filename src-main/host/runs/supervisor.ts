// Runs the queue: on each device one worker at a time, in order, until the host ends.
import { describeError, toErrorReport } from '../../shared/errors.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { StopMode } from '../../shared/worker-protocol.ts'
import { databaseError, mayPass } from '../db/database-error.ts'
import { runId } from '../db/runs-table.ts'
import { type ActiveRun, type RunHooks, type RunParts, startRun } from './active-run.ts'
import type { DeviceLanes } from './device-lanes.ts'
import type { RunQueue } from './queue.ts'
import { requeueFirst } from './requeue.ts'
import { makeRunFolder } from './run-folder.ts'
import { type Outcome, type PauseCause, storeContinue, storeEnd, storePause, storeStart } from './run-status.ts'

export interface Supervisor {
  /** The run, where it trains or its worker waits with the device. */
  active(run: number): ActiveRun | null
  /** All of them. */
  actives(): ActiveRun[]
  /** Starts what may start; call it after every change of the queue. */
  wake(): void
  stop(run: number, mode: StopMode | 'bin'): void
  /** A run that is on its way into the bin stays outside. */
  keepFromBin(run: number): void
  pause(run: number, options: { keepDevice: boolean; cause: PauseCause }): void
  /** Ends a worker that waits; the run goes back to the queue, before all others. */
  startAnew(run: number): void
  /** Whether something trains, or will without anybody's doing. */
  trains(): boolean
  /** Stops what trains (its state is saved) and starts nothing more. */
  close(): Promise<void>
}

export interface SupervisorParts extends RunParts {
  queue: RunQueue
  lanes: DeviceLanes
  /** Tells windows of every waiting run, whose place may have changed. */
  publishQueue(): void
  /** Called after a run has ended and is stored. */
  onEnd(run: number): void
}

/** The start of a run is tried again so long after the disk could not be written. */
const restartMs = 1000
/** Codes of errors that say so: no run is to blame for them, and the next one would fail as well. */
const unwritableCodes: readonly string[] = ['disk-full', 'history-unwritable']

interface Training {
  active: ActiveRun
  lane: string
  toBin: boolean
  /** Goes back to the queue when its worker has ended. */
  anew: boolean
  ended: Promise<void>
}

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { context, queue, lanes, publishRun, publishQueue } = parts
  const { history, events, log } = context
  const trainings = new Map<number, Training>()
  let closed = false
  let toldUnwritable = false

  const busy = () => new Set([...trainings.values()].map(({ lane }) => lane))

  /** Writes what became of a run, at once or as soon as the history can be written; survives a power loss. */
  function write(run: number, action: () => void, written: () => void, lost: () => void = () => {}): void {
    const failed = (error: unknown) => {
      log.error({ run: runId(run), error: toErrorReport(error) }, 'the state of a run could not be stored')
      lost()
    }
    try {
      history.synced(() => context.writer.write(action, written, failed))
    } catch (error) {
      failed(error)
    }
  }

  /** The same of a run that has a worker; its end overtakes it. */
  function keep(run: number, action: () => void): void {
    const training = trainings.get(run)
    const stillThere = () => trainings.get(run) === training
    write(
      run,
      () => {
        if (stillThere()) action()
      },
      () => publishRun(run),
    )
  }

  async function life(run: number, training: Training): Promise<void> {
    const outcome = await training.active.outcome
    log.info({ run: runId(run), ...outcome }, 'run ended')
    finish(run, outcome, training)
  }

  function finish(run: number, outcome: Outcome, { toBin, anew }: Pick<Training, 'toBin' | 'anew'>): void {
    parts.watch.ended(run)
    const store = () => {
      storeEnd(context, run, outcome, { at: Date.now(), toBin })
      if (anew && outcome.status === 'paused') requeueFirst(history, queue, run)
    }
    const written = () => {
      trainings.delete(run)
      setImmediate(wake)
      parts.onEnd(run)
      if (toBin) events.publish({ type: 'run-removed', runId: runId(run) })
      else publishRun(run)
      publishQueue()
    }
    // An end that can never be stored still frees the device; the next start of the host finds out where the run is.
    write(run, store, written, () => trainings.delete(run))
  }

  function start(run: number, lane: string): void {
    const waiting = history.runs.get(run)
    if (!waiting) return
    makeRunFolder(context.folders.runs, waiting)
    const brokenOffAt = storeStart(history, run)
    const stored = history.runs.get(run) ?? waiting
    const hooks: RunHooks = {
      forked: () => forked(run, stored.config),
      paused: (cause) => {
        active.flush()
        keep(run, () => storePause(context, run, cause))
      },
      continued: () => keep(run, () => storeContinue(history, run)),
    }
    const active = startRun(stored, parts, hooks, brokenOffAt)
    const training: Training = { active, lane, toBin: false, anew: false, ended: Promise.resolve() }
    trainings.set(run, training)
    training.ended = life(run, training)
    publishRun(run)
  }

  function forked(run: number, config: RunConfig): void {
    const active = trainings.get(run)?.active
    if (!active) return
    keep(run, () => history.runs.update(run, { workerPid: active.pid() }))
    parts.watch.started({
      run,
      config,
      live: active.live,
      tell: active.tell,
      pauseByGuard: () => {
        if (history.runs.get(run)?.status === 'running') pause(run, { keepDevice: true, cause: 'guard' })
      },
      continueByGuard: () => {
        const stored = history.runs.get(run)
        if (stored?.status === 'paused' && stored.interruption?.cause === 'guard') active.continue()
      },
    })
  }

  /** A run that cannot start because nothing can be written keeps its place; any other error is its end. */
  function startOrFail(run: number, lane: string): void {
    try {
      start(run, lane)
      toldUnwritable = false
    } catch (error) {
      const report = toErrorReport(databaseError(error))
      log.error({ run: runId(run), error: report }, 'a run could not be started')
      if (mayPass(error) || unwritableCodes.includes(report.code)) {
        if (!toldUnwritable) context.notices.tell('history-unwritable', { reason: describeError(report) })
        toldUnwritable = true
        setTimeout(wake, restartMs).unref()
      } else finish(run, { status: 'failed', error: report, cause: 'failed' }, { toBin: false, anew: false })
    }
  }

  function wake(): void {
    // What waits to be written may be the end of a run that would be taken for one that trains.
    if (closed || queue.state().held || context.writer.waiting() > 0) return
    const taken = busy()
    let started = false
    for (const { run, device } of queue.order()) {
      const lane = lanes.of(device)
      if (taken.has(lane)) continue
      taken.add(lane)
      started = true
      startOrFail(run, lane)
    }
    if (started) publishQueue()
  }

  function pause(run: number, { keepDevice, cause }: { keepDevice: boolean; cause: PauseCause }): void {
    const training = trainings.get(run)
    if (!training) return
    training.anew = false
    training.active.pause(keepDevice, cause)
    keep(run, () => history.runs.update(run, { status: 'pausing' }))
  }

  return {
    active: (run) => trainings.get(run)?.active ?? null,
    actives: () => [...trainings.values()].map(({ active }) => active),
    wake,
    stop: (run, mode) => {
      const training = trainings.get(run)
      if (!training) return
      training.toBin = mode === 'bin'
      training.anew = false
      training.active.stop(mode === 'bin' ? 'now' : mode)
      keep(run, () => history.runs.update(run, { status: 'stopping' }))
    },
    keepFromBin: (run) => {
      const training = trainings.get(run)
      if (training) training.toBin = false
    },
    pause,
    startAnew: (run) => {
      const training = trainings.get(run)
      if (!training) return
      training.anew = true
      training.active.pause(false, 'paused')
    },
    trains: () => {
      const atWork = [...trainings.values()].some(({ active }) => !active.waits())
      const taken = busy()
      const next = () => queue.order().some(({ device }) => !taken.has(lanes.of(device)))
      return atWork || (!closed && !queue.state().held && next())
    },
    close: async () => {
      closed = true
      for (const { active } of trainings.values()) active.shutDown()
      await Promise.all([...trainings.values()].map(({ ended }) => ended))
    },
  }
}
