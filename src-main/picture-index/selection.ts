// Which pictures a filter lets through, and pages of them.
import type { Database } from 'better-sqlite3'
import type { PictureFilter } from '../shared/dataset-views.ts'
import { type ColumnStore, type Columns, codeOfPart } from './columns.ts'
import type { createFindings } from './findings.ts'
import type { Reader } from './reading.ts'
import type { FindingMember, PictureIndex } from './types.ts'

/** Returns `page` of an index. The latest selection stays in memory, so that its further pages cost nothing. */
export function createPages(
  db: Database,
  columns: ColumnStore,
  reader: Reader,
  findings: ReturnType<typeof createFindings>,
): PictureIndex['page'] {
  const search = createNameSearch(db)
  let latest = { key: '', pictures: new Uint32Array(0) }

  const selection = (filter: PictureFilter): Uint32Array => {
    const key = JSON.stringify([columns.revision(), filter.part, filter.label, filter.excluded, filter.text ?? ''])
    if (latest.key !== key) {
      const matches = columnFilter(columns.current(), filter)
      const candidates = filter.text ? search(filter.text) : null
      latest = { key, pictures: gather(columns.current().count, candidates, matches) }
    }
    return latest.pictures
  }
  const withRows = (members: readonly FindingMember[], paired: boolean) =>
    members.flatMap((member) => {
      const picture = reader.get(member.picture)
      return picture === null ? [] : [{ ...picture, twin: paired ? member : null }]
    })

  return (filter, offset, limit) => {
    const { finding } = filter
    if (finding === undefined) {
      const pictures = selection(filter)
      const wanted = Array.from(pictures.subarray(offset, offset + limit), (picture) => single(picture))
      return { total: pictures.length, pictures: withRows(wanted, false) }
    }
    const isWhole = [filter.part, filter.label, filter.excluded, filter.text || undefined].every(
      (it) => it === undefined,
    )
    if (isWhole) {
      const total = findings.memberCount(finding)
      return { total, pictures: withRows(findings.memberPage(finding, offset, limit), true) }
    }
    const matches = columnFilter(columns.current(), filter)
    const named = filter.text ? new Set(search(filter.text)) : null
    const members = findings
      .members(finding)
      .filter(({ picture }) => matches(picture) && (named === null || named.has(picture)))
    return { total: members.length, pictures: withRows(members.slice(offset, offset + limit), true) }
  }
}

const single = (picture: number): FindingMember => ({ picture, twin: null, score: null })

/** Tells by the columns alone whether a picture is let through. */
function columnFilter(columns: Columns, { part, label, excluded }: PictureFilter): (picture: number) => boolean {
  const code = part === undefined ? null : codeOfPart(part)
  const flag = excluded === undefined ? null : excluded ? 1 : 0
  return (picture) =>
    (code === null || columns.parts[picture] === code) &&
    (label === undefined || columns.labels[picture] === label) &&
    (flag === null || columns.excluded[picture] === flag)
}

/** Numbers below `count`, or those of `candidates`, that match. */
function gather(
  count: number,
  candidates: Uint32Array | null,
  matches: (picture: number) => boolean,
): Uint32Array<ArrayBuffer> {
  const found = new Uint32Array(candidates?.length ?? count)
  let length = 0
  const end = found.length
  for (let i = 0; i < end; i++) {
    const picture = candidates === null ? i : (candidates[i] ?? 0)
    if (matches(picture)) found[length++] = picture
  }
  return found.slice(0, length)
}

/**
 * Pictures whose name holds a piece of text, in the order of the source; Latin letters match in both cases. A piece
 * without a slash lies in the folder or in what follows, so folders are searched once and not for every picture.
 */
function createNameSearch(db: Database): (text: string) => Uint32Array {
  const across = db
    .prepare<[string], number>(
      `SELECT p.picture FROM pictures p JOIN texts f ON f.id = p.folder
       WHERE instr(lower(f.text || p.base), ?) > 0 ORDER BY p.picture`,
    )
    .pluck()
  const within = db
    .prepare<[string, string], number>(
      `SELECT picture FROM pictures WHERE instr(lower(base), ?) > 0
         OR folder IN (SELECT id FROM texts WHERE instr(lower(text), ?) > 0)
       ORDER BY picture`,
    )
    .pluck()
  let latest = { key: '', pictures: new Uint32Array(0) }
  const count = db.prepare<[], number>('SELECT coalesce(max(picture) + 1, 0) FROM pictures').pluck()
  return (text) => {
    const piece = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    const key = `${count.get()} ${piece}`
    if (latest.key !== key) {
      const found = piece.includes('/') ? across.all(piece) : within.all(piece, piece)
      latest = { key, pictures: Uint32Array.from(found) }
    }
    return latest.pictures
  }
}
