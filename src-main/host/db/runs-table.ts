// The runs themselves and their places in the queue.
import type { Database } from 'better-sqlite3'
import type { QueuePriority, RunStatus } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'
import { toColumn } from './json-column.ts'
import { type RunRow, readRunRow, type StoredRun } from './run-row.ts'

export type { StoredRun } from './run-row.ts'

export type NewRun = Pick<StoredRun, 'name' | 'recipe' | 'config' | 'changes' | 'createdAt'> &
  Partial<Pick<StoredRun, 'run' | 'queuePosition' | 'priority' | 'sweep'>>
export type RunChange = Partial<Omit<StoredRun, 'run' | 'recipeId' | 'recipe' | 'config' | 'createdAt' | 'changes'>>

const plainColumns = {
  name: 'name',
  status: 'status',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  queuePosition: 'queue_position',
  removedAt: 'removed_at',
  priority: 'priority',
  workerPid: 'worker_pid',
  reportedAt: 'reported_at',
} as const
const jsonColumns = {
  environment: 'environment',
  data: 'data',
  verdict: 'verdict',
  error: 'error',
  interruption: 'interruption',
  applied: 'applied',
  certificate: 'certificate',
  pendingChange: 'pending_change',
} as const

/** A run that waits, with the device that its config names. */
export interface QueuedRun {
  run: number
  priority: QueuePriority
  device: string
  position: number
}

export interface RunsTable {
  /** @returns the number of the new run: the one given, else the next that was never used */
  insert(run: NewRun): number
  /** The highest number that a run ever had. */
  highest(): number
  get(run: number): StoredRun | null
  /** Newest first. */
  list(which: { bin: boolean }): StoredRun[]
  withStatus(...statuses: RunStatus[]): StoredRun[]
  update(run: number, change: RunChange): void
  /** Forgets a run and all that it reported. */
  delete(run: number): void
  /** Waiting runs: by priority, then position. */
  queue(): QueuedRun[]
  /** Lowest and highest position of the runs that wait, those in the bin included; 0 and 0 where there are none. */
  queueBounds(): { low: number; high: number }
  /** Names of all sweeps, those of runs in the bin included. */
  sweeps(): string[]
  /** Newest finished runs of a recipe that lie not in the bin. */
  finishedOf(recipeId: string): StoredRun[]
  finished(): StoredRun[]
}

export function createRunsTable(db: Database): RunsTable {
  const insert = db.prepare(
    `INSERT INTO runs (run, name, recipe_id, recipe, config, status, created_at, queue_position, changes, priority, sweep)
     VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)`,
  )
  const get = db.prepare<[number], RunRow>('SELECT * FROM runs WHERE run = ?')
  const list = db.prepare<[], RunRow>('SELECT * FROM runs WHERE removed_at IS NULL ORDER BY run DESC')
  const bin = db.prepare<[], RunRow>('SELECT * FROM runs WHERE removed_at IS NOT NULL ORDER BY removed_at DESC')
  const queue = db.prepare<[], QueuedRun>(
    `SELECT run, priority, coalesce(json_extract(config, '$.compute.device'), 'auto') AS device,
       coalesce(queue_position, 0) AS position
     FROM runs WHERE status = 'queued' AND removed_at IS NULL
     ORDER BY CASE priority WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END, position, run`,
  )
  const queueBounds = db.prepare<[], { low: number; high: number }>(
    `SELECT coalesce(min(queue_position), 0) AS low, coalesce(max(queue_position), 0) AS high
     FROM runs WHERE status = 'queued'`,
  )
  const highest = db.prepare(`SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'runs'`).pluck()
  const sweeps = db.prepare('SELECT DISTINCT sweep FROM runs WHERE sweep IS NOT NULL').pluck()
  const remove = db.prepare('DELETE FROM runs WHERE run = ?')
  const finishedOf = db.prepare<[string], RunRow>(
    `SELECT * FROM runs WHERE recipe_id = ? AND status = 'finished' AND removed_at IS NULL ORDER BY run DESC`,
  )
  const finished = db.prepare<[], RunRow>(
    `SELECT * FROM runs WHERE status = 'finished' AND removed_at IS NULL ORDER BY run DESC`,
  )
  return {
    insert: ({ run, name, recipe, config, createdAt, queuePosition, changes, priority, sweep }) =>
      Number(
        insert.run(
          run ?? null,
          name,
          recipe.id,
          toColumn(recipe),
          toColumn(config),
          createdAt,
          queuePosition ?? null,
          changes,
          priority ?? 'normal',
          sweep ?? null,
        ).lastInsertRowid,
      ),
    highest: () => highest.get() as number,
    get: (run) => {
      const row = get.get(run)
      return row ? readRunRow(row) : null
    },
    list: (which) => (which.bin ? bin : list).all().map(readRunRow),
    withStatus: (...statuses) =>
      db
        .prepare<string[], RunRow>(
          `SELECT * FROM runs WHERE status IN (${statuses.map(() => '?').join(', ')}) ORDER BY run`,
        )
        .all(...statuses)
        .map(readRunRow),
    update: (run, change) => {
      const values: (string | number | null)[] = []
      const set: string[] = []
      for (const [key, column] of Object.entries(plainColumns)) {
        const value = change[key as keyof typeof plainColumns]
        if (value === undefined) continue
        set.push(`${column} = ?`)
        values.push(value)
      }
      for (const [key, column] of Object.entries(jsonColumns)) {
        const value = change[key as keyof typeof jsonColumns]
        if (value === undefined) continue
        set.push(`${column} = ?`)
        values.push(toColumn(value))
      }
      if (set.length > 0) db.prepare(`UPDATE runs SET ${set.join(', ')} WHERE run = ?`).run(...values, run)
    },
    delete: (run) => remove.run(run),
    queue: () => queue.all(),
    queueBounds: () => queueBounds.get() ?? { low: 0, high: 0 },
    sweeps: () => sweeps.all() as string[],
    finishedOf: (recipeId) => finishedOf.all(recipeId).map(readRunRow),
    finished: () => finished.all().map(readRunRow),
  }
}

/** `r-0012` for 12. */
export function runId(run: number): string {
  return `r-${String(run).padStart(4, '0')}`
}

/** The number in an id, or null when it is none. */
export function runNumber(id: string): number | null {
  const match = /^r-(\d{4,})$/.exec(id)
  return match ? Number(match[1]) : null
}

export function unknownRun(id: string): RepriseError {
  return new RepriseError({
    code: 'unknown-run',
    message: `There is no run "${id}".`,
    expected: 'an id such as r-0001',
    found: id,
    fix: 'Run "reprise runs list" to see them; it may have been deleted.',
  })
}
