// Changes of which pictures of a data set are used, one after the other for each data set.
import type { ChangeDataJob, ChangerToHost, DataSummary } from '../../shared/worker-protocol.ts'
import type { HostContext } from '../host-context.ts'
import { type DataWork, startDataWork } from './data-worker.ts'

export interface DataChanges {
  /** Rejects with what the worker reports, `worker-died` or `cancelled`. */
  change(id: string, change: ChangeDataJob['change']): Promise<DataSummary>
  /** Resolves when the changes of this data set that are under way have ended, whatever became of them. */
  ended(id: string): Promise<void>
  close(): Promise<void>
}

export function createDataChanges(context: Pick<HostContext, 'entries' | 'env' | 'folders' | 'timing'>): DataChanges {
  const last = new Map<string, Promise<unknown>>()
  const running = new Set<DataWork<DataSummary>>()

  const work = async (job: ChangeDataJob): Promise<DataSummary> => {
    const started = startDataWork<ChangeDataJob, ChangerToHost, DataSummary>({
      entry: context.entries.changeData,
      job,
      context,
      does: `changes the data set ${job.datasetId}`,
      onMessage: (message) => (message.type === 'changed' ? { result: message.data } : { error: message.error }),
    })
    running.add(started)
    return started.result.finally(() => running.delete(started))
  }

  return {
    change: (id, change) => {
      const job: ChangeDataJob = { type: 'change-data', datasetId: id, datasetsDir: context.folders.datasets, change }
      const before = last.get(id) ?? Promise.resolve()
      const done = before.then(
        () => work(job),
        () => work(job),
      )
      last.set(id, done)
      const forget = () => {
        if (last.get(id) === done) last.delete(id)
      }
      done.then(forget, forget)
      return done
    },
    ended: async (id) => {
      await Promise.allSettled([last.get(id)])
    },
    close: async () => {
      for (const { cancel } of running) cancel()
      await Promise.allSettled(last.values())
    },
  }
}
