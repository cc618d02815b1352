// Fetching and adding data sets; progress and failures arrive as events.
import i18next from 'i18next'
import type { AddDatasetInput } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { navigate } from '../../router/router.ts'
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
  navigate({ view: 'datasets', datasetId: dataset.id })
  return true
}
