// What is asked of all pictures at once: label, given part, part and exclusion of each, in memory.
import type { Database } from 'better-sqlite3'
import type { Part } from '../shared/dataset-views.ts'

const chunkPictures = 16_384

/** Codes of parts in a column. */
const partCodes: readonly (Part | null)[] = [null, 'train', 'val', 'test']

export const codeOfPart = (part: Part | null): number => partCodes.indexOf(part)
export const partOfCode = (code: number | undefined): Part | null => partCodes[code ?? 0] ?? null

export interface Columns {
  count: number
  /** Of at least `count` pictures. */
  labels: Uint16Array
  /** Codes of parts. */
  given: Uint8Array
  parts: Uint8Array
  /** 0 or 1. */
  excluded: Uint8Array
}

interface Chunk {
  labels: Buffer
  given: Buffer
  parts: Buffer
  excluded: Buffer
}

export interface ColumnStore {
  /** As they are now, also where another process changed them. */
  current(): Columns
  /** Changes with every change of the columns or the findings. */
  revision(): number
  append(pictures: readonly { label: number; given: Part | null }[]): void
  /** Writes what the caller changed in `current()` from picture `first` on. */
  save(first: number, end: number): void
  /** Marks a change, so that other processes read anew. */
  touch(): void
  /** Forgets what is in memory, after a change was rolled back. */
  forget(): void
}

export function createColumnStore(db: Database): ColumnStore {
  const readRevision = db.prepare<[], number>('SELECT number FROM revision').pluck()
  const bump = db.prepare('UPDATE revision SET number = number + 1')
  const countPictures = db.prepare<[], number>('SELECT coalesce(max(picture) + 1, 0) FROM pictures').pluck()
  const readChunk = db.prepare<[number], Chunk>('SELECT labels, given, parts, excluded FROM columns WHERE chunk = ?')
  const putChunk = db.prepare(
    'INSERT OR REPLACE INTO columns (chunk, labels, given, parts, excluded) VALUES (?, ?, ?, ?, ?)',
  )
  let known = -1
  let columns = emptyColumns(0)

  const revision = () => readRevision.get() ?? 0
  const touch = () => {
    bump.run()
    known = revision()
  }
  const load = db.transaction(() => {
    const at = revision()
    const count = countPictures.get() ?? 0
    columns = emptyColumns(count)
    columns.count = count
    for (let chunk = 0; chunk * chunkPictures < count; chunk++) {
      const stored = readChunk.get(chunk)
      if (stored === undefined) continue
      const first = chunk * chunkPictures
      // A blob's memory need not begin at an even address.
      columns.labels.set(new Uint16Array(Uint8Array.from(stored.labels).buffer), first)
      columns.given.set(stored.given, first)
      columns.parts.set(stored.parts, first)
      columns.excluded.set(stored.excluded, first)
    }
    known = at
  })
  const current = () => {
    if (known !== revision()) load()
    return columns
  }
  const save = (first: number, end: number) => {
    for (let chunk = Math.floor(first / chunkPictures); chunk * chunkPictures < end; chunk++) {
      const from = chunk * chunkPictures
      const to = Math.min(columns.count, from + chunkPictures)
      putChunk.run(
        chunk,
        bytes(columns.labels.subarray(from, to)),
        bytes(columns.given.subarray(from, to)),
        bytes(columns.parts.subarray(from, to)),
        bytes(columns.excluded.subarray(from, to)),
      )
    }
    touch()
  }
  return {
    current,
    revision,
    append: (pictures) => {
      const first = current().count
      columns = withRoom(columns, first + pictures.length)
      columns.count = first + pictures.length
      for (const [i, { label, given }] of pictures.entries()) {
        columns.labels[first + i] = label
        columns.given[first + i] = codeOfPart(given)
      }
      save(first, columns.count)
    },
    save,
    touch,
    forget: () => {
      known = -1
    },
  }
}

const bytes = (column: Uint8Array | Uint16Array) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)

function emptyColumns(room: number): Columns {
  return {
    count: 0,
    labels: new Uint16Array(room),
    given: new Uint8Array(room),
    parts: new Uint8Array(room),
    excluded: new Uint8Array(room),
  }
}

/** The same columns with memory for `count` pictures and as many again, so that adding stays cheap. */
function withRoom(columns: Columns, count: number): Columns {
  if (columns.labels.length >= count) return columns
  const larger = emptyColumns(2 * count)
  larger.count = columns.count
  larger.labels.set(columns.labels)
  larger.given.set(columns.given)
  larger.parts.set(columns.parts)
  larger.excluded.set(columns.excluded)
  return larger
}
