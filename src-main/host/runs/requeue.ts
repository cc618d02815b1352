// Puts a run that was broken off back into the queue.
import type { ResumeChange } from '../../shared/saved-state.ts'
import type { History } from '../db/history.ts'
import type { RunQueue } from './queue.ts'

/**
 * Before all others, with its seeds that are not finished; results of the others stay. What the seeds had reported stays until the
 * worker says from where they go on. To be called within a transaction.
 *
 * @param change a change that the training takes from there on; absent keeps one that no worker has made yet
 */
export function requeueFirst(history: History, queue: RunQueue, run: number, change?: ResumeChange | null): void {
  const stored = history.runs.get(run)
  if (!stored) return
  history.seeds.interrupt(run, 'queued')
  history.runs.update(run, {
    status: 'queued',
    ...queue.placeFor(stored.priority, true),
    ...(change === undefined ? {} : { pendingChange: change }),
  })
}
