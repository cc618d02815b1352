import { type KeyboardEvent, type SyntheticEvent, useState } from 'react'

export interface RowActions {
  /** The focus came to another row; `extend` when Shift was held. */
  onMove?: (id: string, extend: boolean) => void
  onOpen?: (id: string) => void
  /** Any other key on a row; true when it was used. */
  onKey?: (event: KeyboardEvent, id: string) => boolean
}

/** Where the focus goes for a key, or null when the key does not move it. */
export function nextRow(ids: readonly string[], current: string | null, key: string): string | null {
  const at = current === null ? -1 : ids.indexOf(current)
  if (key === 'ArrowDown' || key === 'j') return ids[Math.min(ids.length - 1, at + 1)] ?? null
  if (key === 'ArrowUp' || key === 'k') return ids[Math.max(0, at - 1)] ?? null
  if (key === 'Home') return ids[0] ?? null
  if (key === 'End') return ids.at(-1) ?? null
  return null
}

/** True when a click on a row meant a control inside of it. */
export function isOnControl({ target }: SyntheticEvent): boolean {
  return target instanceof Element && target.closest('a, button, input, label, [role="checkbox"]') !== null
}

function focusRow(container: Element, id: string) {
  const row = container.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)
  row?.focus()
  row?.scrollIntoView({ block: 'nearest' })
}

/**
 * One tab stop for a list of rows: arrow keys or J and K move between elements with `data-row`, Enter opens.
 *
 * @param ids rows in order of the screen
 * @param selected the row that takes the focus first
 */
export function useRowFocus(ids: readonly string[], selected: string | null, actions: RowActions) {
  const [focused, setFocused] = useState<string | null>(null)
  const current = [focused, selected].find((id) => id !== null && ids.includes(id)) ?? ids[0] ?? null

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null
    const id = row?.dataset.row
    if (id === undefined || row !== event.target) return
    const next = nextRow(ids, id, event.key)
    if (next !== null) {
      event.preventDefault()
      setFocused(next)
      focusRow(event.currentTarget, next)
      actions.onMove?.(next, event.shiftKey)
      return
    }
    if (event.key === 'Enter' && actions.onOpen) {
      event.preventDefault()
      actions.onOpen(id)
      return
    }
    if (actions.onKey?.(event, id)) event.preventDefault()
  }

  return { tabIndexOf: (id: string) => (id === current ? 0 : -1), onKeyDown }
}
