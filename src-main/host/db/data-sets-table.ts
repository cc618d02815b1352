// Data sets on this machine; those of the registry appear once something was done with them.
import type { Database } from 'better-sqlite3'
import type { DatasetSummary } from '../../shared/api.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import type { BoxRule } from '../../shared/registry/readers.ts'
import type { BenchmarkBy, DataSummary } from '../../shared/worker-protocol.ts'
import { fromColumn, toColumn } from './json-column.ts'

export interface StoredDataset {
  id: string
  label: string
  status: 'ready' | 'failed' | 'fetching'
  train: number
  test: number
  classes: string[]
  shape: [number, number, number]
  benchmark: boolean
  fingerprint: string | null
  /** The user's folder or file; null for those that the app fetched. */
  path: string | null
  brokenPictures: 'refuse' | 'skip'
  skipped: { path: string; reason: string }[]
  error: ErrorReport | null
  storage: DatasetSummary['storage']
  reader: DatasetSummary['reader']
  health: DatasetSummary['health']
  excluded: number
  /** Why the last check failed. */
  checkError: ErrorReport | null
  benchmarkTest: string | null
  benchmarkBy: BenchmarkBy | null
  changes: NonNullable<DataSummary['changes']> | null
  /** As it was added: how boxes become classes, and to what size pictures are decoded. */
  boxRule: BoxRule | null
  fit: number | null
}

interface Row {
  id: string
  label: string
  status: StoredDataset['status']
  train: number
  test: number
  classes: string
  shape: string
  benchmark: number
  fingerprint: string | null
  path: string | null
  broken_pictures: StoredDataset['brokenPictures']
  skipped: string
  error: string | null
  storage: StoredDataset['storage']
  reader: StoredDataset['reader']
  health: string | null
  excluded: number
  check_error: string | null
  benchmark_test: string | null
  benchmark_by: BenchmarkBy | null
  changes: string | null
  box_rule: BoxRule | null
  fit: number | null
}

export interface DataSetsTable {
  put(dataset: StoredDataset): void
  get(id: string): StoredDataset | null
  list(): StoredDataset[]
  remove(id: string): void
}

export function createDataSetsTable(db: Database): DataSetsTable {
  const put = db.prepare(
    `INSERT OR REPLACE INTO data_sets
       (id, label, status, train, test, classes, shape, benchmark, fingerprint, path, broken_pictures, skipped, error,
        storage, reader, health, excluded, check_error, benchmark_test, benchmark_by, changes, box_rule, fit, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const get = db.prepare<[string], Row>('SELECT * FROM data_sets WHERE id = ?')
  const list = db.prepare<[], Row>('SELECT * FROM data_sets ORDER BY id')
  const remove = db.prepare('DELETE FROM data_sets WHERE id = ?')
  return {
    put: (dataset) =>
      put.run(
        dataset.id,
        dataset.label,
        dataset.status,
        dataset.train,
        dataset.test,
        toColumn(dataset.classes),
        toColumn(dataset.shape),
        dataset.benchmark ? 1 : 0,
        dataset.fingerprint,
        dataset.path,
        dataset.brokenPictures,
        toColumn(dataset.skipped),
        toColumn(dataset.error),
        dataset.storage,
        dataset.reader,
        toColumn(dataset.health),
        dataset.excluded,
        toColumn(dataset.checkError),
        dataset.benchmarkTest,
        dataset.benchmarkBy,
        toColumn(dataset.changes),
        dataset.boxRule,
        dataset.fit,
        Date.now(),
      ),
    get: (id) => {
      const row = get.get(id)
      return row ? readRow(row) : null
    },
    list: () => list.all().map(readRow),
    remove: (id) => remove.run(id),
  }
}

function readRow(row: Row): StoredDataset {
  return {
    id: row.id,
    label: row.label,
    status: row.status,
    train: row.train,
    test: row.test,
    classes: JSON.parse(row.classes) as string[],
    shape: JSON.parse(row.shape) as [number, number, number],
    benchmark: row.benchmark === 1,
    fingerprint: row.fingerprint,
    path: row.path,
    brokenPictures: row.broken_pictures,
    skipped: JSON.parse(row.skipped) as StoredDataset['skipped'],
    error: fromColumn(row.error),
    storage: row.storage,
    reader: row.reader,
    health: fromColumn(row.health),
    excluded: row.excluded,
    checkError: fromColumn(row.check_error),
    benchmarkTest: row.benchmark_test,
    benchmarkBy: row.benchmark_by,
    changes: fromColumn(row.changes),
    boxRule: row.box_rule,
    fit: row.fit,
  }
}
