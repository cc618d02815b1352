// Drafts of runs, one per recipe and source run. They survive navigation, a switch of the language and a reload.
import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import type { FieldValue } from '../../../src-main/shared/config-fields.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { type Changes, type Draft, emptyDraft, withChange, withoutChanges } from './draft.ts'

interface DraftState {
  drafts: Record<string, Draft>
}

export const useDraftStore = create<DraftState>()(
  persist((): DraftState => ({ drafts: {} }), {
    name: 'reprise.drafts',
    storage: createJSONStorage(() => sessionStorage),
  }),
)

const { setState, getState } = useDraftStore

/** Name of the draft that belongs to an address. */
export function draftId(recipeId: string, from: string | null): string {
  return from === null ? recipeId : `${recipeId} from ${from}`
}

function update(id: string, change: (draft: Draft) => Draft) {
  const { drafts } = getState()
  setState({ drafts: { ...drafts, [id]: change(drafts[id] ?? emptyDraft) } })
}

/** The draft of an address, empty until something is changed. */
export function useDraft(id: string): Draft {
  return useDraftStore((state) => state.drafts[id] ?? emptyDraft)
}

/** True once the draft was begun, so that the settings of a source run are filled in only once. */
export function hasDraft(id: string): boolean {
  return id in getState().drafts
}

/** Sets a field; null means that its text is no value yet, and the last good value stays. */
export function setField(id: string, recipe: RunConfig, key: string, value: FieldValue | null): void {
  update(id, (draft) => {
    const unreadable = draft.unreadable.filter((other) => other !== key)
    if (value === null) return { ...draft, unreadable: [...unreadable, key] }
    return { ...draft, unreadable, changes: withChange(recipe, draft.changes, key, value) }
  })
}

/** Returns fields to the recipe. */
export function resetFields(id: string, keys: readonly string[]): void {
  update(id, (draft) => ({
    ...draft,
    changes: withoutChanges(draft.changes, keys),
    unreadable: draft.unreadable.filter((key) => !keys.includes(key)),
  }))
}

export function setDraftName(id: string, name: string): void {
  update(id, (draft) => ({ ...draft, name }))
}

/** Puts changes in place of the draft's, as when it is filled from another run or an undo brings them back. */
export function replaceDraft(id: string, draft: { name?: string; changes: Changes }): void {
  update(id, () => ({ ...emptyDraft, ...draft }))
}

/** Forgets a draft, as after its run has started. */
export function dropDraft(id: string): void {
  const { [id]: _, ...drafts } = getState().drafts
  setState({ drafts })
}
