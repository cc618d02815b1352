// The runs themselves and their places in the queue.
import type { Database } from 'better-sqlite3'
import type { RunStatus } from '../../shared/api.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import type { Recipe } from '../../shared/recipe.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { DataSummary, EnvironmentSummary } from '../../shared/worker-protocol.ts'
import { fromColumn, toColumn } from './json-column.ts'

/** One row with its JSON read. `run` is the number of the id. */
export interface StoredRun {
  run: number
  name: string
  recipeId: string
  recipe: Recipe
  config: RunConfig
  status: RunStatus
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  queuePosition: number | null
  changes: number
  environment: EnvironmentSummary | null
  data: DataSummary | null
  verdict: Verdict | null
  error: ErrorReport | null
  removedAt: number | null
}

export type NewRun = Pick<StoredRun, 'name' | 'recipe' | 'config' | 'changes' | 'createdAt' | 'queuePosition'>
export type RunChange = Partial<Omit<StoredRun, 'run' | 'recipeId' | 'recipe' | 'config' | 'createdAt' | 'changes'>>

interface Row {
  run: number
  name: string
  recipe_id: string
  recipe: string
  config: string
  status: RunStatus
  created_at: number
  started_at: number | null
  finished_at: number | null
  queue_position: number | null
  changes: number
  environment: string | null
  data: string | null
  verdict: string | null
  error: string | null
  removed_at: number | null
}

const plainColumns = {
  name: 'name',
  status: 'status',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  queuePosition: 'queue_position',
  removedAt: 'removed_at',
} as const
const jsonColumns = { environment: 'environment', data: 'data', verdict: 'verdict', error: 'error' } as const

export interface RunsTable {
  /** @returns the number of the new run */
  insert(run: NewRun): number
  get(run: number): StoredRun | null
  /** Newest first. */
  list(which: { bin: boolean }): StoredRun[]
  withStatus(...statuses: RunStatus[]): StoredRun[]
  update(run: number, change: RunChange): void
  /** Numbers of the queued runs in order. */
  queue(): number[]
  /** Newest finished runs of a recipe that lie not in the bin. */
  finishedOf(recipeId: string): StoredRun[]
  finished(): StoredRun[]
}

export function createRunsTable(db: Database): RunsTable {
  const insert = db.prepare(
    `INSERT INTO runs (name, recipe_id, recipe, config, status, created_at, queue_position, changes)
     VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)`,
  )
  const get = db.prepare<[number], Row>('SELECT * FROM runs WHERE run = ?')
  const list = db.prepare<[], Row>('SELECT * FROM runs WHERE removed_at IS NULL ORDER BY run DESC')
  const bin = db.prepare<[], Row>('SELECT * FROM runs WHERE removed_at IS NOT NULL ORDER BY removed_at DESC')
  const queue = db.prepare<[], { run: number }>(
    `SELECT run FROM runs WHERE status = 'queued' AND removed_at IS NULL ORDER BY queue_position, run`,
  )
  const finishedOf = db.prepare<[string], Row>(
    `SELECT * FROM runs WHERE recipe_id = ? AND status = 'finished' AND removed_at IS NULL ORDER BY run DESC`,
  )
  const finished = db.prepare<[], Row>(
    `SELECT * FROM runs WHERE status = 'finished' AND removed_at IS NULL ORDER BY run DESC`,
  )
  return {
    insert: ({ name, recipe, config, createdAt, queuePosition, changes }) =>
      Number(
        insert.run(name, recipe.id, toColumn(recipe), toColumn(config), createdAt, queuePosition, changes)
          .lastInsertRowid,
      ),
    get: (run) => {
      const row = get.get(run)
      return row ? readRow(row) : null
    },
    list: (which) => (which.bin ? bin : list).all().map(readRow),
    withStatus: (...statuses) =>
      db
        .prepare<string[], Row>(
          `SELECT * FROM runs WHERE status IN (${statuses.map(() => '?').join(', ')}) ORDER BY run`,
        )
        .all(...statuses)
        .map(readRow),
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
    queue: () => queue.all().map((row) => row.run),
    finishedOf: (recipeId) => finishedOf.all(recipeId).map(readRow),
    finished: () => finished.all().map(readRow),
  }
}

function readRow(row: Row): StoredRun {
  return {
    run: row.run,
    name: row.name,
    recipeId: row.recipe_id,
    recipe: JSON.parse(row.recipe) as Recipe,
    config: JSON.parse(row.config) as RunConfig,
    status: row.status,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    queuePosition: row.queue_position,
    changes: row.changes,
    environment: fromColumn(row.environment),
    data: fromColumn(row.data),
    verdict: fromColumn(row.verdict),
    error: fromColumn(row.error),
    removedAt: row.removed_at,
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
