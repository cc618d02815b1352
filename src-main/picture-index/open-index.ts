// The index of a data set as one SQLite file, which several processes read while one of them writes.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { RepriseError } from '../shared/errors.ts'
import { codeOfPart, createColumnStore, partOfCode } from './columns.ts'
import { createExaminations } from './examinations.ts'
import { createFindings } from './findings.ts'
import { createReader } from './reading.ts'
import { openSchema, tables } from './schema.ts'
import { createPages } from './selection.ts'
import type { GrowingIndex, PictureIndex } from './types.ts'
import { createWriter } from './writing.ts'

/** File of the index in the folder of a data set. */
export const indexFile = 'index.db'

/**
 * Begins an index that will lie at `file`, or goes on with one that was begun and not finished; `close` leaves it so,
 * and `discardGrowingIndex` removes it.
 */
export function createPictureIndex(file: string): GrowingIndex {
  const temporary = growingFile(file)
  let db: Database
  try {
    db = openSchema(temporary, 'create')
  } catch {
    // What an interrupted attempt left can be made again.
    discardGrowingIndex(file)
    db = openSchema(temporary, 'create')
  }
  // Until it is finished only the end of this process matters, which SQLite's journal outlives without flushing.
  db.pragma('synchronous = OFF')
  return {
    ...indexOf(db),
    finish: () => {
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
      flush(temporary)
      if (!replaceContent(file, temporary)) {
        removeDatabase(file)
        renameSync(temporary, file)
      }
      discardGrowingIndex(file)
    },
  }
}

/** Removes what `createPictureIndex` began. */
export function discardGrowingIndex(file: string): void {
  removeDatabase(growingFile(file))
}

/**
 * Opens the finished index of a data set. Throws `data-missing` where there is none, `database-newer` or `database-damaged`
 * for a file of another version or content.
 */
export function openPictureIndex(file: string, { readonly }: { readonly: boolean }): PictureIndex {
  return indexOf(openSchema(file, readonly ? 'read' : 'write'))
}

const growingFile = (file: string) => `${file}.part`

function removeDatabase(file: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
}

function flush(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Copies all rows into an index that others may have open: a file that is open cannot be replaced on every system, and its
 * write-ahead log would be taken for that of the new one. False where there is no such index.
 */
function replaceContent(file: string, source: string): boolean {
  if (!existsSync(file)) return false
  let db: Database
  try {
    db = openSchema(file, 'write')
  } catch (error) {
    if (error instanceof RepriseError) return false
    throw error
  }
  try {
    db.prepare('ATTACH ? AS fresh').run(source)
    db.transaction(() => {
      for (const table of tables) {
        db.exec(`DELETE FROM main.${table}`)
        db.exec(`INSERT INTO main.${table} SELECT * FROM fresh.${table}`)
      }
      db.exec('UPDATE main.revision SET number = number + 1')
    }).immediate()
    return true
  } finally {
    db.close()
  }
}

function indexOf(db: Database): PictureIndex {
  const columns = createColumnStore(db)
  const writer = createWriter(db, columns)
  const reader = createReader(db, columns)
  const findings = createFindings(db, columns)
  const insertProblem = db.prepare('INSERT INTO problems (name, reason) VALUES (?, ?)')
  const problems = db.prepare<[], { name: string; reason: string }>('SELECT name, reason FROM problems ORDER BY id')
  const putNote = db.prepare('INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)')
  const getNote = db.prepare<[string], string>('SELECT value FROM notes WHERE key = ?').pluck()

  /** All or nothing, in the file and in memory. */
  const together = <T>(work: () => T): T => {
    try {
      return db.transaction(work)()
    } catch (error) {
      columns.forget()
      writer.forget()
      throw error
    }
  }

  return {
    add: (pictures) => together(() => writer.add(pictures)),
    addProblem: ({ name, reason }) => void insertProblem.run(name, reason),
    problems: () => problems.all(),
    count: () => columns.current().count,
    get: reader.get,
    page: createPages(db, columns, reader, findings),
    scan: reader.scan,
    classCounts: () => {
      const { count, labels, parts, excluded } = columns.current()
      // Eight counts for each label: four parts, left out or not.
      let highest = 0
      for (let i = 0; i < count; i++) highest = Math.max(highest, labels[i] ?? 0)
      const counts = new Uint32Array(8 * (highest + 1))
      for (let i = 0; i < count; i++) {
        const slot = 8 * (labels[i] ?? 0) + 2 * (parts[i] ?? 0) + (excluded[i] ?? 0)
        counts[slot] = (counts[slot] ?? 0) + 1
      }
      return [...counts.entries()]
        .filter(([, found]) => found > 0)
        .map(([slot, found]) => ({
          label: slot >> 3,
          part: partOfCode((slot >> 1) & 3),
          excluded: (slot & 1) === 1,
          count: found,
        }))
    },
    setParts: (parts) =>
      together(() => {
        const now = columns.current()
        for (let i = 0; i < now.count; i++) now.parts[i] = codeOfPart(parts[i] ?? null)
        columns.save(0, now.count)
      }),
    partRows: (part) => {
      const now = columns.current()
      const code = codeOfPart(part)
      const pictures = new Uint32Array(now.count)
      const labels = new Uint16Array(now.count)
      let count = 0
      for (let i = 0; i < now.count; i++) {
        if (now.parts[i] !== code || now.excluded[i] !== 0) continue
        labels[count] = now.labels[i] ?? 0
        pictures[count++] = i
      }
      return { count, labels: labels.slice(0, count), pictures: pictures.slice(0, count) }
    },
    ...createExaminations(db, columns),
    setFinding: (finding, members) => together(() => findings.setFinding(finding, members)),
    findings: findings.findings,
    members: findings.members,
    setExcluded: (pictures, excluded) =>
      together(() => {
        const now = columns.current()
        const flag = excluded ? 1 : 0
        let changed = 0
        for (const picture of pictures) {
          if (picture >= now.count || now.excluded[picture] === flag) continue
          now.excluded[picture] = flag
          changed += 1
        }
        if (changed === 0) return 0
        columns.save(0, now.count)
        findings.recount()
        return changed
      }),
    setNote: (key, value) => void putNote.run(key, JSON.stringify(value)),
    note: (key) => JSON.parse(getNote.get(key) ?? 'null') as unknown,
    together,
    close: () => void db.close(),
  }
}
