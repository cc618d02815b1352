// Data sets: known, fetched, added by the user; made ready by data workers, one per data set.
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { listManifests, manifestFile, summaryOf } from '../../engine/data/dataset-manifest.ts'
import type { DatasetSummary } from '../../shared/api.ts'
import { RepriseError, toErrorReport } from '../../shared/errors.ts'
import { datasetNames, datasets } from '../../shared/registry/datasets.ts'
import type { DatasetService } from '../api/services.ts'
import type { StoredDataset } from '../db/data-sets-table.ts'
import type { HostContext } from '../host-context.ts'
import { createThrottle } from '../runs/throttle.ts'
import { datasetIdFor } from './dataset-id.ts'
import { datasetSummary, type Preparation, readyDataset } from './dataset-views.ts'
import { ownCopyMissing } from './own-copy.ts'
import { type RunningPreparation, startPreparation } from './preparation.ts'

export interface Datasets extends DatasetService {
  /** Throws `unknown-dataset`. */
  get(id: string): DatasetSummary
  label(id: string): string
  /** Makes a data set ready, fetching it where it is absent. Rejects with the reason, or `cancelled` after an abort. */
  ready(
    id: string,
    options: { signal: AbortSignal; onProgress(text: string, done: number, total: number): void },
  ): Promise<void>
  /** Takes over what lies prepared in the data folder but is not in the history, and forgets what is gone. */
  adopt(): Promise<void>
  close(): Promise<void>
}

interface Job extends RunningPreparation {
  progress: Preparation
  watchers: Set<(progress: Preparation) => void>
}

type Source = { path: string | null; brokenPictures: 'refuse' | 'skip' }

export function createDatasets(context: HostContext): Datasets {
  const { history, events, folders } = context
  const jobs = new Map<string, Job>()

  const find = (id: string) =>
    datasetSummary(id, history.dataSets.get(id), jobs.get(id)?.progress ?? null, folders.datasets)
  const get = (id: string): DatasetSummary => {
    const summary = find(id)
    if (summary) return summary
    throw new RepriseError({
      code: 'unknown-dataset',
      message: `There is no data set "${id}".`,
      expected: `one of ${ids().join(', ')}`,
      found: id,
      fix: 'Add it with "reprise datasets add PATH", or choose one of those.',
    })
  }
  const ids = () => [...new Set([...datasetNames, ...history.dataSets.list().map((stored) => stored.id)])]
  const publish = (id: string) => {
    const dataset = find(id)
    if (dataset) events.publish({ type: 'dataset', dataset })
  }
  /** The row of a data set that is not ready: its preparation has begun, or failed with `error`. */
  const unreadyRow = (id: string, source: Source, error?: unknown): StoredDataset => {
    const record = datasets[id as keyof typeof datasets]
    return {
      id,
      ...source,
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
    }
  }

  function prepare(id: string, source: Source): Job {
    const running = jobs.get(id)
    if (running) return running
    const changed = createThrottle(context.timing.liveMs / 2, () => publish(id))
    const before = history.dataSets.get(id)
    if (!before && source.path !== null) history.dataSets.put(unreadyRow(id, source))
    const preparation = startPreparation(
      {
        type: 'prepare-data',
        datasetId: id,
        ...(source.path === null ? {} : { path: source.path }),
        datasetsDir: folders.datasets,
        samplesDir: join(folders.resources, 'samples'),
        brokenPictures: source.brokenPictures,
      },
      context,
      ({ text, done, total, unit }) => {
        job.progress = { text, done, total, unit }
        for (const watch of job.watchers) watch(job.progress)
        changed()
      },
    )
    const result = preparation.result.then(
      (prepared) => {
        history.dataSets.put(readyDataset(prepared.data, { id, shape: prepared.shape, ...source }))
        return prepared
      },
      (error: unknown) => {
        const cancelled = error instanceof RepriseError && error.code === 'cancelled'
        if (cancelled && !before) history.dataSets.remove(id)
        else if (!cancelled && before?.status !== 'ready') history.dataSets.put(unreadyRow(id, source, error))
        throw error
      },
    )
    const job: Job = {
      result: result.finally(() => {
        jobs.delete(id)
        changed.cancel()
        publish(id)
      }),
      cancel: preparation.cancel,
      progress: { text: '', done: 0, total: 0, unit: 'bytes' },
      watchers: new Set(),
    }
    job.result.catch((error: unknown) => context.log.warn({ id, error: toErrorReport(error) }, 'data set not ready'))
    jobs.set(id, job)
    publish(id)
    return job
  }

  /** Throws `data-missing` for a data set that only the user can bring. */
  const knownSource = (id: string): Source => {
    const missing = ownCopyMissing(get(id))
    if (missing) throw missing
    const stored = history.dataSets.get(id)
    return { path: stored?.path ?? null, brokenPictures: stored?.brokenPictures ?? 'refuse' }
  }
  const prepared = (id: string) =>
    history.dataSets.get(id)?.status === 'ready' && existsSync(join(folders.datasets, id, manifestFile))

  return {
    get,
    label: (id) => find(id)?.label ?? id,
    list: () => ids().map(get),
    fetch: (id) => {
      prepare(id, knownSource(id))
      return get(id)
    },
    add: async ({ path, id, brokenPictures = 'refuse' }) => {
      const absolute = resolve(path)
      if (!(await stat(absolute).catch(() => null))) {
        throw new RepriseError({
          code: 'data-missing',
          message: 'There is nothing at this path.',
          expected: 'a folder of class folders, or a data set file',
          found: absolute,
          fix: 'Check the path; it must be on the machine where the engine runs.',
        })
      }
      const newId = id ?? datasetIdFor(absolute, (candidate) => find(candidate) !== null)
      prepare(newId, { path: absolute, brokenPictures })
      return get(newId)
    },
    cancel: (id) => {
      get(id)
      jobs.get(id)?.cancel()
      return get(id)
    },
    ready: async (id, { signal, onProgress }) => {
      if (prepared(id)) return
      const begunByOthers = jobs.has(id)
      const job = prepare(id, knownSource(id))
      const watch = ({ text, done, total }: Preparation) => onProgress(text, done, total)
      const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      job.watchers.add(watch)
      // Who only waited for a fetch of the user's leaves it running.
      await Promise.race([job.result, left]).finally(() => job.watchers.delete(watch))
      if (!signal.aborted) return
      if (!begunByOthers) job.cancel()
      signal.throwIfAborted()
    },
    adopt: async () => {
      const manifests = await listManifests(folders.datasets)
      for (const manifest of manifests) {
        if (history.dataSets.get(manifest.id)?.status === 'ready') continue
        const { id, shape, path } = manifest
        history.dataSets.put(readyDataset(summaryOf(manifest), { id, shape, path, brokenPictures: 'refuse' }))
      }
      const present = new Set(manifests.map(({ id }) => id))
      for (const { id, status, path, brokenPictures } of history.dataSets.list()) {
        const gone = status === 'ready' && !present.has(id)
        if (gone && path === null) history.dataSets.remove(id)
        else if (gone || status === 'fetching') {
          const error = new RepriseError({
            code: 'cancelled',
            message: gone ? `The prepared files of ${id} are gone.` : `Preparing ${id} was interrupted.`,
            fix: 'Prepare it again.',
          })
          history.dataSets.put(unreadyRow(id, { path, brokenPictures }, error))
        }
      }
    },
    close: async () => {
      for (const job of jobs.values()) job.cancel()
      await Promise.allSettled([...jobs.values()].map((job) => job.result))
    },
  }
}
