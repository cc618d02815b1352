// Numbered plain-SQL migrations, applied in order. A database with a history that this version does not know is refused.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { RepriseError } from '../../shared/errors.ts'

export interface Migration {
  /** File name: NNN_purpose.sql. */
  name: string
  sql: string
}

/** The migrations that ship with this version, by number. */
export function readMigrations(folder: string = join(import.meta.dirname, 'migrations')): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{3}_[a-z-]+\.sql$/.test(name))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }))
}

/**
 * Applies what is missing, all in one transaction. Throws `database-newer` when the database knows all of `known` and more,
 * `migration-unknown` when its history differs from `known`; the database is untouched then.
 */
export function migrate(db: Database, known: Migration[], file: string): void {
  db.transaction(() => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER)',
    )
    const applied = db.prepare<[], { name: string }>('SELECT name FROM migrations ORDER BY position').all()
    checkHistory(
      applied.map((row) => row.name),
      known.map((migration) => migration.name),
      file,
    )
    const note = db.prepare('INSERT INTO migrations (position, name, applied_at) VALUES (?, ?, ?)')
    for (const [index, migration] of known.entries()) {
      if (index < applied.length) continue
      db.exec(migration.sql)
      note.run(index + 1, migration.name, Date.now())
    }
  }).immediate()
}

function checkHistory(applied: string[], known: string[], file: string): void {
  const differs = applied.findIndex((name, index) => index < known.length && name !== known[index])
  if (differs >= 0) {
    throw new RepriseError({
      code: 'migration-unknown',
      message: `The history in ${file} was changed by something this version does not know.`,
      expected: `migration ${known[differs]} at place ${differs + 1}`,
      found: applied[differs] ?? 'nothing',
      fix: 'Open it with the version that wrote it, or set REPRISE_HOME to another folder.',
      details: { file },
    })
  }
  if (applied.length > known.length) {
    throw new RepriseError({
      code: 'database-newer',
      message: `The history in ${file} was written by a newer version of the app.`,
      expected: `at most ${known.at(-1) ?? 'no migration'}`,
      found: applied.at(-1) ?? 'nothing',
      fix: 'Update the app, or set REPRISE_HOME to another folder.',
      details: { file },
    })
  }
}
