// What can be done with marked runs beside the bin.
import i18next from 'i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { navigate } from '../../router/router.ts'
import { putRun } from '../../stores/runs-store.ts'
import { showToast } from '../../ui/toast.tsx'
import { changesBetween } from '../new-run/start-run.ts'
import { resumeRun } from '../run/run-actions.ts'

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

/** Lets runs that were paused or broken off go on, the first one first. */
export async function resumeRuns(runs: readonly RunSummary[]): Promise<void> {
  // Each goes to the head of the queue.
  for (const run of [...runs].reverse()) await resumeRun(run)
}
