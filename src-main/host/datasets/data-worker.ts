// A worker with one long job on a data set: its reports, its one outcome, its end.
import { forkWorker } from '../../launch/worker-process.ts'
import { type ErrorReport, RepriseError } from '../../shared/errors.ts'
import type { HostContext } from '../host-context.ts'

export interface DataWork<Result> {
  /** Rejects with a RepriseError; `cancelled` after `cancel`. */
  result: Promise<Result>
  cancel(): void
}

export interface DataWorkOptions<Job, Message, Result> {
  entry: string
  job: Job
  context: Pick<HostContext, 'env' | 'timing'>
  /** Takes a report; gives the result that ends the work, or the reason of its failure. */
  onMessage(message: Message): { result: Result } | { error: ErrorReport } | undefined
  /** What the process does, to follow "The process that". */
  does: string
}

const keptLines = 20

/** Forks the worker and sends its job. A worker that has said its last word but does not leave is killed. */
export function startDataWork<Job, Message, Result>(options: DataWorkOptions<Job, Message, Result>): DataWork<Result> {
  const { context, does } = options
  let outcome: { result: Result } | { error: ErrorReport } | undefined
  let cancelled = false
  let killTimer: NodeJS.Timeout | undefined
  const log: string[] = []

  const worker = forkWorker<{ type: 'job'; job: Job } | { type: 'stop' }, Message>({
    entry: options.entry,
    env: context.env,
    onLine: (text) => {
      log.push(text)
      if (log.length > keptLines) log.shift()
    },
    onMessage: (message) => {
      outcome ??= options.onMessage(message)
      if (outcome) killTimer ??= setTimeout(worker.kill, context.timing.shutdownMs)
    },
  })
  worker.send({ type: 'job', job: options.job })

  const result = worker.ended.then((exit) => {
    clearTimeout(killTimer)
    if (outcome && 'result' in outcome) return outcome.result
    if (cancelled) throw new RepriseError({ code: 'cancelled', message: `The process that ${does} was stopped.` })
    throw new RepriseError(outcome?.error ?? workerGone(does, exit, log))
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

function workerGone(does: string, exit: { code: number | null; signal: string | null }, log: string[]): ErrorReport {
  return {
    code: 'worker-died',
    message: `The process that ${does} ended unexpectedly.`,
    expected: 'an end with a result',
    found: log.at(-1) ?? (exit.signal !== null ? `ended by ${exit.signal}` : `exit code ${exit.code}`),
    fix: 'Try again; what was ready before is untouched.',
    details: { ...exit, log },
  }
}
