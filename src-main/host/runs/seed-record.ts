// A seed that goes on from a saved state: what the state carries takes the place of all that is known of its steps.
import { pointsOf } from '../../shared/seed-record.ts'
import type { WorkerToHost } from '../../shared/worker-protocol.ts'
import type { History } from '../db/history.ts'

type Resumed = Extract<WorkerToHost, { type: 'resumed' }>

/** Writes the record in the place of the seed's steps and evaluations; to be called within a transaction. */
export function recordResume(history: History, run: number, { seed, step, trainSeconds, record }: Resumed): void {
  history.steps.clear(run, seed)
  history.epochs.clear(run, seed)
  history.steps.insert(run, seed, pointsOf(record))
  for (const result of record.epochs) history.epochs.insert(run, result)
  history.seeds.progress(run, seed, step, trainSeconds)
  history.seeds.evaluated(run, seed, record.epochs.at(-1)?.testTop1 ?? null)
}
