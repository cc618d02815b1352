// Alerts of runs, in the order in which they came.
import type { Database } from 'better-sqlite3'
import type { RunAlert } from '../../shared/run-alerts.ts'

interface Row extends Omit<RunAlert, 'values'> {
  figures: string
}

export interface AlertsTable {
  append(run: number, alert: RunAlert): void
  list(run: number): RunAlert[]
}

export function createAlertsTable(db: Database): AlertsTable {
  const append = db.prepare(
    `INSERT INTO alerts (run, alert, at, seed, step, kind, figures)
     VALUES (@run, (SELECT coalesce(max(alert), 0) + 1 FROM alerts WHERE run = @run), @at, @seed, @step, @kind, @figures)`,
  )
  const list = db.prepare<[number], Row>(
    'SELECT at, seed, step, kind, figures FROM alerts WHERE run = ? ORDER BY alert',
  )
  return {
    append: (run, { at, seed, step, kind, values }) =>
      append.run({ run, at, seed, step, kind, figures: JSON.stringify(values) }),
    list: (run) =>
      list.all(run).map(({ figures, ...same }) => ({ ...same, values: JSON.parse(figures) as RunAlert['values'] })),
  }
}
