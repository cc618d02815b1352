export interface GridShape {
  total: number
  columns: number
  /** Whole rows that are in view. */
  rowsInView: number
}

/** Where the focus of a grid goes for a key, or null when the key does not move it. Places count from 0. */
export function nextPlace(place: number, key: string, { total, columns, rowsInView }: GridShape): number | null {
  const step: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * Math.max(1, rowsInView - 1),
    PageDown: columns * Math.max(1, rowsInView - 1),
  }
  if (total === 0) return null
  if (key === 'Home') return 0
  if (key === 'End') return total - 1
  const by = step[key]
  if (by === undefined) return null
  const next = place + by
  // Up and down keep the column; at an edge they stay, except that a short last row is reached from above.
  if (next < 0) return Math.abs(by) >= columns ? place % columns : 0
  if (next >= total) {
    const lastRow = Math.floor((total - 1) / columns)
    return by >= columns && Math.floor(place / columns) < lastRow ? total - 1 : place
  }
  return next
}
