// Starting a draft, and filling one from an earlier run.
import i18next from 'i18next'
import type { StartSweepInput } from '../../../src-main/shared/api.ts'
import type { FieldValue } from '../../../src-main/shared/config-fields.ts'
import { configFields, configValue } from '../../../src-main/shared/config-fields.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { navigate } from '../../router/router.ts'
import { putRun } from '../../stores/runs-store.ts'
import { setChoice } from '../../stores/ui-store.ts'
import { showToast } from '../../ui/toast.tsx'
import { type Changes, type Draft, withChange } from './draft.ts'
import { dropDraft } from './draft-store.ts'

/** Every setting in which `run` differs from `recipe`, those that do not count as leaving it included. */
export function changesBetween(recipe: RunConfig, run: RunConfig): Changes {
  return configFields.reduce<Changes>(
    (changes, { key }) => withChange(recipe, changes, key, configValue(run, key) as FieldValue),
    {},
  )
}

/** Queues every run of a sweep and shows them together. False when the engine refused; a toast has said why. */
export async function startSweep(input: StartSweepInput): Promise<boolean> {
  const runs = await attempt(() => engineClient().runs.startSweep(input))
  if (!runs) return false
  for (const run of runs) putRun(run)
  setChoice('runs.group', 'sweep')
  showToast({ title: i18next.t('newRun:sweep.started', { count: runs.length }) })
  navigate({ view: 'runs' })
  return true
}

/** Starts the run of a draft and opens it. False when the engine refused; a toast has said why. */
export async function startDraft(draftId: string, recipeId: string, draft: Draft, first: boolean): Promise<boolean> {
  const name = draft.name.trim()
  const run = await attempt(() =>
    engineClient().runs.start({ recipeId, changes: { ...draft.changes }, first, ...(name !== '' && { name }) }),
  )
  if (!run) return false
  putRun(run)
  dropDraft(draftId)
  if (run.status === 'queued' && (run.queuePosition ?? 1) > 1) {
    showToast({ title: i18next.t('newRun:queuedToast', { name: run.name }) })
  }
  navigate({ view: 'run', runId: run.id, tab: null })
  return true
}
