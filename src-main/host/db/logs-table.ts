// Log lines of runs, in the order in which they came.
import type { Database } from 'better-sqlite3'
import type { LogLine } from '../../shared/api.ts'

export interface LogsTable {
  append(run: number, line: LogLine): void
  list(run: number): LogLine[]
}

export function createLogsTable(db: Database): LogsTable {
  const append = db.prepare(
    `INSERT INTO log_lines (run, line, at, level, text)
     VALUES (@run, (SELECT coalesce(max(line), 0) + 1 FROM log_lines WHERE run = @run), @at, @level, @text)`,
  )
  const list = db.prepare<[number], LogLine>('SELECT at, level, text FROM log_lines WHERE run = ? ORDER BY line')
  return {
    append: (run, line) => append.run({ run, ...line }),
    list: (run) => list.all(run),
  }
}
