// What can be done with the queue. Each can be undone.
import i18next from 'i18next'
import type { QueuePriority, RunSummary } from '../../src-main/shared/api.ts'
import { RepriseError } from '../../src-main/shared/errors.ts'
import { placeInPriority, placeInQueue } from '../stores/queue-store.ts'
import { useRunsStore } from '../stores/runs-store.ts'
import { remember, type Undoable } from '../stores/undo-store.ts'
import { attempt } from './attempt.ts'
import { tellOfUndo } from './undo.ts'

interface Place {
  priority: QueuePriority
  /** Among the runs of the priority, 1 first. */
  position: number
}

function placeOf(runId: string): Place | null {
  const run = useRunsStore.getState().runs?.find(({ id }) => id === runId)
  const position = placeInPriority(runId)
  return run && position !== null ? { priority: run.priority, position } : null
}

/** Puts a run at a place; refuses one that no longer waits. */
async function place(run: RunSummary, { priority, position }: Place): Promise<void> {
  if (placeOf(run.id) === null) {
    throw new RepriseError({ code: 'not-allowed', message: i18next.t('frame:queueGone', { name: run.name }) })
  }
  await placeInQueue(run.id, priority, position)
}

/** Puts a run elsewhere, with a way back from the moment that it is asked for. Null when it stayed where it was. */
async function move(run: RunSummary, after: Place, words: () => string): Promise<Undoable | null> {
  const before = placeOf(run.id)
  if (before === null) return null
  const action = { words, undo: () => place(run, before), redo: () => place(run, after) }
  const moving = action.redo()
  remember(action, moving)
  return attempt(async () => {
    await moving
    return action
  })
}

/** Moves a waiting run among those of a priority. The order shows it, so that no toast is needed. */
export async function moveInQueue(run: RunSummary, priority: QueuePriority, position: number): Promise<void> {
  await move(run, { priority, position }, () => i18next.t('frame:undo.order', { name: run.name }))
}

/** Gives a waiting run another priority, last among its new like. */
export async function setPriority(run: RunSummary, priority: QueuePriority): Promise<void> {
  if (placeOf(run.id)?.priority === priority) return
  const last = { priority, position: Number.MAX_SAFE_INTEGER }
  const action = await move(run, last, () => i18next.t('frame:undo.priority', { name: run.name }))
  if (action) tellOfUndo(action, { title: i18next.t(`frame:priorityGiven.${priority}`, { name: run.name }) })
}
