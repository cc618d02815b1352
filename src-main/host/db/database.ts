// Opens the history. Only the host does, and only one host at a time.
import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { RepriseError } from '../../shared/errors.ts'
import { damagedDatabase, databaseError } from './database-error.ts'
import { type Migration, migrate, readMigrations } from './migrations.ts'

export const databaseName = 'reprise.db'

/** Above this size a cleanly closed database is opened without reading all of it. */
const checkedBytes = 64 * 1024 ** 2

/**
 * Opens `reprise.db` in `dataDir`, checks it and brings it to this version. Throws `database-damaged`, `database-newer` or
 * `migration-unknown`; the file is unchanged then.
 */
export function openDatabase(dataDir: string, migrations: Migration[] = readMigrations()): Database.Database {
  const file = join(dataDir, databaseName)
  const check = existsSync(file) && (existsSync(`${file}-wal`) || statSync(file).size < checkedBytes)
  const db = new Database(file)
  try {
    if (check) quickCheck(db, file)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    migrate(db, migrations, file)
    return db
  } catch (error) {
    db.close()
    throw databaseError(error, file)
  }
}

function quickCheck(db: Database.Database, file: string): void {
  const found = db.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw damagedDatabase(file, String(found))
}

/**
 * Holds the data folder for this process until closed; the operating system frees it when the process dies. Returns null
 * when another process holds it.
 */
export function lockDataFolder(dataDir: string): { release(): void } | null {
  const file = join(dataDir, 'host.lock')
  const lock = new Database(file, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return null
    throw new RepriseError(
      {
        code: 'database-damaged',
        message: `The data folder cannot be locked by ${basename(file)}.`,
        found: (error as Error).message,
        fix: `Remove ${file} and start again.`,
      },
      { cause: error },
    )
  }
  return {
    release: () => {
      lock.exec('ROLLBACK')
      lock.close()
    },
  }
}
