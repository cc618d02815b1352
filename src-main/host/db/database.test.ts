import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { temporaryFolder } from '../test-host/start-test-host.ts'
import { databaseName, lockDataFolder, openDatabase } from './database.ts'
import { readMigrations } from './migrations.ts'

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof RepriseError) return error.code
    throw error
  }
  return 'none'
}

test('migrations are numbered without gaps', () => {
  expect(readMigrations().map(({ name }) => Number(name.slice(0, 3)))).toEqual(
    readMigrations().map((_, index) => index + 1),
  )
})

test('a database is brought to the newest migration once and opened again as it is', () => {
  const folder = temporaryFolder()
  openDatabase(folder).close()
  const db = openDatabase(folder)
  expect(db.prepare('SELECT name FROM migrations ORDER BY position').pluck().all()).toEqual(
    readMigrations().map(({ name }) => name),
  )
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  db.close()
})

test('a database of an older version is migrated and keeps its rows', () => {
  const folder = temporaryFolder()
  const old = openDatabase(folder, readMigrations().slice(0, 1))
  old.exec(`INSERT INTO runs (name, recipe_id, recipe, config, status, created_at, changes)
            VALUES ('kept', 'r', '{}', '{}', 'finished', 1, 0)`)
  old.close()
  const db = openDatabase(folder)
  expect(db.prepare('SELECT name FROM runs').pluck().all()).toEqual(['kept'])
  db.close()
})

test('a database of a newer version is refused and left as it is', () => {
  const folder = temporaryFolder()
  const newer = [...readMigrations(), { name: '999_future.sql', sql: 'CREATE TABLE future (x)' }]
  openDatabase(folder, newer).close()
  const before = readFileSync(join(folder, databaseName))
  expect(codeOf(() => openDatabase(folder))).toBe('database-newer')
  expect(readFileSync(join(folder, databaseName)).equals(before)).toBe(true)
})

test('a history with an unknown migration is refused', () => {
  const folder = temporaryFolder()
  const [first, second, ...rest] = readMigrations()
  if (!first || !second) throw new Error('at least two migrations')
  openDatabase(folder, [first, { ...second, name: '002_other.sql' }, ...rest]).close()
  expect(codeOf(() => openDatabase(folder))).toBe('migration-unknown')
})

test('a migration that fails leaves the database as it was', () => {
  const folder = temporaryFolder()
  openDatabase(folder).close()
  const failing = [...readMigrations(), { name: '999_bad.sql', sql: 'CREATE TABLE half (x); SELECT nonsense;' }]
  expect(() => openDatabase(folder, failing)).toThrow('nonsense')
  const db = openDatabase(folder)
  expect(db.prepare(`SELECT count(*) FROM sqlite_master WHERE name = 'half'`).pluck().get()).toBe(0)
  db.close()
})

test.each([
  ['is no database', () => Buffer.from('this is a text file, long enough to be taken for a page'.repeat(50))],
  [
    'is damaged inside',
    (whole: Buffer) => Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 7)]),
  ],
  ['was cut off', (whole: Buffer) => whole.subarray(0, Math.floor(whole.length / 2))],
])('a file that %s is refused as damaged', (_, damage) => {
  const folder = temporaryFolder()
  openDatabase(folder).close()
  const file = join(folder, databaseName)
  writeFileSync(file, damage(readFileSync(file)))
  expect(codeOf(() => openDatabase(folder))).toBe('database-damaged')
})

test('a data folder is locked until released', () => {
  const folder = join(temporaryFolder(), 'data')
  mkdirSync(folder)
  const lock = lockDataFolder(folder)
  expect(lock).not.toBeNull()
  expect(lockDataFolder(folder)).toBeNull()
  lock?.release()
  const again = lockDataFolder(folder)
  expect(again).not.toBeNull()
  again?.release()
})
