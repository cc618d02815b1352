// SQLite's errors in words.
import Database from 'better-sqlite3'
import { RepriseError } from '../../shared/errors.ts'

/** The error of a database file that SQLite cannot read. */
export function damagedDatabase(file: string, found: string, cause?: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'database-damaged',
      message: `The history in ${file} is damaged.`,
      expected: 'a readable SQLite database',
      found,
      fix: 'Move the file away and start again for an empty history, or put a copy back. The run folders are untouched.',
      details: { file },
    },
    { cause },
  )
}

/** A damaged file or a full disk named as such; anything else unchanged. */
export function databaseError(error: unknown, file = 'reprise.db'): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return damagedDatabase(file, error.message, error)
  }
  if (error.code !== 'SQLITE_FULL') return error
  return new RepriseError(
    {
      code: 'disk-full',
      message: 'The disk is full: the history cannot be written.',
      found: error.message,
      fix: 'Free some space on the disk that holds the data folder.',
    },
    { cause: error },
  )
}
