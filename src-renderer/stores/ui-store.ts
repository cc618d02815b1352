// What belongs to this window alone: open layers, the sidebar, remembered choices of lists.
import { create } from 'zustand'

/** What the dialog for adding a data set starts with. */
export interface AddDatasetStart {
  path?: string
  /** The known data set that the folder becomes; a new one named after the folder without it. */
  as?: { id: string; label: string }
  /** Something was dropped on a page that cannot learn its path. */
  pathUnknown?: boolean
}

export interface UiState {
  paletteOpen: boolean
  shortcutsOpen: boolean
  /** Null while the dialog is closed. */
  addDataset: AddDatasetStart | null
  /** Null follows the window's width. */
  sidebarNarrow: boolean | null
  /** Choices of lists by name, such as the grouping of runs; kept between sessions. */
  choices: Record<string, string>
}

const storageKey = 'reprise.window'

function readStored(): Pick<UiState, 'sidebarNarrow' | 'choices'> {
  try {
    const stored = JSON.parse(globalThis.localStorage?.getItem(storageKey) ?? '{}') as Partial<UiState>
    return { sidebarNarrow: stored.sidebarNarrow ?? null, choices: stored.choices ?? {} }
  } catch {
    return { sidebarNarrow: null, choices: {} }
  }
}

export const useUiStore = create<UiState>()(() => ({
  paletteOpen: false,
  shortcutsOpen: false,
  addDataset: null,
  ...readStored(),
}))

const { setState, getState, subscribe } = useUiStore

subscribe(({ sidebarNarrow, choices }) => {
  globalThis.localStorage?.setItem(storageKey, JSON.stringify({ sidebarNarrow, choices }))
})

/** Opens or closes the command palette. */
export function setPaletteOpen(open: boolean): void {
  setState({ paletteOpen: open })
}

/** Opens or closes the list of shortcuts. */
export function setShortcutsOpen(open: boolean): void {
  setState({ shortcutsOpen: open })
}

/** Opens the dialog for adding a data set. */
export function openAddDataset(start: AddDatasetStart = {}): void {
  setState({ addDataset: start })
}

/** Closes the dialog for adding a data set. */
export function closeAddDataset(): void {
  setState({ addDataset: null })
}

/** Turns the sidebar from words to icons and back. What the window's width asks for anyway is not kept as a choice. */
export function toggleSidebar(): void {
  const byWidth = window.innerWidth < 1100
  const narrow = !(getState().sidebarNarrow ?? byWidth)
  setState({ sidebarNarrow: narrow === byWidth ? null : narrow })
}

/** Remembers a choice of a list under a name. */
export function setChoice(name: string, value: string): void {
  setState({ choices: { ...getState().choices, [name]: value } })
}

/** A remembered choice, or the given one. */
export function useChoice<T extends string>(name: string, fallback: T): T {
  return useUiStore((state) => (state.choices[name] as T | undefined) ?? fallback)
}
