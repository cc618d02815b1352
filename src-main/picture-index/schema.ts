// The tables of an index, and which version of them a file holds.
import Database from 'better-sqlite3'
import { RepriseError } from '../shared/errors.ts'

const version = 1

/** Rows of the tables whose content is the source's; findings and notes follow from them. */
export const tables = ['texts', 'pictures', 'columns', 'problems', 'examinations', 'findings', 'members', 'notes']

/*
 * Names are split at their last slash, and folders, archives and groups are kept once in `texts`. What filters and training
 * ask for of all pictures at once lies in `columns`, one row for 16,384 pictures, so that a million of them are read, counted
 * and changed in milliseconds. `revision` changes with them.
 */
const schema = `
  CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE pictures (
    picture INTEGER PRIMARY KEY,
    folder INTEGER NOT NULL,   -- up to and with the last slash of the name
    base TEXT NOT NULL,        -- what follows
    grp INTEGER,               -- NULL for the folder
    bytes INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    path TEXT,                 -- of a file whose path is not its name
    container INTEGER,         -- file of a part or page
    offset INTEGER,            -- there; of raw pixels: place in the set
    packed INTEGER,            -- bytes as they lie there
    packing TEXT,              -- of a page
    unpacked INTEGER,          -- bytes of an unpacked page
    start INTEGER              -- in the unpacked page
  );
  CREATE TABLE columns (
    chunk INTEGER PRIMARY KEY,
    labels BLOB NOT NULL, given BLOB NOT NULL, parts BLOB NOT NULL, excluded BLOB NOT NULL
  );
  CREATE TABLE problems (id INTEGER PRIMARY KEY, name TEXT NOT NULL, reason TEXT NOT NULL);
  CREATE TABLE examinations (
    picture INTEGER PRIMARY KEY,
    format TEXT, width INTEGER NOT NULL, height INTEGER NOT NULL, mode TEXT NOT NULL, depth INTEGER NOT NULL,
    alpha INTEGER NOT NULL, frames INTEGER NOT NULL, orientation INTEGER NOT NULL, problem TEXT,
    digest BLOB, perceptual BLOB, sums BLOB NOT NULL, squares BLOB NOT NULL, pixels INTEGER NOT NULL
  );
  CREATE TABLE findings (kind TEXT PRIMARY KEY, place INTEGER NOT NULL, finding TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE members (
    kind TEXT NOT NULL, place INTEGER NOT NULL, picture INTEGER NOT NULL, twin INTEGER, score REAL,
    PRIMARY KEY (kind, place)
  ) WITHOUT ROWID;
  CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE revision (number INTEGER NOT NULL);
  INSERT INTO revision VALUES (0);
`

/**
 * Opens the file as a database of this schema, made where it is new. Throws `data-missing` when there is none to read,
 * `database-newer` for a version that this one does not know, `database-damaged` for what is no index.
 */
export function openSchema(file: string, mode: 'create' | 'write' | 'read'): Database.Database {
  const db = openFile(file, mode)
  try {
    // Readers go on with what they see while a writer commits.
    if (mode !== 'read') db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    const found = db.pragma('user_version', { simple: true })
    if (found === 0 && mode === 'create') {
      db.transaction(() => {
        db.exec(schema)
        db.pragma(`user_version = ${version}`)
      }).immediate()
    } else if (found !== version) throw otherVersion(file, Number(found))
    return db
  } catch (error) {
    db.close()
    throw error instanceof RepriseError ? error : damagedIndex(file, error)
  }
}

function openFile(file: string, mode: 'create' | 'write' | 'read'): Database.Database {
  try {
    return new Database(file, { readonly: mode === 'read', fileMustExist: mode !== 'create' })
  } catch (error) {
    throw new RepriseError(
      {
        code: 'data-missing',
        message: 'The list of pictures of this data set cannot be opened.',
        found: `${file}: ${(error as Error).message}`,
        fix: 'Prepare the data set again.',
      },
      { cause: error },
    )
  }
}

function otherVersion(file: string, found: number): RepriseError {
  return new RepriseError({
    code: found > version ? 'database-newer' : 'database-damaged',
    message: 'The list of pictures of this data set was written by another version of the app.',
    expected: `version ${version}`,
    found: `version ${found} in ${file}`,
    fix: 'Update the app, or prepare the data set again.',
  })
}

function damagedIndex(file: string, cause: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'database-damaged',
      message: 'The list of pictures of this data set is damaged.',
      found: `${file}: ${(cause as Error).message}`,
      fix: 'Prepare the data set again.',
    },
    { cause },
  )
}
