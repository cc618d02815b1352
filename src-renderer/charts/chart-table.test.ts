import { expect, test } from 'vitest'
import { sortedRows, tableRows, tableText } from './chart-table.tsx'
import type { CurveSeries } from './curve-series.ts'

const line = (id: string, x: number[], y: number[], smoothed = false): CurveSeries => ({
  id,
  label: id,
  look: 'main',
  color: 1,
  x,
  y,
  smoothed,
})
const series = [line('a', [1, 2], [0.5, 0.6]), line('b', [2, 3], [0.7, 0.4]), line('a drawn', [1, 2], [0, 0], true)]

test('the table holds every value of the chart and no smoothed one', () => {
  expect(tableRows(series)).toEqual([
    [1, 0.5, null],
    [2, 0.6, 0.7],
    [3, null, 0.4],
  ])
  expect(tableText('epoch', series)).toBe('epoch\ta\tb\n1\t0.5\t\n2\t0.6\t0.7\n3\t\t0.4')
})

test('gaps stand last in either order', () => {
  const rows = tableRows(series)
  expect(sortedRows(rows, 2, 'asc').map((row) => row[2])).toEqual([0.4, 0.7, null])
  expect(sortedRows(rows, 2, 'desc').map((row) => row[2])).toEqual([0.7, 0.4, null])
})
