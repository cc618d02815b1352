// Pictures out of an index, one by one and in chunks.
import type { Database } from 'better-sqlite3'
import type { PagePacking, PictureLocation, PixelsLocation } from '../engine/data/readers/file-tree.ts'
import type { PictureExamination } from '../shared/dataset-views.ts'
import { type ColumnStore, type Columns, partOfCode } from './columns.ts'
import type { IndexedPicture } from './types.ts'
import { kinds } from './writing.ts'

interface PictureRow {
  picture: number
  folder: string
  base: string
  group_text: string | null
  bytes: number
  kind: number
  path: string | null
  container: string | null
  offset: number
  packed: number
  packing: PagePacking
  unpacked: number
  start: number
  /** NULL where the picture was not examined. */
  mode: PictureExamination['mode'] | null
  format: string | null
  width: number
  height: number
  depth: number
  alpha: number
  frames: number
  orientation: number
  problem: string | null
}

const select = `
  SELECT p.picture, f.text AS folder, p.base, g.text AS group_text, p.bytes, p.kind, p.path, c.text AS container,
    p.offset, p.packed, p.packing, p.unpacked, p.start,
    e.mode, e.format, e.width, e.height, e.depth, e.alpha, e.frames, e.orientation, e.problem
  FROM pictures p JOIN texts f ON f.id = p.folder
    LEFT JOIN texts g ON g.id = p.grp LEFT JOIN texts c ON c.id = p.container
    LEFT JOIN examinations e ON e.picture = p.picture`

export interface Reader {
  get(picture: number): IndexedPicture | null
  /** Chunk by chunk with a query for each, so that the index may be written between them. */
  scan(chunk: number): Generator<IndexedPicture[]>
}

export function createReader(db: Database, columns: ColumnStore): Reader {
  const one = db.prepare<[number], PictureRow>(`${select} WHERE p.picture = ?`)
  const range = db.prepare<[number, number], PictureRow>(
    `${select} WHERE p.picture >= ? AND p.picture < ? ORDER BY p.picture`,
  )
  const pictureOf = (row: PictureRow, { labels, given, parts, excluded }: Columns): IndexedPicture => {
    const { picture, bytes } = row
    return {
      picture,
      name: row.folder + row.base,
      location: locationOf(row),
      bytes,
      label: labels[picture] ?? 0,
      given: partOfCode(given[picture]),
      part: partOfCode(parts[picture]),
      group: row.group_text ?? row.folder.slice(0, -1),
      examination: examinationOf(row),
      excluded: excluded[picture] === 1,
    }
  }
  return {
    get: (picture) => {
      const row = one.get(picture)
      return row === undefined ? null : pictureOf(row, columns.current())
    },
    *scan(chunk) {
      for (let first = 0; first < columns.current().count; first += chunk) {
        const now = columns.current()
        yield range.all(first, first + chunk).map((row) => pictureOf(row, now))
      }
    },
  }
}

function locationOf(row: PictureRow): PictureLocation | PixelsLocation {
  const { offset, packed: bytes, unpacked: unpackedBytes } = row
  const path = row.container ?? ''
  switch (row.kind) {
    case kinds.stored:
      return { kind: 'part', path, offset, bytes, packing: 'stored', unpackedBytes }
    case kinds.deflate:
      return { kind: 'part', path, offset, bytes, packing: 'deflate', unpackedBytes }
    case kinds.page: {
      const { packing, start } = row
      return { kind: 'page', path, offset, bytes, packing, unpackedBytes, start, length: row.bytes }
    }
    case kinds.trainPixels:
      return { kind: 'pixels', set: 'train', index: offset }
    case kinds.testPixels:
      return { kind: 'pixels', set: 'test', index: offset }
    default:
      return { kind: 'file', path: row.path ?? row.folder + row.base }
  }
}

function examinationOf(row: PictureRow): PictureExamination | null {
  if (row.mode === null) return null
  const { format, width, height, mode, depth, frames, orientation, problem } = row
  return { format, width, height, mode, depth, alpha: row.alpha === 1, frames, orientation, problem }
}
