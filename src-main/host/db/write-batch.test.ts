import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createHistoryWriter } from './history-writer.ts'
import { createWriteBatch } from './write-batch.ts'

function table() {
  const db = new Database(':memory:')
  onTestFinished(() => void db.close())
  db.exec('CREATE TABLE lines (line INTEGER PRIMARY KEY)')
  const insert = db.prepare('INSERT INTO lines VALUES (?)')
  return {
    db,
    writer: createHistoryWriter(db, { onUnwritable: () => {}, onRecovered: () => {} }),
    insert: (line: number) => () => void insert.run(line),
    lines: () => db.prepare('SELECT line FROM lines').pluck().all(),
  }
}

test('writes wait for the interval and then go in one transaction', async () => {
  const { writer, insert, lines } = table()
  const flushed = new Promise<void>((resolve) => {
    const batch = createWriteBatch(writer, { intervalMs: 20, afterFlush: resolve, onError: () => {} })
    batch.add(insert(1))
    batch.add(insert(2))
    expect(lines()).toEqual([])
  })
  await flushed
  expect(lines()).toEqual([1, 2])
})

test('a flush writes at once, and only once', () => {
  const { writer, insert, lines } = table()
  let flushes = 0
  const batch = createWriteBatch(writer, { intervalMs: 1e6, afterFlush: () => (flushes += 1), onError: () => {} })
  batch.add(insert(1))
  batch.flush()
  batch.flush()
  expect(lines()).toEqual([1])
  expect(flushes).toBe(1)
})

test('while nothing can be written, batches wait and are published once they stand', async () => {
  const { db, writer, insert, lines } = table()
  let flushes = 0
  const options = { intervalMs: 1e6, afterFlush: () => (flushes += 1), onError: () => {} }
  const batch = createWriteBatch(writer, options)
  db.pragma('query_only = ON')
  for (const line of [1, 2, 3]) {
    batch.add(insert(line))
    batch.flush()
  }
  expect(flushes).toBe(0)
  db.pragma('query_only = OFF')
  while (flushes < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(lines()).toEqual([1, 2, 3])
})

test('a write that can never succeed takes its whole batch back and is told', async () => {
  const { writer, insert, lines } = table()
  const error = await new Promise((resolve) => {
    const batch = createWriteBatch(writer, { intervalMs: 1, afterFlush: () => {}, onError: resolve })
    batch.add(insert(1))
    batch.add(insert(1))
  })
  expect(error).toBeInstanceOf(Database.SqliteError)
  expect(lines()).toEqual([])
})
