// Checks of data sets that are under way, one process each, and how the last one of each ended.
import type { Checking, HealthReport } from '../../shared/dataset-views.ts'
import { type ErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { ExamineDataJob, ExaminerToHost } from '../../shared/worker-protocol.ts'
import type { HostContext } from '../host-context.ts'
import { createThrottle } from '../runs/throttle.ts'
import { type DataWork, startDataWork } from './data-worker.ts'
import { createRate } from './progress-rate.ts'

export interface Checks {
  /** Does nothing where a check of this data set is under way. */
  start(id: string): void
  /** Resolves when the process has ended; does nothing without one. */
  cancel(id: string): Promise<void>
  state(id: string): Checking | null
  close(): Promise<void>
}

export interface CheckOutcome {
  report: HealthReport | null
  /** Null also after a check that was cancelled. */
  error: ErrorReport | null
}

export function createChecks(
  context: HostContext,
  onEnd: (id: string, outcome: CheckOutcome) => Promise<void>,
): Checks {
  const running = new Map<string, { work: DataWork<HealthReport>; checking: Checking; ended: Promise<void> }>()

  const start = (id: string) => {
    if (running.has(id)) return
    const rate = createRate()
    const publish = createThrottle(context.timing.liveMs / 2, () =>
      context.events.publish({ type: 'dataset-check', id, checking: running.get(id)?.checking ?? null }),
    )
    const job: ExamineDataJob = { type: 'examine-data', datasetId: id, datasetsDir: context.folders.datasets }
    const work = startDataWork<ExamineDataJob, ExaminerToHost, HealthReport>({
      entry: context.entries.examineData,
      job,
      context,
      does: `checks the data set ${id}`,
      onMessage: (message) => {
        if (message.type === 'examined') return { result: message.report }
        if (message.type === 'failed') return { error: message.error }
        const { text, done, total } = message
        const { secondsLeft } = rate(message)
        const check = running.get(id)
        if (check) check.checking = { text, done, total, secondsLeft }
        publish()
        return undefined
      },
    })
    const ended = work.result
      .then(
        (report): CheckOutcome => ({ report, error: null }),
        (error: unknown): CheckOutcome => ({ report: null, error: isCancelled(error) ? null : toErrorReport(error) }),
      )
      .then(async (outcome) => {
        publish.cancel()
        running.delete(id)
        if (outcome.error) context.log.warn({ id, error: outcome.error }, 'check of a data set failed')
        await onEnd(id, outcome)
        context.events.publish({ type: 'dataset-check', id, checking: null })
      })
    running.set(id, { work, checking: { text: '', done: 0, total: 0, secondsLeft: null }, ended })
    publish()
  }

  const cancel = async (id: string) => {
    const check = running.get(id)
    check?.work.cancel()
    await check?.ended
  }

  return {
    start,
    cancel,
    state: (id) => running.get(id)?.checking ?? null,
    close: async () => {
      await Promise.all([...running.keys()].map(cancel))
    },
  }
}

const isCancelled = (error: unknown) => error instanceof RepriseError && error.code === 'cancelled'
