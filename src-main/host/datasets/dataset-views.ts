// Registry records and stored rows as windows see data sets.
import { join } from 'node:path'
import type { DatasetSummary } from '../../shared/api.ts'
import { datasets } from '../../shared/registry/datasets.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'
import type { StoredDataset } from '../db/data-sets-table.ts'

/** A preparation that is under way. */
export interface Preparation {
  text: string
  done: number
  total: number
  unit: 'bytes' | 'pictures'
}

export function datasetSummary(
  id: string,
  stored: StoredDataset | null,
  preparing: Preparation | null,
  datasetsDir: string,
): DatasetSummary | null {
  const record = datasets[id as keyof typeof datasets]
  if (!record && !stored) return null
  const status = preparing ? 'fetching' : (stored?.status ?? 'absent')
  const ready = stored !== null && stored.status === 'ready'
  const base = ready || !record ? stored : record
  return {
    id,
    label: record?.label ?? stored?.label ?? id,
    source: record && stored?.path == null ? record.source : 'user',
    status,
    progress: preparing?.unit === 'bytes' ? { doneBytes: preparing.done, totalBytes: preparing.total } : null,
    train: base?.train ?? 0,
    test: base?.test ?? 0,
    classes: [...(base?.classes ?? [])],
    shape: [...(base?.shape ?? [0, 0, 0])] as [number, number, number],
    downloadBytes: record?.downloadBytes ?? 0,
    benchmark: ready ? stored.benchmark : (record?.benchmark ?? false),
    fingerprint: stored?.fingerprint ?? null,
    path: stored?.path ?? (ready ? join(datasetsDir, id) : null),
    licence: record?.licence ?? '',
    error: preparing ? null : (stored?.error ?? null),
  }
}

/** The row of a data set that is ready. */
export function readyDataset(
  data: DataSummary,
  more: Pick<StoredDataset, 'id' | 'shape' | 'path' | 'brokenPictures'>,
): StoredDataset {
  return {
    ...more,
    label: data.label,
    status: 'ready',
    train: data.train,
    test: data.test,
    classes: data.classes,
    benchmark: data.benchmark,
    fingerprint: data.fingerprint,
    skipped: data.skipped,
    error: null,
  }
}
