// The order of the runs that wait, and whether they may start. Kept in the history, so it outlives the host.
import { type QueuePriority, type QueueState, queuePriorities } from '../../shared/api.ts'
import type { History } from '../db/history.ts'
import type { QueuedRun } from '../db/runs-table.ts'

export interface RunQueue {
  /** The waiting runs, next one first. */
  order(): QueuedRun[]
  /** The position and priority of a run that is put before all others, or behind those of its priority. */
  placeFor(priority: QueuePriority, first: boolean): { priority: QueuePriority; queuePosition: number }
  /** Moves a waiting run among those of its priority, 1 first; beyond the end is the end. */
  move(run: number, position: number): void
  state(): QueueState
  hold(reason: QueueState['reason']): QueueState
}

const key = 'host.queue'

/**
 * Positions are kept by runs that lie in the bin and by runs whose priority changes, so that both can be taken back: the others
 * keep theirs.
 */
export function createRunQueue(history: History): RunQueue {
  const order = () => history.runs.queue()
  const state = () => (history.settings.get(key) as QueueState | undefined) ?? { held: false, reason: null }
  return {
    order,
    placeFor: (priority, first) => {
      const { low, high } = history.runs.queueBounds()
      const head = order()[0]
      if (!first || !head) return { priority, queuePosition: first ? low - 1 : high + 1 }
      const rank = Math.min(...[priority, head.priority].map((of) => queuePriorities.indexOf(of)))
      return { priority: queuePriorities[rank] ?? priority, queuePosition: low - 1 }
    },
    move: (run, position) =>
      history.durably(() => {
        const waiting = order()
        const priority = waiting.find((queued) => queued.run === run)?.priority
        const group = waiting.filter((queued) => queued.priority === priority)
        const others = group.filter((queued) => queued.run !== run).map((queued) => queued.run)
        const index = Math.min(Math.max(position, 1), others.length + 1) - 1
        const positions = group.map((queued) => queued.position)
        for (const [place, moved] of [...others.slice(0, index), run, ...others.slice(index)].entries()) {
          history.runs.update(moved, { queuePosition: positions[place] ?? null })
        }
      }),
    state,
    hold: (reason) =>
      history.durably(() => {
        const next: QueueState = { held: reason !== null, reason }
        history.settings.set(key, next)
        return next
      }),
  }
}
