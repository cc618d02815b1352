// The order of the runs that wait. Kept in the history, so it outlives the host.
import type { History } from '../db/history.ts'

export interface RunQueue {
  /** Numbers of the waiting runs, next one first. */
  order(): number[]
  /** Puts a run that is stored as queued at its place, 1 first; beyond the end is the end. */
  move(run: number, position: number): void
  next(): number | null
}

export function createRunQueue(history: History): RunQueue {
  const renumber = history.db.transaction((order: number[]) => {
    for (const [index, run] of order.entries()) history.runs.update(run, { queuePosition: index + 1 })
  })
  return {
    order: history.runs.queue,
    move: (run, position) => {
      const others = history.runs.queue().filter((other) => other !== run)
      const index = Math.min(Math.max(position, 1), others.length + 1) - 1
      renumber([...others.slice(0, index), run, ...others.slice(index)])
    },
    next: () => history.runs.queue()[0] ?? null,
  }
}
