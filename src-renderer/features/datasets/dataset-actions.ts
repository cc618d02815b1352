// What can be done with a data set. Progress and failures arrive as events; what can be undone says so in its toast.
import i18next from 'i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import type {
  AddDatasetInput,
  DatasetOverview,
  ExcludeInput,
  SplitRecipe,
} from '../../../src-main/shared/dataset-views.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { offerUndo } from '../../frame/undo.ts'
import { navigate } from '../../router/router.ts'
import { putOverview } from '../../stores/dataset-overviews-store.ts'
import { putDataset, refreshMachine } from '../../stores/engine-store.ts'
import { showToast } from '../../ui/toast.tsx'

/** Begins to fetch a known data set. */
export async function fetchDataset(id: string): Promise<void> {
  await attempt(async () => putDataset(await engineClient().datasets.fetch(id)))
  void refreshMachine()
}

/** Stops fetching or reading; what is there already stays. */
export async function cancelDataset(id: string): Promise<void> {
  await attempt(async () => putDataset(await engineClient().datasets.cancel(id)))
}

/** Adds a folder or file of the reader's and shows it. False when the engine refused; a toast has said why. */
export async function addDataset(input: AddDatasetInput): Promise<boolean> {
  const dataset = await attempt(() => engineClient().datasets.add(input))
  if (!dataset) return false
  putDataset(dataset)
  showToast({ title: i18next.t('datasets:added', { name: dataset.label }) })
  navigate({ view: 'dataset', datasetId: dataset.id, tab: 'health' })
  return true
}

/** Forgets a data set. The files of the reader stay. */
export async function removeDataset(dataset: DatasetSummary): Promise<void> {
  const removed = await attempt(async () => {
    await engineClient().datasets.remove(dataset.id)
    return true
  })
  if (!removed) return
  navigate({ view: 'datasets' }, { replace: true })
  showToast({ title: i18next.t('dataset:removed', { name: dataset.label }) })
}

/** Starts the health check. */
export async function checkDataset(id: string): Promise<void> {
  await attempt(() => engineClient().datasets.check(id))
}

/** Stops the health check; the last report stays. */
export async function cancelCheck(id: string): Promise<void> {
  await attempt(() => engineClient().datasets.cancelCheck(id))
}

async function exclude(input: ExcludeInput): Promise<DatasetOverview> {
  const overview = await engineClient().datasets.exclude(input)
  putOverview(overview)
  return overview
}

/** Leaves pictures out, or takes them back; `count` is said in the toast, which undoes it. */
export async function excludePictures(input: ExcludeInput, count: number): Promise<void> {
  const overview = await attempt(() => exclude(input))
  if (!overview) return
  offerUndo(
    {
      words: () => i18next.t(input.excluded ? 'frame:undo.leaveOut' : 'frame:undo.takeBack', { count }),
      undo: async () => void (await exclude({ ...input, excluded: !input.excluded })),
      redo: async () => void (await exclude(input)),
    },
    {
      title: i18next.t(input.excluded ? 'dataset:leftOut' : 'dataset:takenBack', { count }),
      text: [
        i18next.t('dataset:fingerprintChanges'),
        ...(overview.usedBy.length > 0 ? [i18next.t('dataset:inUse', { count: overview.usedBy.length })] : []),
      ].join(' '),
    },
  )
}

/** Sets how pictures come to their parts, in place of how they did. False when the engine refused. */
export async function setSplit(before: DatasetOverview, split: SplitRecipe): Promise<boolean> {
  const set = async (recipe: SplitRecipe) => putOverview(await engineClient().datasets.setSplit(before.id, recipe))
  const done = await attempt(async () => {
    await set(split)
    return true
  })
  if (!done) return false
  offerUndo(
    {
      words: () => i18next.t('frame:undo.split', { name: before.label }),
      undo: () => set(before.split),
      redo: () => set(split),
    },
    { title: i18next.t('dataset:split.applied') },
  )
  return true
}

/** Gives the split to the reader as a file. */
export async function downloadSplit(id: string): Promise<void> {
  const text = await attempt(() => engineClient().datasets.exportSplit(id))
  if (text === null) return
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${id}-split.csv`
  link.click()
  URL.revokeObjectURL(address)
}
