// Data sets: known, fetched, added by the user; made ready, checked and changed by workers.
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { listManifests, manifestFile, summaryOf } from '../../engine/data/dataset-manifest.ts'
import type { DatasetProgress, DatasetSummary } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'
import { datasetNames } from '../../shared/registry/datasets.ts'
import type { DatasetService } from '../api/services.ts'
import type { HostContext } from '../host-context.ts'
import type { CheckedPictures } from '../runs/data-checks.ts'
import { createDatasetDetails } from './dataset-details.ts'
import { datasetIdFor } from './dataset-id.ts'
import { datasetSummary, readyRow, type Source } from './dataset-views.ts'
import { ownCopyMissing } from './own-copy.ts'
import { createPreparations, unreadyRow } from './preparations.ts'

export interface Datasets extends DatasetService {
  /** Throws `unknown-dataset`. */
  get(id: string): DatasetSummary
  label(id: string): string
  /** What the check of a data set that is ready found out; of nothing before one. */
  checkedPictures(id: string): CheckedPictures
  /** Makes a data set ready, fetching it where it is absent. Rejects with the reason, or `cancelled` after an abort. */
  ready(
    id: string,
    options: { signal: AbortSignal; onProgress(text: string, done: number, total: number): void },
  ): Promise<void>
  /** Takes over what lies prepared in the data folder but is not in the history, and forgets what is gone. */
  adopt(): Promise<void>
  close(): Promise<void>
}

export function createDatasets(context: HostContext): Datasets {
  const { history, events, folders } = context
  const preparations = createPreparations(context, {
    changed: (id) => publish(id),
    ready: (id, source) => details.prepared(id, { check: source.path !== null }),
  })
  const find = (id: string) =>
    datasetSummary(id, history.dataSets.get(id), preparations.get(id)?.progress ?? null, folders.datasets)
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
    events.publish(dataset ? { type: 'dataset', dataset } : { type: 'dataset-removed', id })
  }
  const details = createDatasetDetails(context, {
    get,
    publish,
    isPreparing: (id) => preparations.get(id) !== undefined,
  })

  /** Throws `data-missing` for a data set that only the user can bring. */
  const knownSource = (id: string): Source => {
    const missing = ownCopyMissing(get(id))
    if (missing) throw missing
    const stored = history.dataSets.get(id)
    return stored ? sourceOf(stored) : shipped
  }
  const prepared = (id: string) =>
    history.dataSets.get(id)?.status === 'ready' && existsSync(join(folders.datasets, id, manifestFile))

  return {
    ...details.service,
    checkedPictures: details.checkedPictures,
    get,
    label: (id) => find(id)?.label ?? id,
    list: () => ids().map(get),
    fetch: (id) => {
      preparations.start(id, knownSource(id))
      return get(id)
    },
    look: async ({ path, boxRule = 'single' }, signal) =>
      details.pictures.look(await requirePath(path), boxRule, signal),
    add: async ({ path, id, brokenPictures = 'refuse', boxRule, fit }) => {
      const absolute = await requirePath(path)
      const newId = id ?? datasetIdFor(absolute, (candidate) => find(candidate) !== null)
      // What is under way is of pictures that may go.
      await details.endWriting(newId)
      preparations.start(newId, { path: absolute, brokenPictures, boxRule: boxRule ?? null, fit: fit ?? null })
      return get(newId)
    },
    cancel: (id) => {
      get(id)
      preparations.get(id)?.cancel()
      return get(id)
    },
    ready: async (id, { signal, onProgress }) => {
      if (prepared(id)) return
      const begunByOthers = preparations.get(id) !== undefined
      const preparation = preparations.start(id, knownSource(id))
      const watch = ({ text, done, total }: DatasetProgress) => onProgress(text, done, total)
      const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      preparation.watchers.add(watch)
      // Who only waited for a fetch of the user's leaves it running.
      await Promise.race([preparation.result, left]).finally(() => preparation.watchers.delete(watch))
      if (!signal.aborted) return
      if (!begunByOthers) preparation.cancel()
      signal.throwIfAborted()
    },
    adopt: async () => {
      const manifests = await listManifests(folders.datasets)
      for (const manifest of manifests) {
        if (history.dataSets.get(manifest.id)?.status === 'ready') continue
        const { id, path } = manifest
        const row = readyRow(summaryOf(manifest), manifest)
        history.dataSets.put({ id, ...shipped, path, ...row, health: null, checkError: null })
        details.prepared(id, { check: false })
      }
      const present = new Set(manifests.map(({ id }) => id))
      for (const stored of history.dataSets.list()) {
        const { id, status } = stored
        const gone = status === 'ready' && !present.has(id)
        if (gone && stored.path === null) history.dataSets.remove(id)
        else if (gone || status === 'fetching') {
          const error = new RepriseError({
            code: 'cancelled',
            message: gone ? `The prepared files of ${id} are gone.` : `Preparing ${id} was interrupted.`,
            fix: 'Prepare it again.',
          })
          history.dataSets.put(unreadyRow(id, sourceOf(stored), error))
        }
      }
    },
    close: async () => {
      await Promise.all([preparations.close(), details.close()])
    },
  }
}

/** Of a data set that nobody brought. */
const shipped: Source = { path: null, brokenPictures: 'refuse', boxRule: null, fit: null }

const sourceOf = ({ path, brokenPictures, boxRule, fit }: Source): Source => ({ path, brokenPictures, boxRule, fit })

/** The path as an absolute one. Throws `data-missing` when there is nothing. */
async function requirePath(path: string): Promise<string> {
  const absolute = resolve(path)
  if (await stat(absolute).catch(() => null)) return absolute
  throw new RepriseError({
    code: 'data-missing',
    message: 'There is nothing at this path.',
    expected: 'a folder of class folders, or a data set file',
    found: absolute,
    fix: 'Check the path; it must be on the machine where the engine runs.',
  })
}
