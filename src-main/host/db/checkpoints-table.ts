// Checkpoints of runs, by file.
import type { Database } from 'better-sqlite3'
import type { CheckpointEntry } from '../../shared/saved-state.ts'

interface Row extends Omit<CheckpointEntry, 'savedAt' | 'averaged'> {
  run: number
  saved_at: number
  averaged: number
}

export interface CheckpointsTable {
  put(run: number, checkpoint: CheckpointEntry): void
  remove(run: number, file: string): void
  /** By seed, then step. */
  list(run: number): CheckpointEntry[]
}

export function createCheckpointsTable(db: Database): CheckpointsTable {
  const put = db.prepare(
    `INSERT OR REPLACE INTO checkpoints (run, file, seed, kind, step, epoch, bytes, sha256, saved_at, averaged, top1)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = db.prepare('DELETE FROM checkpoints WHERE run = ? AND file = ?')
  const list = db.prepare<[number], Row>('SELECT * FROM checkpoints WHERE run = ? ORDER BY seed, step, kind')
  return {
    put: (run, { file, seed, kind, step, epoch, bytes, sha256, savedAt, averaged, top1 }) =>
      put.run(run, file, seed, kind, step, epoch, bytes, sha256, savedAt, averaged ? 1 : 0, top1),
    remove: (run, file) => remove.run(run, file),
    list: (run) => list.all(run).map(readRow),
  }
}

function readRow({ run: _, saved_at, averaged, ...same }: Row): CheckpointEntry {
  return { ...same, savedAt: saved_at, averaged: averaged === 1 }
}
