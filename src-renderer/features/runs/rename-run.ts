import i18next from 'i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { putRun } from '../../stores/runs-store.ts'
import { remember } from '../../stores/undo-store.ts'

async function rename(id: string, name: string): Promise<void> {
  putRun(await engineClient().runs.rename(id, name))
}

/** Gives a run another name; an empty one changes nothing. */
export async function renameRun({ id, name: before }: Pick<RunSummary, 'id' | 'name'>, name: string): Promise<void> {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed === before) return
  const renaming = rename(id, trimmed)
  const words = () => i18next.t('frame:undo.rename', { name: trimmed })
  // The new name is on the screen: it needs no toast to be seen.
  remember({ words, undo: () => rename(id, before), redo: () => rename(id, trimmed) }, renaming)
  await attempt(() => renaming)
}
