// One run from its place at the head of the queue to its end: libraries, data, worker, outcome.

import { forkWorker, type WorkerProcess } from '../../launch/worker-process.ts'
import type { LiveState, LogLine, RunStatus } from '../../shared/api.ts'
import { type ErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { HostToWorker, StopMode, WorkerToHost } from '../../shared/worker-protocol.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'
import { createWriteBatch } from '../db/write-batch.ts'
import type { HostContext } from '../host-context.ts'
import type { TensorflowLibrary } from '../machine/tensorflow-library.ts'
import { createLiveTracker } from './live-state.ts'
import { createReportRecorder } from './report-recorder.ts'
import { appendLog, makeRunFolder } from './run-folder.ts'
import { createThrottle } from './throttle.ts'
import { hostEnded, workerDied, workerKilled } from './worker-death.ts'

export interface RunParts {
  context: HostContext
  library: TensorflowLibrary
  /** Makes a data set ready for training, fetching it first where it is absent. */
  readyDataset(
    id: string,
    options: { signal: AbortSignal; onProgress(text: string, done: number, total: number): void },
  ): Promise<void>
  /** Tells windows of the run's new state. */
  publishRun(run: number): void
}

export interface Outcome {
  status: Extract<RunStatus, 'finished' | 'stopped' | 'failed'>
  error: ErrorReport | null
}

export interface ActiveRun {
  run: number
  live(): LiveState
  /** Writes what is still waiting, so that a read sees it. */
  flush(): void
  stop(mode: StopMode): void
  /** Stops at once because the host ends. */
  shutDown(): void
  /** Resolves when the worker is gone and all is written; never rejects. */
  outcome: Promise<Outcome>
}

/** Log lines kept to explain a worker that dies. */
const keptLines = 20

export function startRun(run: StoredRun, parts: RunParts): ActiveRun {
  const { context } = parts
  const { timing } = context
  const seeds = Array.from({ length: run.config.seeds.count }, (_, index) => run.config.seeds.first + index)
  const live = createLiveTracker(seeds)
  const folder = makeRunFolder(context.folders.runs, run)
  const lastLines: string[] = []
  const aborted = new AbortController()
  let worker: WorkerProcess<HostToWorker> | null = null
  let stopping: StopMode | null = null
  let closing = false
  let killedAfterMs: number | null = null
  let killTimer: NodeJS.Timeout | null = null

  const publishLive = createThrottle(timing.liveMs, () =>
    context.events.publish({ type: 'live', runId: runId(run.run), live: live.state() }),
  )
  const publishRun = createThrottle(timing.liveMs * 2, () => parts.publishRun(run.run))
  const batch = createWriteBatch(context.history.db, {
    intervalMs: timing.batchMs,
    afterFlush: () => recorder.publish(),
    onError: (error) => failed(toErrorReport(error)),
  })
  const recorder = createReportRecorder(run.run, { context, batch, live, publishLive, publishRun })

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
  const failed = (error: ErrorReport) => {
    reported ??= { status: 'failed', error }
    worker?.kill()
  }

  const onMessage = (message: WorkerToHost) => {
    if (message.type === 'done') reported ??= { status: message.stopped ? 'stopped' : 'finished', error: null }
    else if (message.type === 'failed') reported ??= { status: 'failed', error: message.error }
    else if (message.type === 'log') log(message.level, message.text)
    else recorder.record(message)
    // A worker that has said its last word but does not leave must not hold the queue.
    if (message.type === 'done' || message.type === 'failed') killIn(timing.shutdownMs)
  }

  const killIn = (ms: number) => {
    if (killTimer) clearTimeout(killTimer)
    killTimer = setTimeout(() => {
      if (!reported) killedAfterMs = ms
      worker?.kill()
    }, ms)
  }

  async function train(): Promise<Outcome> {
    const library = await parts.library.ready({
      signal: aborted.signal,
      onProgress: (done, total) => {
        live.phase({ phase: 'libraries', done, total })
        publishLive()
      },
    })
    await parts.readyDataset(run.config.data.dataset, {
      signal: aborted.signal,
      onProgress: (text, done, total) => {
        live.phase({ phase: 'data', text, done, total })
        publishLive()
      },
    })
    aborted.signal.throwIfAborted()
    worker = forkWorker<HostToWorker, WorkerToHost>({
      entry: context.entries.train,
      env: library.environment,
      onMessage,
      onLine: (text) => log('info', text),
    })
    worker.send({
      type: 'job',
      job: {
        type: 'train',
        runId: runId(run.run),
        config: run.config,
        seeds,
        runDir: folder,
        datasetsDir: context.folders.datasets,
        libtensorflowDir: library.folder,
      },
    })
    const exit = await worker.ended
    if (reported) return reported
    if (killedAfterMs !== null) return { status: 'stopped', error: workerKilled(killedAfterMs / 1000, place()) }
    return { status: 'failed', error: workerDied(exit, place()) }
  }

  async function lifeOfRun(): Promise<Outcome> {
    let outcome: Outcome
    try {
      outcome = await train()
    } catch (error) {
      const cancelled = stopping !== null && (aborted.signal.aborted || isCancelled(error))
      outcome = cancelled ? { status: 'stopped', error: null } : { status: 'failed', error: toErrorReport(error) }
    }
    if (killTimer) clearTimeout(killTimer)
    if (stopping !== null && outcome.error?.code === 'cancelled') outcome = { status: 'stopped', error: null }
    if (closing && outcome.status === 'stopped') outcome.error ??= hostEnded(place().at)
    if (outcome.error) log('error', outcome.error.message)
    try {
      batch.close()
    } catch (error) {
      outcome = { status: 'failed', error: toErrorReport(error) }
    }
    publishLive.cancel()
    publishRun.cancel()
    return outcome
  }

  return {
    run: run.run,
    live: live.state,
    flush: batch.flush,
    stop: (mode) => {
      stopping = mode
      worker?.send({ type: 'stop', mode })
      if (mode === 'epoch' && worker) return
      aborted.abort()
      killIn(timing.stopMs)
    },
    shutDown: () => {
      closing = true
      stopping = 'now'
      worker?.send({ type: 'stop', mode: 'now' })
      aborted.abort()
      killIn(timing.shutdownMs)
    },
    outcome: lifeOfRun(),
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof RepriseError && error.code === 'cancelled'
}
