import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { noSmallDisk, smallDisk } from '../test-host/small-disk.ts'
import { createHistoryWriter } from './history-writer.ts'

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'reprise-writer-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A table with a writer that notes what it tells. */
function writerIn(folder: string, journal = 'WAL') {
  const file = join(folder, 'lines.db')
  const db = new Database(file, { timeout: 0 })
  onTestFinished(() => void db.close())
  db.pragma(`journal_mode = ${journal}`)
  db.exec('CREATE TABLE lines (line INTEGER PRIMARY KEY, text TEXT)')
  const insert = db.prepare('INSERT INTO lines (line, text) VALUES (?, ?)')
  const told: string[] = []
  const clock = { ms: 0 }
  const writer = createHistoryWriter(db, {
    onUnwritable: (error) => told.push((error as { code: string }).code),
    onRecovered: (seconds) => told.push(`recovered after ${seconds}`),
    now: () => clock.ms,
  })
  onTestFinished(() => void writer.close(0))
  const add = (line: number, text = '') => writer.write(() => void insert.run(line, text))
  const lines = () => db.prepare('SELECT line FROM lines ORDER BY rowid').pluck().all()
  return { file, db, writer, add, lines, told, clock }
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await delay(5)
}
const allWritten = (writer: { waiting(): number }) => until(() => writer.waiting() === 0)

/** Holds the file as another program would, until released. */
function lock(file: string) {
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  return () => {
    other.exec('ROLLBACK')
    other.close()
  }
}

test.each(['WAL', 'DELETE'])('while another program holds the history (%s), writes wait in order', async (journal) => {
  const { file, writer, add, lines, told, clock } = writerIn(temporaryFolder(), journal)
  add(1)
  const release = lock(file)
  const written: number[] = []
  for (const line of [2, 3, 4]) {
    writer.write(
      () => add(line),
      () => written.push(line),
    )
  }
  expect(writer.waiting()).toBe(3)
  clock.ms = 2500
  expect(writer.waitingSeconds()).toBe(2.5)
  await until(() => told.length > 0)
  expect(told).toEqual(['SQLITE_BUSY'])
  expect(written).toEqual([])
  release()
  await allWritten(writer)
  add(5)
  expect(lines()).toEqual([1, 2, 3, 4, 5])
  expect(written).toEqual([2, 3, 4])
  expect(told).toEqual(['SQLITE_BUSY', 'recovered after 2.5'])
  expect(writer.waitingSeconds()).toBe(0)
})

test('a short lock is not told', async () => {
  const { file, writer, add, lines, told } = writerIn(temporaryFolder())
  const release = lock(file)
  add(1)
  await delay(120)
  release()
  await allWritten(writer)
  expect(lines()).toEqual([1])
  expect(told).toEqual([])
})

test('a history that is read-only for a while takes everything afterwards', async () => {
  const { db, writer, add, lines } = writerIn(temporaryFolder())
  db.pragma('query_only = ON')
  add(1)
  add(2)
  expect(writer.waiting()).toBe(2)
  db.pragma('query_only = OFF')
  await allWritten(writer)
  expect(lines()).toEqual([1, 2])
})

test('an error that cannot pass is thrown at once, or given to the write that had to wait, and harms no other', async () => {
  const { db, writer, add, lines } = writerIn(temporaryFolder())
  add(1)
  expect(() => add(1)).toThrow('UNIQUE')
  db.pragma('query_only = ON')
  const failures: string[] = []
  add(2)
  writer.write(
    () => void db.prepare('INSERT INTO lines (line) VALUES (1)').run(),
    () => {},
    (error) => failures.push((error as Error).message),
  )
  add(3)
  db.pragma('query_only = OFF')
  await allWritten(writer)
  expect(lines()).toEqual([1, 2, 3])
  expect(failures).toEqual(['UNIQUE constraint failed: lines.line'])
})

test('what had to wait survives a power loss once it is written', async () => {
  const { db, writer } = writerIn(temporaryFolder())
  db.pragma('synchronous = NORMAL')
  const synchronous = () => db.pragma('synchronous', { simple: true })
  const full = 2
  const found: unknown[] = []
  db.pragma('query_only = ON')
  writer.write(() => {
    db.exec('INSERT INTO lines (line) VALUES (1)')
    found.push(synchronous())
  })
  db.pragma('query_only = OFF')
  await allWritten(writer)
  expect(found).toEqual([full])
  expect(synchronous()).not.toBe(full)
})

test('inside a transaction a write belongs to it', () => {
  const { db, add, lines } = writerIn(temporaryFolder())
  const failing = db.transaction(() => {
    add(1)
    throw new Error('taken back')
  })
  expect(failing).toThrow('taken back')
  expect(lines()).toEqual([])
})

test('closing writes what waits if it can, and says how much it could not', () => {
  const { file, writer, add, lines } = writerIn(temporaryFolder())
  const release = lock(file)
  add(1)
  add(2)
  expect(writer.close(20)).toBe(2)
  release()
  expect(writer.close()).toBe(0)
  expect(lines()).toEqual([1, 2])
})

test('on a full disk writes wait until there is space, and the file stays sound', async (context) => {
  const disk = smallDisk(1024 ** 2)
  if (disk === null) return context.skip(noSmallDisk)
  const { db, writer, add, lines, told, clock } = writerIn(disk.folder)
  add(0)
  disk.fill()
  const text = 'x'.repeat(4000)
  for (let line = 1; line <= 50; line += 1) add(line, text)
  expect(writer.waiting()).toBeGreaterThan(0)
  clock.ms = 3000
  await until(() => told.length > 0)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/^SQLITE_(FULL|IOERR)/)
  disk.free()
  await allWritten(writer)
  expect(lines()).toEqual(Array.from({ length: 51 }, (_, line) => line))
  expect(told.slice(1)).toEqual(['recovered after 3'])
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
})
