// Rows that are marked in the list of runs.
import { create } from 'zustand'

export interface SelectionState {
  runs: ReadonlySet<string>
}

export const useSelectionStore = create<SelectionState>()(() => ({ runs: new Set() }))

/** Marks or unmarks runs. */
export function selectRuns(ids: readonly string[], selected: boolean): void {
  useSelectionStore.setState(({ runs }) => {
    const next = new Set(runs)
    for (const id of ids) {
      if (selected) next.add(id)
      else next.delete(id)
    }
    return { runs: next }
  })
}

/** Unmarks everything. */
export function clearSelection(): void {
  useSelectionStore.setState({ runs: new Set() })
}
