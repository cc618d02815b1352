// The process that trains a run, from the libraries that it needs to its end.
import { forkWorker, type WorkerExit, type WorkerProcess } from '../../launch/worker-process.ts'
import type { HostToWorker, TrainJob, WorkerToHost } from '../../shared/worker-protocol.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import type { TensorflowLibrary } from '../machine/tensorflow-library.ts'
import type { LiveTracker } from './live-state.ts'
import { endFirst, outOfMemoryKills } from './out-of-memory.ts'

export interface WorkerParts {
  context: HostContext
  library: TensorflowLibrary
  /** Makes a data set ready for training, fetching it first where it is absent. */
  readyDataset(
    id: string,
    options: { signal: AbortSignal; onProgress(text: string, done: number, total: number): void },
  ): Promise<void>
}

export interface WorkerWatch {
  /** Aborts what comes before the worker. */
  signal: AbortSignal
  onPhase(phase: Parameters<LiveTracker['phase']>[0]): void
  onFork(worker: WorkerProcess<HostToWorker>): void
  onMessage(message: WorkerToHost): void
  onLine(text: string): void
}

export interface WorkerEnd {
  exit: WorkerExit
  /** Processes that the system ended for want of memory meanwhile; null where it does not say. */
  memoryKills: number | null
}

/** Trains `seeds` of the run in its folder. Rejects when libraries or data cannot be had, or with the abort's reason. */
export async function runWorker(
  { context, library, readyDataset }: WorkerParts,
  run: StoredRun,
  { seeds, folder }: { seeds: number[]; folder: string },
  { signal, onPhase, onFork, onMessage, onLine }: WorkerWatch,
): Promise<WorkerEnd> {
  const { folder: libtensorflowDir, environment } = await library.ready({
    signal,
    onProgress: (done, total) => onPhase({ phase: 'libraries', done, total }),
  })
  await readyDataset(run.config.data.dataset, {
    signal,
    onProgress: (text, done, total) => onPhase({ phase: 'data', text, done, total }),
  })
  signal.throwIfAborted()
  const killsBefore = outOfMemoryKills()
  const worker = forkWorker<HostToWorker, WorkerToHost>({
    entry: context.entries.train,
    env: environment,
    onMessage,
    onLine,
  })
  endFirst(worker.pid)
  onFork(worker)
  const job: TrainJob = {
    type: 'train',
    runId: runId(run.run),
    config: run.config,
    seeds,
    ...(run.pendingChange ? { change: run.pendingChange } : {}),
    runDir: folder,
    datasetsDir: context.folders.datasets,
    libtensorflowDir,
  }
  worker.send({ type: 'job', job })
  const exit = await worker.ended
  const killsAfter = outOfMemoryKills()
  return { exit, memoryKills: killsBefore === null || killsAfter === null ? null : killsAfter - killsBefore }
}
