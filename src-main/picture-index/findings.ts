// Findings of the health report and the pictures that each is about.
import type { Database } from 'better-sqlite3'
import type { Finding, FindingKind } from '../shared/dataset-views.ts'
import type { ColumnStore } from './columns.ts'
import type { FindingMember, PictureIndex } from './types.ts'

type Findings = Pick<PictureIndex, 'setFinding' | 'findings' | 'members'> & {
  /** `limit` members from place `offset` on. */
  memberPage(kind: FindingKind, offset: number, limit: number): FindingMember[]
  memberCount(kind: FindingKind): number
  /** Counts anew how many members of each finding are left out. */
  recount(): void
}

/** Pairs come most alike first, single pictures in the order of the source. */
function sorted(members: readonly FindingMember[]): FindingMember[] {
  return members.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.picture - b.picture)
}

export function createFindings(db: Database, columns: ColumnStore): Findings {
  const put = db.prepare('INSERT OR REPLACE INTO findings (kind, place, finding) VALUES (?, ?, ?)')
  const placeOf = db.prepare<[string], number>('SELECT place FROM findings WHERE kind = ?').pluck()
  const nextPlace = db.prepare<[], number>('SELECT coalesce(max(place) + 1, 0) FROM findings').pluck()
  const all = db.prepare<[], string>('SELECT finding FROM findings ORDER BY place').pluck()
  const clear = db.prepare('DELETE FROM members WHERE kind = ?')
  const insert = db.prepare('INSERT INTO members (kind, place, picture, twin, score) VALUES (?, ?, ?, ?, ?)')
  const page = db.prepare<[string, number, number], FindingMember>(
    'SELECT picture, twin, score FROM members WHERE kind = ? AND place >= ? AND place < ? ORDER BY place',
  )
  const count = db.prepare<[string], number>('SELECT coalesce(max(place) + 1, 0) FROM members WHERE kind = ?').pluck()

  const memberCount = (kind: FindingKind) => count.get(kind) ?? 0
  const members = (kind: FindingKind) => page.all(kind, 0, Number.MAX_SAFE_INTEGER)
  const findings = () => all.all().map((text) => JSON.parse(text) as Finding)
  const excludedOf = (list: readonly FindingMember[]) => {
    const { excluded } = columns.current()
    return list.filter(({ picture, twin }) => excluded[picture] === 1 || (twin !== null && excluded[twin] === 1)).length
  }
  const store = (finding: Finding) =>
    put.run(finding.kind, placeOf.get(finding.kind) ?? nextPlace.get() ?? 0, JSON.stringify(finding))

  return {
    setFinding: db.transaction((finding: Finding, list: readonly FindingMember[]) => {
      store({ ...finding, excluded: excludedOf(list) })
      clear.run(finding.kind)
      for (const [place, { picture, twin, score }] of sorted(list).entries()) {
        insert.run(finding.kind, place, picture, twin, score)
      }
      columns.touch()
    }),
    findings,
    members,
    memberPage: (kind, offset, limit) => page.all(kind, offset, offset + limit),
    memberCount,
    recount: () => {
      for (const finding of findings()) {
        const excluded = memberCount(finding.kind) === 0 ? finding.excluded : excludedOf(members(finding.kind))
        if (excluded !== finding.excluded) store({ ...finding, excluded })
      }
    },
  }
}
