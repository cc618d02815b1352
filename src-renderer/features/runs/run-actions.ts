// What can be done with marked runs. Each says what happened in a toast and can be undone where that is possible.
import i18next from 'i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { navigate } from '../../router/router.ts'
import { dropRun, isLive, putRun } from '../../stores/runs-store.ts'
import { selectRuns } from '../../stores/selection-store.ts'
import { showToast } from '../../ui/toast.tsx'
import { changesBetween } from '../new-run/start-run.ts'

/** One run: opens the form filled with its settings. Several: queues each with the settings it had. */
export async function runAgain(runs: readonly RunSummary[]): Promise<void> {
  const [only] = runs
  if (!only) return
  if (runs.length === 1) {
    navigate({ view: 'new-run', recipeId: only.recipeId, from: only.id })
    return
  }
  await attempt(async () => {
    const client = engineClient()
    for (const { id, name } of runs) {
      const { recipe, config, recipeId } = await client.runs.get(id)
      putRun(await client.runs.start({ recipeId, name, changes: changesBetween(recipe.config, config) }))
    }
    showToast({ title: i18next.t('runs:queuedAgain', { count: runs.length }) })
  })
}

async function restore(ids: readonly string[]): Promise<void> {
  await attempt(async () => {
    for (const id of ids) putRun(await engineClient().runs.restore(id))
  })
}

/** Moves runs to the bin; those that train stay. The toast takes it back. */
export async function moveToBin(runs: readonly RunSummary[]): Promise<void> {
  const movable = runs.filter((run) => !isLive(run))
  if (movable.length < runs.length) showToast({ title: i18next.t('runs:liveStays') })
  const moved: string[] = []
  await attempt(async () => {
    for (const { id } of movable) {
      await engineClient().runs.remove(id)
      moved.push(id)
      dropRun(id)
    }
  })
  if (moved.length === 0) return
  selectRuns(moved, false)
  showToast({
    title: i18next.t('runs:movedToBin', { count: moved.length }),
    action: { label: i18next.t('undo'), onSelect: () => void restore(moved) },
  })
}

/** Gives a run another name; an empty one changes nothing. */
export async function renameRun(run: RunSummary, name: string): Promise<void> {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed === run.name) return
  await attempt(async () => putRun(await engineClient().runs.rename(run.id, trimmed)))
}
