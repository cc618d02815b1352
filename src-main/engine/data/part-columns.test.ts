import { expect, test } from 'vitest'
import { createPartColumns, firstRows, type PartRow, soundRows } from './part-columns.ts'

const rows: PartRow[] = [
  { picture: 3, name: 'a', label: 1, location: { kind: 'file', path: 'a/Bild für alle.jpg' }, problem: null },
  {
    picture: 5,
    name: 'b',
    label: 0,
    location: { kind: 'part', path: 'x.tar', offset: 2 ** 40, bytes: 7, packing: 'stored', unpackedBytes: 7 },
    problem: 'it ends early',
  },
  { picture: 6, name: 'c', label: 2, location: { kind: 'file', path: 'a/图片.png' }, problem: null },
  {
    picture: 9,
    name: 'd',
    label: 1,
    location: {
      kind: 'page',
      path: 'y.parquet',
      offset: 100,
      bytes: 50,
      packing: 'zstd',
      unpackedBytes: 90,
      start: 10,
      length: 20,
    },
    problem: null,
  },
  { picture: 10, name: 'e', label: 65_535, location: { kind: 'pixels', set: 'test', index: 4 }, problem: 'no picture' },
]

function columnsOf(given: readonly PartRow[]) {
  const builder = createPartColumns()
  for (const row of given) builder.add(row)
  return builder.build()
}

test('every kind of location comes back as it was', () => {
  const columns = columnsOf(rows)
  expect(columns.count).toBe(5)
  expect(rows.map((_, i) => columns.location(i))).toEqual(rows.map(({ location }) => location))
  expect([...columns.labels]).toEqual([1, 0, 2, 1, 65_535])
  expect([...columns.pictures]).toEqual([3, 5, 6, 9, 10])
  expect(columns.broken).toEqual([
    { place: 1, name: 'b', reason: 'it ends early' },
    { place: 4, name: 'e', reason: 'no picture' },
  ])
})

test('rows that cannot be read are left out, and the first ones taken', () => {
  const sound = soundRows(columnsOf(rows))
  expect([...sound.pictures]).toEqual([3, 6, 9])
  expect(sound.location(2)).toEqual(rows[3]?.location)
  const first = firstRows(sound, 2)
  expect([first.count, [...first.labels], first.location(1)]).toEqual([2, [1, 2], rows[2]?.location])
  expect(firstRows(columnsOf(rows), 2).broken).toHaveLength(1)
  expect(firstRows(sound, 0)).toBe(sound)
})
