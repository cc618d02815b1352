// What is asked of and done to one data set that is ready: pictures, checks, changes, removal.
import { rm } from 'node:fs/promises'
import { datasetFolder, summaryOf } from '../../engine/data/dataset-manifest.ts'
import type { DatasetSummary } from '../../shared/api.ts'
import type { DatasetOverview, ExcludeInput } from '../../shared/dataset-views.ts'
import { RepriseError } from '../../shared/errors.ts'
import type { ChangeDataJob } from '../../shared/worker-protocol.ts'
import type { DatasetService } from '../api/services.ts'
import type { StoredDataset } from '../db/data-sets-table.ts'
import { runId } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { createChecks } from './checks.ts'
import { createDataChanges } from './data-changes.ts'
import { createDatasetContents, type DatasetContents } from './dataset-contents.ts'
import { healthCounts, readyRow } from './dataset-views.ts'
import { createOpenIndexes } from './open-indexes.ts'
import { createPictureService, type PictureService } from './picture-service.ts'

type Service = Omit<DatasetService, 'list' | 'fetch' | 'add' | 'cancel' | 'look'>

export interface DatasetDetails {
  service: Service
  pictures: PictureService
  checkedPictures: DatasetContents['checkedPictures']
  /** Ends a check that is under way, and waits for changes: nobody writes the data set's files afterwards. */
  endWriting(id: string): Promise<void>
  /** Called when a data set has become ready; `check` begins a check. */
  prepared(id: string, options: { check: boolean }): void
  close(): Promise<void>
}

interface Parts {
  /** Throws `unknown-dataset`. */
  get(id: string): DatasetSummary
  /** Tells windows of the data set as it is now, or that it is gone. */
  publish(id: string): void
  isPreparing(id: string): boolean
}

export function createDatasetDetails(context: HostContext, { get, publish, isPreparing }: Parts): DatasetDetails {
  const { history, folders, log } = context
  const indexes = createOpenIndexes(folders.datasets)
  const contents = createDatasetContents(folders.datasets, indexes)
  const changes = createDataChanges(context)
  const pictures = createPictureService(context)

  /** Of this host, and of the preparation of each data set. */
  const begun = Date.now().toString(36)
  const preparedTimes = new Map<string, number>()
  const versionOf = (id: string) => `${begun}-${preparedTimes.get(id) ?? 0}`

  const patch = (id: string, change: Partial<StoredDataset>) => {
    context.writer.write(() => {
      const stored = history.dataSets.get(id)
      if (stored) history.dataSets.put({ ...stored, ...change })
    })
  }
  /** Reads the counts of the report again, which change with what is left out. */
  const noteHealth = (id: string, change: Partial<StoredDataset> = {}) => {
    // An index that is about to go must not be opened again.
    if (!history.dataSets.get(id)) return
    try {
      const health = contents.health(id)
      patch(id, { ...change, health: health && healthCounts(health) })
    } catch (error) {
      log.warn({ id, error }, 'the report of a data set cannot be read')
      patch(id, change)
    }
  }
  const checks = createChecks(context, async (id, { error }) => {
    // A check learns statistics and content, which the manifest keeps.
    const manifest = await contents.manifest(id).catch((): null => null)
    noteHealth(id, { ...(manifest ? readyRow(summaryOf(manifest), manifest) : {}), checkError: error })
    publish(id)
  })

  const usedBy = (id: string): DatasetOverview['usedBy'] =>
    history.runs
      .withStatus('running', 'stopping', 'queued')
      .filter(({ config, removedAt }) => config.data.dataset === id && removedAt === null)
      .map(({ run, name, status }) => ({ id: runId(run), name, trains: status !== 'queued' }))

  /** Throws `unknown-dataset`, `data-missing` before it is ready, `not-allowed` while it is prepared. */
  const requireReady = (id: string): void => {
    const { label, status } = get(id)
    if (status === 'ready') return
    if (isPreparing(id)) throw busy(`${label} is being prepared.`, 'Wait until it is ready, or cancel it.')
    throw new RepriseError({
      code: 'data-missing',
      message: `${label} is not ready on this machine.`,
      found: status,
      fix: `Fetch it with "reprise datasets fetch ${id}", or add your own with "reprise datasets add PATH".`,
    })
  }

  /** The same, and makes the index of a data set that an earlier version prepared without one. */
  const requireIndex = async (id: string): Promise<void> => {
    requireReady(id)
    if (indexes.has(id)) return
    await changes.change(id, { kind: 'exclude', pictures: [], excluded: true })
  }

  const overview = async (id: string) => {
    await requireIndex(id)
    const stored = history.dataSets.get(id)
    return contents.overview(id, {
      label: get(id).label,
      checking: checks.state(id),
      checkError: stored?.checkError ?? null,
      usedBy: usedBy(id),
    })
  }

  const change = async (id: string, wanted: ChangeDataJob['change']): Promise<DatasetOverview> => {
    requireReady(id)
    if (checks.state(id))
      throw busy(`${get(id).label} is being checked.`, 'Wait for the end of the check, or cancel it.')
    const data = await changes.change(id, wanted)
    const manifest = await contents.manifest(id)
    noteHealth(id, readyRow(data, manifest))
    publish(id)
    return overview(id)
  }

  const endWriting = async (id: string) => {
    await checks.cancel(id)
    await changes.ended(id)
  }

  return {
    pictures,
    checkedPictures: contents.checkedPictures,
    endWriting,
    prepared: (id, { check }) => {
      preparedTimes.set(id, (preparedTimes.get(id) ?? 0) + 1)
      noteHealth(id)
      if (check) checks.start(id)
    },
    service: {
      overview,
      pictures: async (input) => {
        await requireIndex(input.id)
        return contents.pictures(input)
      },
      check: async (id) => {
        await requireIndex(id)
        // Both write the manifest.
        await changes.ended(id)
        requireReady(id)
        patch(id, { checkError: null })
        checks.start(id)
        return get(id)
      },
      cancelCheck: (id) => {
        get(id)
        void checks.cancel(id)
        return get(id)
      },
      exclude: async (input) => change(input.id, exclusionOf(input)),
      setSplit: async (id, split) => change(id, { kind: 'split', split }),
      exportSplit: async (id) => {
        await requireIndex(id)
        return contents.exportSplit(id)
      },
      pictureVersion: (id) => {
        requireReady(id)
        return versionOf(id)
      },
      picture: async (id, picture, side, signal) => {
        await requireIndex(id)
        return pictures.picture({ datasetId: id, version: versionOf(id), picture, side }, signal)
      },
      remove: async (id) => {
        const { label } = get(id)
        if (isPreparing(id)) throw busy(`${label} is being prepared.`, 'Cancel it first.')
        const [user] = usedBy(id)
        if (user) throw busy(`${label} is used by a run.`, `Stop ${user.id} first, or wait for its end.`, user.id)
        const folder = datasetFolder(folders.datasets, id)
        const stored = history.dataSets.get(id)
        // First, so that nobody opens its files again.
        history.dataSets.remove(id)
        try {
          await endWriting(id)
          await pictures.whileClosed(async () => {
            indexes.close(id)
            await rm(folder, { recursive: true, force: true })
          })
        } catch (error) {
          if (stored) context.writer.write(() => history.dataSets.put(stored))
          throw error
        }
        publish(id)
      },
    },
    close: async () => {
      await Promise.all([checks.close(), changes.close(), pictures.close()])
      indexes.closeAll()
    },
  }
}

function exclusionOf({ finding, pictures, excluded }: ExcludeInput): ChangeDataJob['change'] {
  if (finding !== undefined && pictures === undefined) return { kind: 'exclude', finding, excluded }
  if (finding === undefined && pictures !== undefined) return { kind: 'exclude', pictures, excluded }
  throw new RepriseError({
    code: 'usage',
    message: 'Which pictures are meant is not said, or said twice.',
    expected: 'either a finding or numbers of pictures',
  })
}

const busy = (message: string, fix: string, found?: string) =>
  new RepriseError({ code: 'not-allowed', message, fix, ...(found === undefined ? {} : { found }) })
