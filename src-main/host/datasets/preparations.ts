// Data sets that are being made ready, one worker each, and what becomes of their rows in the history.
import { join } from 'node:path'
import { readManifest } from '../../engine/data/dataset-manifest.ts'
import type { DatasetProgress } from '../../shared/api.ts'
import { RepriseError, toErrorReport } from '../../shared/errors.ts'
import { datasetRecord } from '../../shared/registry/datasets.ts'
import type { DataWorkerToHost, PrepareDataJob } from '../../shared/worker-protocol.ts'
import type { StoredDataset } from '../db/data-sets-table.ts'
import type { HostContext } from '../host-context.ts'
import { createThrottle } from '../runs/throttle.ts'
import { type DataWork, startDataWork } from './data-worker.ts'
import { readyRow, type Source } from './dataset-views.ts'
import { createRate } from './progress-rate.ts'

type Prepared = Extract<DataWorkerToHost, { type: 'prepared' }>

export interface Preparation extends DataWork<Prepared> {
  progress: DatasetProgress
  watchers: Set<(progress: DatasetProgress) => void>
}

export interface Preparations {
  /** Begins, or gives the one that is under way. */
  start(id: string, source: Source): Preparation
  get(id: string): Preparation | undefined
  close(): Promise<void>
}

export function createPreparations(
  context: HostContext,
  events: {
    /** The row or the progress has changed. */
    changed(id: string): void
    /** The data set is ready, before windows are told. */
    ready(id: string, source: Source): void
  },
): Preparations {
  const { history, folders, network, writer } = context
  const running = new Map<string, Preparation>()

  const start = (id: string, source: Source): Preparation => {
    const known = running.get(id)
    if (known) return known
    const changed = createThrottle(context.timing.liveMs / 2, () => events.changed(id))
    const before = history.dataSets.get(id)
    if (!before && source.path !== null) history.dataSets.put(unreadyRow(id, source))
    const rate = createRate()
    const work = startDataWork<PrepareDataJob, DataWorkerToHost, Prepared>({
      entry: context.entries.prepareData,
      job: jobOf(id, source, context),
      context,
      does: `prepares the data set ${id}`,
      onMessage: (message) => {
        switch (message.type) {
          case 'progress': {
            const { text, done, total, unit } = message
            preparation.progress = { text, done, total, unit, ...rate(message) }
            for (const watch of preparation.watchers) watch(preparation.progress)
            changed()
            return
          }
          case 'network':
            network.note(message.what)
            return
          case 'prepared':
            return { result: message }
          case 'failed':
            return { error: message.error }
        }
      },
    })
    const keepResult = async (prepared: Prepared) => {
      const manifest = await readManifest(folders.datasets, id)
      const { storage, reader } = manifest ?? { storage: 'pixels', reader: null }
      const row = readyRow(prepared.data, { shape: prepared.shape, storage, reader })
      writer.write(() => history.dataSets.put({ id, ...source, ...row, health: null, checkError: null }))
      return prepared
    }
    const keepFailure = (error: unknown) => {
      const cancelled = error instanceof RepriseError && error.code === 'cancelled'
      const unready = unreadyRow(id, source, error)
      if (cancelled && !before) writer.write(() => history.dataSets.remove(id))
      else if (!cancelled && before?.status !== 'ready') writer.write(() => history.dataSets.put(unready))
      throw error
    }
    const preparation: Preparation = {
      result: work.result
        .then(keepResult)
        .then((prepared) => {
          running.delete(id)
          events.ready(id, source)
          return prepared
        }, keepFailure)
        .finally(() => {
          running.delete(id)
          changed.cancel()
          events.changed(id)
        }),
      cancel: work.cancel,
      progress: { text: '', done: 0, total: 0, unit: 'bytes', perSecond: null, secondsLeft: null },
      watchers: new Set(),
    }
    preparation.result.catch((error: unknown) =>
      context.log.warn({ id, error: toErrorReport(error) }, 'data set not ready'),
    )
    running.set(id, preparation)
    events.changed(id)
    return preparation
  }

  return {
    start,
    get: (id) => running.get(id),
    close: async () => {
      for (const { cancel } of running.values()) cancel()
      await Promise.allSettled([...running.values()].map(({ result }) => result))
    },
  }
}

function jobOf(id: string, source: Source, { folders }: HostContext): PrepareDataJob {
  const { path, brokenPictures, boxRule, fit } = source
  return {
    type: 'prepare-data',
    datasetId: id,
    datasetsDir: folders.datasets,
    samplesDir: join(folders.resources, 'samples'),
    brokenPictures,
    ...(path === null ? {} : { path }),
    ...(boxRule === null ? {} : { boxRule }),
    ...(fit === null ? {} : { fit }),
  }
}

/** The row of a data set that is not ready: its preparation has begun, or failed with `error`. */
export function unreadyRow(id: string, { path, brokenPictures, boxRule, fit }: Source, error?: unknown): StoredDataset {
  const record = datasetRecord(id)
  return {
    id,
    path,
    brokenPictures,
    boxRule,
    fit,
    label: record?.label ?? id,
    status: error === undefined ? 'fetching' : 'failed',
    train: record?.train ?? 0,
    test: record?.test ?? 0,
    classes: [...(record?.classes ?? [])],
    shape: [...(record?.shape ?? [0, 0, 0])] as [number, number, number],
    benchmark: false,
    fingerprint: null,
    skipped: [],
    error: error === undefined ? null : toErrorReport(error),
    storage: null,
    reader: null,
    health: null,
    excluded: 0,
    checkError: null,
    benchmarkTest: null,
    benchmarkBy: null,
    changes: null,
  }
}
