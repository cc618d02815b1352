// One data set being made ready by a data worker.

import { forkWorker } from '../../launch/worker-process.ts'
import { type ErrorReport, RepriseError } from '../../shared/errors.ts'
import type { DataWorkerToHost, HostToDataWorker, PrepareDataJob } from '../../shared/worker-protocol.ts'
import type { HostContext } from '../host-context.ts'

type Prepared = Extract<DataWorkerToHost, { type: 'prepared' }>
type Progress = Extract<DataWorkerToHost, { type: 'progress' }>

export interface RunningPreparation {
  /** Rejects with a RepriseError; `cancelled` after `cancel`. */
  result: Promise<Prepared>
  cancel(): void
}

const keptLines = 20

function workerGone(
  datasetId: string,
  exit: { code: number | null; signal: string | null },
  log: string[],
): ErrorReport {
  return {
    code: 'worker-died',
    message: `The process that prepares the data set ${datasetId} ended unexpectedly.`,
    expected: 'a prepared data set',
    found: log.at(-1) ?? (exit.signal !== null ? `ended by ${exit.signal}` : `exit code ${exit.code}`),
    fix: 'Try again; what was ready before is untouched.',
    details: { ...exit, log },
  }
}

export function startPreparation(
  job: PrepareDataJob,
  context: Pick<HostContext, 'entries' | 'env' | 'network' | 'timing'>,
  onProgress: (progress: Progress) => void,
): RunningPreparation {
  let outcome: Prepared | ErrorReport | null = null
  let cancelled = false
  let killTimer: NodeJS.Timeout | undefined
  const log: string[] = []

  const worker = forkWorker<HostToDataWorker, DataWorkerToHost>({
    entry: context.entries.prepareData,
    env: context.env,
    onLine: (text) => {
      log.push(text)
      if (log.length > keptLines) log.shift()
    },
    onMessage: (message) => {
      if (message.type === 'progress') onProgress(message)
      else if (message.type === 'network') context.network.note(message.what)
      else {
        outcome ??= message.type === 'prepared' ? message : message.error
        killTimer ??= setTimeout(worker.kill, context.timing.shutdownMs)
      }
    },
  })
  worker.send({ type: 'job', job })

  const result = worker.ended.then((exit) => {
    clearTimeout(killTimer)
    if (outcome && 'type' in outcome) return outcome
    if (cancelled) {
      throw new RepriseError({ code: 'cancelled', message: `Preparing the data set ${job.datasetId} was stopped.` })
    }
    throw new RepriseError(outcome ?? workerGone(job.datasetId, exit, log))
  })

  return {
    result,
    cancel: () => {
      cancelled = true
      worker.send({ type: 'stop' })
      killTimer ??= setTimeout(worker.kill, context.timing.shutdownMs)
    },
  }
}
