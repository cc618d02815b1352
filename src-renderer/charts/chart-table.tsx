// The table twin of a chart: the same values, sortable and to be copied.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import styles from './chart-table.module.css'
import { alignSeries, type CurveSeries } from './curve-series.ts'

export interface ChartTableProps {
  series: readonly CurveSeries[]
  version: number
  /** Head of the first column. */
  positionLabel: string
  formatPosition: (value: number) => string
  formatValue: (value: number) => string
  sortLabel: (column: string) => string
}

const rowHeight = 28

/** Rows of a table twin: position, then the value of each series or null. Smoothed lines are drawings, not data. */
export function tableRows(series: readonly CurveSeries[]): (number | null)[][] {
  const [positions, ...columns] = alignSeries(series.filter(({ smoothed }) => !smoothed))
  return positions.map((position, index) => [position, ...columns.map((column) => column[index] ?? null)])
}

/** `rows` by one column; gaps stand last in either order. */
export function sortedRows(
  rows: readonly (number | null)[][],
  column: number,
  order: 'asc' | 'desc',
): (number | null)[][] {
  const sign = order === 'asc' ? 1 : -1
  return [...rows].sort((a, b) => {
    const [left, right] = [a[column] ?? null, b[column] ?? null]
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
    return sign * (left - right)
  })
}

/** The table as tab-separated raw values. */
export function tableText(positionLabel: string, series: readonly CurveSeries[]): string {
  const heads = [positionLabel, ...series.filter(({ smoothed }) => !smoothed).map(({ label }) => label)]
  return [heads, ...tableRows(series)].map((row) => row.map((cell) => cell ?? '').join('\t')).join('\n')
}

export function ChartTable(props: ChartTableProps) {
  const { series, version, positionLabel, formatPosition, formatValue, sortLabel } = props
  const [sort, setSort] = useState<{ column: number; order: 'asc' | 'desc' }>({ column: 0, order: 'asc' })
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => sortedRows(tableRows(series), sort.column, sort.order), [series, version, sort])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const heads = [positionLabel, ...series.filter(({ smoothed }) => !smoothed).map(({ label }) => label)]
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={scroll} className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {heads.map((head, column) => (
              <th
                key={head}
                scope="col"
                aria-sort={sort.column !== column ? 'none' : sort.order === 'asc' ? 'ascending' : 'descending'}
              >
                <button
                  type="button"
                  title={sortLabel(head)}
                  onClick={() =>
                    setSort({ column, order: sort.column === column && sort.order === 'asc' ? 'desc' : 'asc' })
                  }
                >
                  {head}
                  {sort.column === column && (sort.order === 'asc' ? ' ↑' : ' ↓')}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {items.map(({ index, key }) => (
            <tr key={key}>
              {rows[index]?.map((cell, column) => (
                <td key={heads[column]} data-raw={cell ?? ''}>
                  {cell === null ? '–' : column === 0 ? formatPosition(cell) : formatValue(cell)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  )
}
