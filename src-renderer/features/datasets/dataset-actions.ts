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

/** Exclusions of this page that can still be undone, newest last. */
const done: ExcludeInput[] = []

async function carryOut(input: ExcludeInput): Promise<DatasetOverview | null> {
  const overview = await attempt(() => engineClient().datasets.exclude(input))
  if (overview) putOverview(overview)
  return overview
}

/** Takes back the newest exclusion, or taking back, of a data set. False when there is none. */
export function undoExclusion(id: string): boolean {
  const place = done.findLastIndex((one) => one.id === id)
  const [last] = place < 0 ? [] : done.splice(place, 1)
  if (!last) return false
  void carryOut({ ...last, excluded: !last.excluded })
  return true
}

/** Leaves pictures out, or takes them back; `count` is said in the toast, which undoes it. */
export async function excludePictures(input: ExcludeInput, count: number): Promise<void> {
  const overview = await carryOut(input)
  if (!overview) return
  done.push(input)
  showToast({
    title: i18next.t(input.excluded ? 'dataset:leftOut' : 'dataset:takenBack', { count }),
    text: [
      i18next.t('dataset:fingerprintChanges'),
      ...(overview.usedBy.length > 0 ? [i18next.t('dataset:inUse', { count: overview.usedBy.length })] : []),
    ].join(' '),
    action: { label: i18next.t('undo'), onSelect: () => undoExclusion(input.id) },
  })
}

/** Sets how pictures come to their parts. False when the engine refused. */
export async function setSplit(id: string, split: SplitRecipe): Promise<boolean> {
  const overview = await attempt(() => engineClient().datasets.setSplit(id, split))
  if (!overview) return false
  putOverview(overview)
  showToast({ title: i18next.t('dataset:split.applied') })
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
