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

/** Primary result codes of what goes by itself or can be mended while the host runs (https://sqlite.org/rescode.html). */
const passing = ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN']

/** Whether a write that failed with this may succeed later. */
export function mayPass(error: unknown): boolean {
  return error instanceof Database.SqliteError && passing.some((code) => error.code.startsWith(code))
}

/** A damaged, locked or unwritable file and a full disk named as such; anything else unchanged. */
export function databaseError(error: unknown, file = 'reprise.db'): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return damagedDatabase(file, error.message, error)
  }
  if (!mayPass(error)) return error
  return error.code.startsWith('SQLITE_FULL') ? fullDisk(error) : unwritable(error, file)
}

function fullDisk(error: Error): RepriseError {
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

function unwritable(error: Error & { code: string }, file: string): RepriseError {
  const locked = error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')
  return new RepriseError(
    {
      code: 'history-unwritable',
      message: locked ? 'Another program holds the history open.' : 'The history cannot be written.',
      expected: `${file} free to be written`,
      found: `${error.message} (${error.code})`,
      fix: locked
        ? 'Close the program that has it open, such as a database browser or a backup, and try again.'
        : 'Give yourself the right to write in the data folder, or check its disk; REPRISE_HOME names another folder.',
      details: { file },
    },
    { cause: error },
  )
}

/** A data folder in which files cannot be made: its disk is full, read-only, or belongs to somebody else. */
export function unwritableFolder(folder: string, cause: unknown): RepriseError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code.startsWith('SQLITE_FULL')
  return new RepriseError(
    {
      code: full ? 'disk-full' : 'history-unwritable',
      message: full ? 'The disk of the data folder is full.' : `The data folder ${folder} cannot be written.`,
      expected: 'a folder in which files can be made',
      found: message,
      fix: full
        ? 'Free some space on it, or set REPRISE_HOME to a folder on another disk.'
        : 'Give yourself the right to write there, or set REPRISE_HOME to another folder.',
      details: { folder },
    },
    { cause },
  )
}
