// The newest checkpoint of each kind per seed.
import type { Database } from 'better-sqlite3'
import type { RunDetail } from '../../shared/api.ts'

export type StoredCheckpoint = RunDetail['checkpoints'][number]

export interface CheckpointsTable {
  put(run: number, checkpoint: StoredCheckpoint): void
  list(run: number): StoredCheckpoint[]
}

export function createCheckpointsTable(db: Database): CheckpointsTable {
  const put = db.prepare(
    'INSERT OR REPLACE INTO checkpoints (run, seed, kind, file, step, bytes) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const list = db.prepare<[number], StoredCheckpoint>(
    'SELECT seed, kind, file, step, bytes FROM checkpoints WHERE run = ? ORDER BY seed, kind DESC',
  )
  return {
    put: (run, { seed, kind, file, step, bytes }) => put.run(run, seed, kind, file, step, bytes),
    list: (run) => list.all(run),
  }
}
