// Pictures of a source on their way into an index.
import type { Database } from 'better-sqlite3'
import type { PictureLocation, PixelsLocation } from '../engine/data/readers/file-tree.ts'
import { RepriseError } from '../shared/errors.ts'
import type { ColumnStore } from './columns.ts'
import type { NewPicture } from './types.ts'

/** Codes of kinds of locations in a row. */
export const kinds = { file: 0, stored: 1, deflate: 2, page: 3, trainPixels: 4, testPixels: 5 } as const

const mostLabels = 65_536
const mostKnownTexts = 100_000

export interface Writer {
  /** Adds pictures in order, all or none. */
  add(pictures: readonly NewPicture[]): void
  /** Forgets what is in memory, after a change was rolled back. */
  forget(): void
}

export function createWriter(db: Database, columns: ColumnStore): Writer {
  const insert = db.prepare(
    `INSERT INTO pictures
       (picture, folder, base, grp, bytes, kind, path, container, offset, packed, packing, unpacked, start)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  // Most pictures are such files, and each value that is bound takes time.
  const insertFile = db.prepare('INSERT INTO pictures (picture, folder, base, bytes, kind) VALUES (?, ?, ?, ?, ?)')
  const texts = createTexts(db)
  const textId = texts.id
  const add = db.transaction((pictures: readonly NewPicture[]) => {
    let picture = columns.current().count
    for (const { name, group, bytes, location, label } of pictures) {
      if (!(label >= 0 && label < mostLabels && Number.isInteger(label))) throw labelTooHigh(name, label)
      const slash = name.lastIndexOf('/') + 1
      const folder = name.slice(0, slash)
      const inFolder = group === (slash === 0 ? '' : name.slice(0, slash - 1))
      const base = name.slice(slash)
      if (inFolder && location.kind === 'file' && location.path === name) {
        insertFile.run(picture++, textId(folder), base, bytes, kinds.file)
        continue
      }
      const place = locationColumns(location, name, textId)
      insert.run(picture++, textId(folder), base, inFolder ? null : textId(group), bytes, ...place)
    }
    columns.append(pictures.map(({ label, part }) => ({ label, given: part })))
  })
  return {
    add: (pictures) => {
      if (pictures.length > 0) add(pictures)
    },
    forget: texts.forget,
  }
}

/** kind, path, container, offset, packed, packing, unpacked, start. */
function locationColumns(
  location: PictureLocation | PixelsLocation,
  name: string,
  textId: (text: string) => number,
): (number | string | null)[] {
  switch (location.kind) {
    case 'file':
      return [kinds.file, location.path === name ? null : location.path, null, null, null, null, null, null]
    case 'part': {
      const kind = location.packing === 'stored' ? kinds.stored : kinds.deflate
      return [kind, null, textId(location.path), location.offset, location.bytes, null, location.unpackedBytes, null]
    }
    case 'page': {
      const { path, offset, bytes, packing, unpackedBytes, start } = location
      return [kinds.page, null, textId(path), offset, bytes, packing, unpackedBytes, start]
    }
    case 'pixels': {
      const kind = location.set === 'train' ? kinds.trainPixels : kinds.testPixels
      return [kind, null, null, location.index, null, null, null, null]
    }
  }
}

/** Numbers of texts that are kept once, such as folders; the latest ones are remembered. */
function createTexts(db: Database): { id(text: string): number; forget(): void } {
  const find = db.prepare<[string], number>('SELECT id FROM texts WHERE text = ?').pluck()
  const insert = db.prepare('INSERT INTO texts (text) VALUES (?)')
  const known = new Map<string, number>()
  return {
    id: (text) => {
      const remembered = known.get(text)
      if (remembered !== undefined) return remembered
      const id = find.get(text) ?? Number(insert.run(text).lastInsertRowid)
      if (known.size >= mostKnownTexts) known.clear()
      known.set(text, id)
      return id
    },
    forget: () => known.clear(),
  }
}

function labelTooHigh(name: string, label: number): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: 'The data set has more classes than can be told apart.',
    expected: `labels from 0 to ${mostLabels - 1}`,
    found: `label ${label} of ${name}`,
    fix: 'Choose a part of the data set.',
  })
}
