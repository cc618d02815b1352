// What a reader can do with a run. Each action shows its result at once and can be undone where that is possible.
import i18next from 'i18next'
import type { RunDetail, RunSummary } from '../../../src-main/shared/api.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { navigate } from '../../router/router.ts'
import { routePath } from '../../router/routes.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { dropRun, putRun } from '../../stores/runs-store.ts'
import { showToast } from '../../ui/toast.tsx'
import type { Changes } from '../new-run/draft.ts'
import { draftId, replaceDraft } from '../new-run/draft-store.ts'
import { changesBetween } from '../new-run/start-run.ts'

function offerRestore(run: RunSummary) {
  showToast({
    title: i18next.t('run:movedToBin', { name: run.name }),
    action: {
      label: i18next.t('undo'),
      onSelect: () =>
        void attempt(async () => {
          putRun(await engineClient().runs.restore(run.id))
          navigate({ view: 'run', runId: run.id, tab: null })
        }),
    },
  })
}

/** Stops a run that trains: after this epoch, now, or now and into the bin. */
export async function stopRun(run: RunDetail, mode: 'epoch' | 'now' | 'bin'): Promise<void> {
  const stopped = await attempt(() => engineClient().runs.stop({ runId: run.id, mode }))
  if (!stopped) return
  if (mode === 'bin') {
    dropRun(run.id)
    navigate({ view: 'runs' })
    offerRestore(run)
    return
  }
  putRun(stopped)
  if (mode === 'epoch') showToast({ title: i18next.t('run:stop.asked') })
}

/** Moves a run that does not train to the bin. */
export async function moveRunToBin(run: RunDetail): Promise<void> {
  const gone = await attempt(async () => {
    await engineClient().runs.remove(run.id)
    return true
  })
  if (!gone) return
  dropRun(run.id)
  navigate({ view: 'runs' })
  offerRestore(run)
}

export async function renameRun(runId: string, name: string): Promise<void> {
  const renamed = await attempt(() => engineClient().runs.rename(runId, name))
  if (renamed) putRun(renamed)
}

/** Address of a new run with the settings of this one. */
export function againAddress(run: RunDetail): string {
  return routePath({ view: 'new-run', recipeId: run.recipeId, from: run.id })
}

/** The recipe as it is now: what a new run starts from. The run keeps the recipe as it was. */
export function presentRecipe(run: RunDetail): RunConfig {
  const known = useEngineStore.getState().recipes?.find(({ recipe }) => recipe.id === run.recipeId)
  return known?.recipe.config ?? run.recipe.config
}

/** Opens the form with this run's settings and something else in them. */
export function runAgainWith(run: RunDetail, change: (changes: Changes) => Changes): void {
  const changes = change(changesBetween(presentRecipe(run), run.config))
  replaceDraft(draftId(run.recipeId, run.id), { changes })
  navigate(againAddress(run))
}
