// To the bin, back from it, and out of it for good.
import i18next from 'i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { offerUndo } from '../../frame/undo.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { refreshMachine } from '../../stores/engine-store.ts'
import { dropRun, isLive, putRun } from '../../stores/runs-store.ts'
import { selectRuns } from '../../stores/selection-store.ts'
import { refreshBin, refreshStorageRead } from '../../stores/storage-store.ts'
import { showToast } from '../../ui/toast.tsx'

async function restore(ids: readonly string[]): Promise<void> {
  for (const id of ids) putRun(await engineClient().runs.restore(id))
  void refreshStorageRead()
}

async function remove(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await engineClient().runs.remove(id)
    dropRun(id)
  }
  selectRuns(ids, false)
  void refreshStorageRead()
}

/** Says that runs were moved to the bin, with the way back. */
export function offerRestore(runs: readonly Pick<RunSummary, 'id' | 'name'>[]): void {
  const ids = runs.map(({ id }) => id)
  const words = { count: ids.length, name: runs[0]?.name ?? '' }
  offerUndo(
    { words: () => i18next.t('frame:undo.bin', words), undo: () => restore(ids), redo: () => remove(ids) },
    { title: i18next.t('runs:movedToBin', words) },
  )
}

/** Moves runs to the bin; those that a worker is at stay. True when something was moved. */
export async function moveToBin(runs: readonly RunSummary[]): Promise<boolean> {
  const movable = runs.filter((run) => !isLive(run))
  if (movable.length < runs.length) {
    showToast({ title: i18next.t('runs:liveStays', { count: runs.length - movable.length }) })
  }
  const moved: RunSummary[] = []
  await attempt(async () => {
    for (const run of movable) {
      await remove([run.id])
      moved.push(run)
    }
  })
  if (moved.length === 0) return false
  offerRestore(moved)
  return true
}

/** Puts runs of the bin back into the list. */
export async function restoreFromBin(runs: readonly RunSummary[]): Promise<void> {
  const ids = runs.map(({ id }) => id)
  const done = await attempt(async () => {
    await restore(ids)
    return true
  })
  const [only] = runs
  if (!done || !only) return
  const words = { count: ids.length, name: only.name }
  offerUndo(
    { words: () => i18next.t('frame:undo.restore', words), undo: () => remove(ids), redo: () => restore(ids) },
    { title: i18next.t('runs:restored', words) },
  )
}

/** Deletes runs of the bin for good. There is no way back. */
export async function deleteForGood(ids: readonly string[]): Promise<void> {
  const freed = await attempt(() => engineClient().storage.emptyBin([...ids]))
  void refreshBin()
  void refreshMachine()
  if (freed === null) return
  const numbers = numbersFor(i18next.language === 'zh' ? 'zh' : 'en')
  showToast({ title: i18next.t('runs:freed', { size: numbers.bytes(freed) }) })
}
