// Opens the history. Only the host does, and only one host at a time.
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { RepriseError } from '../../shared/errors.ts'
import { damagedDatabase, databaseError, mayPass, unwritableFolder } from './database-error.ts'
import { type Migration, migrate, readMigrations } from './migrations.ts'

export const databaseName = 'reprise.db'

/** Above this size a cleanly closed database is opened without reading all of it. */
const checkedBytes = 64 * 1024 ** 2

/**
 * Opens `reprise.db` in `dataDir`, checks it and brings it to this version. Throws `database-damaged`, `database-newer`,
 * `migration-unknown`, `history-unwritable` or `disk-full`; the file is unchanged then.
 */
export function openDatabase(dataDir: string, migrations: Migration[] = readMigrations()): Database.Database {
  const file = join(dataDir, databaseName)
  const check = existsSync(file) && (existsSync(`${file}-wal`) || statSync(file).size < checkedBytes)
  const db = openFile(file, openingMs)
  try {
    if (check) quickCheck(db, file)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    migrate(db, migrations, file)
    db.pragma(`busy_timeout = ${busyMs}`)
    return db
  } catch (error) {
    db.close()
    throw databaseError(error, file)
  }
}

/** While this process waits for another one's lock, it does nothing else: so long when it starts, so long when it runs. */
const openingMs = 5000
const busyMs = 250

function openFile(file: string, timeout: number): Database.Database {
  try {
    return new Database(file, { timeout })
  } catch (error) {
    throw mayPass(error) ? unwritableFolder(dirname(file), error) : databaseError(error, file)
  }
}

function quickCheck(db: Database.Database, file: string): void {
  const found = db.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw damagedDatabase(file, String(found))
}

/**
 * Holds the data folder for this process until closed; the operating system frees it when the process dies. Returns null
 * when another process holds it. Throws `history-unwritable` or `disk-full` where the folder cannot be written.
 */
export function lockDataFolder(dataDir: string): { release(): void } | null {
  const file = join(dataDir, 'host.lock')
  const lock = openFile(file, 0)
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return null
    if (mayPass(error)) throw unwritableFolder(dataDir, error)
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
