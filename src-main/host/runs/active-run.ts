// One run from its place at the head of the queue to its end: libraries, data, worker, outcome.
import type { WorkerProcess } from '../../launch/worker-process.ts'
import type { LiveState, LogLine } from '../../shared/api.ts'
import { type ErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { AlertKind, RunAlert } from '../../shared/run-alerts.ts'
import type { HostToWorker, StopMode, WorkerToHost } from '../../shared/worker-protocol.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'
import { createWriteBatch } from '../db/write-batch.ts'
import { causeOfError } from './interruption.ts'
import { createLiveTracker } from './live-state.ts'
import { createReportRecorder } from './report-recorder.ts'
import { appendLog, runFolder } from './run-folder.ts'
import type { Outcome, PauseCause } from './run-status.ts'
import type { RunWatch } from './run-watch.ts'
import { runWorker, type WorkerParts } from './run-worker.ts'
import { createThrottle } from './throttle.ts'
import { hostEnded, workerDied, workerKilled } from './worker-death.ts'

export interface RunParts extends WorkerParts {
  /** Tells windows of the run's new state. */
  publishRun(run: number): void
  watch: RunWatch
}

export interface ActiveRun {
  run: number
  /** Of the worker, once it has been started. */
  pid(): number | null
  live(): LiveState
  /** Whether its worker waits with the device. */
  waits(): boolean
  /** Writes what is still waiting, so that a read sees it. */
  flush(): void
  /** Keeps an alert that is not the worker's own, with the present place. */
  tell(kind: AlertKind, values: RunAlert['values']): void
  pause(keepDevice: boolean, cause: PauseCause): void
  /** Lets a worker that waits go on. */
  continue(): void
  stop(mode: StopMode): void
  /** Stops at once because the host ends. */
  shutDown(): void
  /** Resolves when the worker is gone and all is written; never rejects. */
  outcome: Promise<Outcome>
}

/** What the supervisor notes of a worker's life. */
export interface RunHooks {
  /** The worker has been started. */
  forked(): void
  /** It waits with its device. */
  paused(cause: PauseCause): void
  continued(): void
}

/** Log lines kept to explain a worker that dies. */
const keptLines = 20

/** @param brokenOffAt when the run was broken off; null on its first start */
export function startRun(run: StoredRun, parts: RunParts, hooks: RunHooks, brokenOffAt: number | null): ActiveRun {
  const { context } = parts
  const { timing, history } = context
  const states = history.seeds.list(run.run)
  const finished = states.flatMap(({ status, result }) => (status === 'finished' && result ? [result.seconds] : []))
  const seeds = history.seeds.unfinished(run.run)
  const live = createLiveTracker(seeds, finished)
  const folder = runFolder(context.folders.runs, run.run)
  const lastLines: string[] = []
  const aborted = new AbortController()
  let worker: WorkerProcess<HostToWorker> | null = null
  let stopping: StopMode | null = null
  let pausing: PauseCause | null = null
  let waiting = false
  let closing = false
  let killedAfterMs: number | null = null
  let killTimer: NodeJS.Timeout | null = null

  const publishLive = createThrottle(timing.liveMs, () =>
    context.events.publish({ type: 'live', runId: runId(run.run), live: live.state() }),
  )
  const publishRun = createThrottle(timing.liveMs * 2, () => parts.publishRun(run.run))
  const batch = createWriteBatch(context.writer, {
    intervalMs: timing.batchMs,
    afterFlush: () => recorder.publish(),
    onError: (error) => {
      reported ??= failed(toErrorReport(error))
      worker?.kill()
    },
  })
  const recorder = createReportRecorder(run.run, { context, batch, live, brokenOffAt, publishLive, publishRun })

  const log = (level: LogLine['level'], text: string) => {
    const line = { at: Date.now(), level, text }
    lastLines.push(text)
    if (lastLines.length > keptLines) lastLines.shift()
    appendLog(folder, line)
    recorder.log(line)
  }
  const place = () => {
    const { seed, step } = live.state()
    return { at: step > 0 ? { seed, step } : null, log: [...lastLines] }
  }

  let reported: Outcome | null = null

  /** What goes wrong with a report of one run must not end the host. */
  const onMessage = (message: WorkerToHost) => {
    try {
      receive(message)
    } catch (error) {
      reported ??= failed(toErrorReport(error))
      worker?.kill()
    }
  }

  const receive = (message: WorkerToHost) => {
    parts.watch.report(run.run, message)
    if (message.type === 'done') reported ??= ended(message.ended)
    else if (message.type === 'failed') reported ??= failed(message.error)
    else if (message.type === 'log') log(message.level, message.text)
    else recorder.record(message)
    // A worker that has said its last word but does not leave must not hold the queue.
    if (message.type === 'done' || message.type === 'failed') killIn(timing.shutdownMs)
    if (message.type === 'paused') {
      waiting = true
      hooks.paused(pausing ?? 'paused')
    }
    if (message.type === 'continued') {
      waiting = false
      pausing = null
      hooks.continued()
    }
  }

  const ended = (how: 'finished' | 'stopped' | 'paused'): Outcome => {
    if (how === 'finished') return { status: 'finished', error: null, cause: null }
    if (how === 'paused') return { status: 'paused', error: null, cause: pausing ?? 'paused' }
    return { status: 'stopped', error: null, cause: 'stopped' }
  }

  const killIn = (ms: number) => {
    if (killTimer) clearTimeout(killTimer)
    killTimer = setTimeout(() => {
      if (!reported) killedAfterMs = ms
      worker?.kill()
    }, ms)
  }

  async function train(): Promise<Outcome> {
    const { exit, memoryKills } = await runWorker(
      parts,
      run,
      { seeds, folder },
      {
        signal: aborted.signal,
        onPhase: (phase) => {
          live.phase(phase)
          publishLive()
        },
        onFork: (forked) => {
          worker = forked
          hooks.forked()
        },
        onMessage,
        onLine: (text) => log('info', text),
      },
    )
    if (reported) return reported
    if (killedAfterMs !== null) {
      return { status: 'stopped', error: workerKilled(killedAfterMs / 1000, place()), cause: 'stopped' }
    }
    return failed(workerDied(exit, place(), memoryKills))
  }

  /** What an abort means: the user stopped or paused the run before its worker was there. */
  function broken(error: unknown): Outcome {
    if (!aborted.signal.aborted && !isCancelled(error)) return failed(toErrorReport(error))
    if (stopping !== null) return ended('stopped')
    return pausing !== null ? ended('paused') : failed(toErrorReport(error))
  }

  async function lifeOfRun(): Promise<Outcome> {
    let outcome = await train().catch(broken)
    if (killTimer) clearTimeout(killTimer)
    if (stopping !== null && outcome.error?.code === 'cancelled') outcome = ended('stopped')
    if (closing && (waiting || (pausing !== null && outcome.status === 'stopped'))) outcome = ended('paused')
    else if (closing && outcome.status === 'stopped') {
      outcome = { status: 'stopped', error: outcome.error ?? hostEnded(place().at), cause: 'closed' }
    }
    if (outcome.error) log('error', outcome.error.message)
    batch.flush()
    publishLive.cancel()
    publishRun.cancel()
    return outcome
  }

  return {
    run: run.run,
    pid: () => worker?.pid ?? null,
    live: live.state,
    waits: () => waiting,
    flush: batch.flush,
    tell: (kind, values) => {
      const { seed, step } = live.state()
      recorder.alert({ at: Date.now(), seed, step, kind, values })
    },
    pause: (keepDevice, cause) => {
      pausing = cause
      if (worker) worker.send({ type: 'pause', keepDevice })
      else aborted.abort()
    },
    continue: () => worker?.send({ type: 'continue' }),
    stop: (mode) => {
      stopping = mode
      worker?.send({ type: 'stop', mode })
      if (mode === 'epoch' && worker) return
      aborted.abort()
      killIn(timing.stopMs)
    },
    shutDown: () => {
      // What the user had stopped before that was not broken off by the host.
      closing = stopping === null
      stopping ??= 'now'
      worker?.send({ type: 'stop', mode: 'now' })
      aborted.abort()
      killIn(timing.shutdownMs)
    },
    outcome: lifeOfRun(),
  }
}

function failed(error: ErrorReport): Outcome {
  return { status: 'failed', error, cause: causeOfError(error) }
}

function isCancelled(error: unknown): boolean {
  return error instanceof RepriseError && error.code === 'cancelled'
}
