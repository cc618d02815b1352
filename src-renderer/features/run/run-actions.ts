// What a reader can do with a run. Each action shows its result at once and can be undone where that is possible.
import i18next from 'i18next'
import type { RunDetail, RunSummary } from '../../../src-main/shared/api.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import type { ResumeChange } from '../../../src-main/shared/saved-state.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { navigate } from '../../router/router.ts'
import { routePath } from '../../router/routes.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { putProof } from '../../stores/run-details-store.ts'
import { dropRun, putRun } from '../../stores/runs-store.ts'
import { setChoice } from '../../stores/ui-store.ts'
import { showToast } from '../../ui/toast.tsx'
import type { Changes } from '../new-run/draft.ts'
import { draftId, replaceDraft } from '../new-run/draft-store.ts'
import { changesBetween } from '../new-run/start-run.ts'
import { moveToBin, offerRestore } from '../runs/bin-actions.ts'

/** Stops a run that trains: after this epoch, now, or now and into the bin. */
export async function stopRun(run: RunDetail, mode: 'epoch' | 'now' | 'bin'): Promise<void> {
  const stopped = await attempt(() => engineClient().runs.stop({ runId: run.id, mode }))
  if (!stopped) return
  if (mode === 'bin') {
    dropRun(run.id)
    navigate({ view: 'runs' })
    offerRestore([run])
    return
  }
  putRun(stopped)
  if (mode === 'epoch') showToast({ title: i18next.t('run:stop.asked') })
}

/** Pauses a run that trains; the way is remembered for the next time. */
export async function pauseRun(run: Pick<RunSummary, 'id'>, keepDevice: boolean): Promise<void> {
  setChoice('pause', keepDevice ? 'keep' : 'free')
  const pausing = await attempt(() => engineClient().runs.pause({ runId: run.id, keepDevice }))
  if (pausing) putRun(pausing)
}

/** Lets a run go on from its saved state, with a change where one is asked for. */
export async function resumeRun(run: Pick<RunSummary, 'id'>, change?: ResumeChange): Promise<void> {
  const resumed = await attempt(() => engineClient().runs.resume({ runId: run.id, change }))
  if (!resumed) return
  putRun(resumed)
  const key = resumed.status === 'queued' ? 'goesOnQueued' : 'goesOn'
  showToast({ title: i18next.t(`run:broken.${key}`, { name: resumed.name }) })
}

/** Leaves a run that was broken off as it is: it stays stopped and is judged by its finished seeds. */
export async function stopHere(run: Pick<RunSummary, 'id'>): Promise<void> {
  const stopped = await attempt(() => engineClient().runs.stop({ runId: run.id, mode: 'now' }))
  if (stopped) putRun(stopped)
}

/** Begins the proof that this run can be broken off and goes on as if it had not been. */
export async function proveResume(runId: string): Promise<void> {
  const proof = await attempt(() => engineClient().proofs.start(runId))
  if (proof) putProof(runId, proof)
}

export async function cancelProof(runId: string): Promise<void> {
  const proof = await attempt(() => engineClient().proofs.cancel(runId))
  if (proof) putProof(runId, proof)
}

/** Moves a run that does not train to the bin. */
export async function moveRunToBin(run: RunDetail): Promise<void> {
  if (await moveToBin([run])) navigate({ view: 'runs' })
}

/** Address of a new run with the settings of this one. */
export function againAddress(run: RunDetail): string {
  return routePath({ view: 'new-run', recipeId: run.recipeId, from: run.id })
}

/** The recipe as it is now: what a new run starts from. The run keeps the recipe as it was. */
export function presentRecipe(run: Pick<RunDetail, 'recipeId' | 'recipe'>): RunConfig {
  const known = useEngineStore.getState().recipes?.find(({ recipe }) => recipe.id === run.recipeId)
  return known?.recipe.config ?? run.recipe.config
}

/** Opens the form with this run's settings and something else in them. */
export function runAgainWith(run: RunDetail, change: (changes: Changes) => Changes): void {
  const changes = change(changesBetween(presentRecipe(run), run.config))
  replaceDraft(draftId(run.recipeId, run.id), { changes })
  navigate(againAddress(run))
}
