// Registry records and stored rows as windows see data sets.
import { join } from 'node:path'
import type { DatasetManifest } from '../../engine/data/dataset-manifest.ts'
import type { DatasetProgress, DatasetSummary } from '../../shared/api.ts'
import { type HealthReport, isRepaired } from '../../shared/dataset-views.ts'
import { datasetRecord } from '../../shared/registry/datasets.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'
import type { StoredDataset } from '../db/data-sets-table.ts'

export function datasetSummary(
  id: string,
  stored: StoredDataset | null,
  preparing: DatasetProgress | null,
  datasetsDir: string,
): DatasetSummary | null {
  const record = datasetRecord(id)
  if (!record && !stored) return null
  const status = preparing ? 'fetching' : (stored?.status ?? 'absent')
  const ready = stored !== null && stored.status === 'ready'
  const base = ready || !record ? stored : record
  return {
    id,
    label: record?.label ?? stored?.label ?? id,
    source: record && stored?.path == null ? record.source : 'user',
    status,
    progress: preparing,
    storage: ready ? stored.storage : null,
    reader: ready ? stored.reader : null,
    health: ready ? stored.health : null,
    excluded: ready ? stored.excluded : 0,
    train: base?.train ?? 0,
    test: base?.test ?? 0,
    classes: [...(base?.classes ?? [])],
    shape: [...(base?.shape ?? [0, 0, 0])] as [number, number, number],
    downloadBytes: record?.downloadBytes ?? 0,
    benchmark: ready ? stored.benchmark : (record?.benchmark ?? false),
    ...(ready && stored.benchmarkTest !== null ? { benchmarkTest: stored.benchmarkTest } : {}),
    ...(ready && stored.benchmarkBy !== null ? { benchmarkBy: stored.benchmarkBy } : {}),
    ...(ready && stored.changes !== null ? { changes: stored.changes } : {}),
    fingerprint: stored?.fingerprint ?? null,
    path: stored?.path ?? (ready ? join(datasetsDir, id) : null),
    licence: record?.licence ?? '',
    error: preparing ? null : (stored?.error ?? null),
  }
}

/** Where a data set comes from, and how it is read. */
export type Source = Pick<StoredDataset, 'path' | 'brokenPictures' | 'boxRule' | 'fit'>

/** What is in the row of a data set beside its source. */
export function readyRow(
  data: DataSummary,
  { shape, storage, reader }: Pick<DatasetManifest, 'shape' | 'storage' | 'reader'>,
): Omit<StoredDataset, keyof Source | 'id' | 'health' | 'checkError'> {
  return {
    label: data.label,
    status: 'ready',
    train: data.train,
    test: data.test,
    classes: data.classes,
    shape,
    benchmark: data.benchmark,
    fingerprint: data.fingerprint,
    skipped: data.skipped,
    error: null,
    storage,
    reader,
    excluded: (data.changes?.leftOutTrain ?? 0) + (data.changes?.leftOutTest ?? 0),
    benchmarkTest: data.benchmarkTest ?? null,
    benchmarkBy: data.benchmarkBy ?? null,
    changes: data.changes ?? null,
  }
}

/** How many findings of a report that are not repaired are problems, and how many warnings. */
export function healthCounts({ findings }: Pick<HealthReport, 'findings'>): NonNullable<DatasetSummary['health']> {
  const open = findings.filter((finding) => !isRepaired(finding))
  const counted = (severity: string) => open.filter((finding) => finding.severity === severity).length
  return { problems: counted('problem'), warnings: counted('warning') }
}
