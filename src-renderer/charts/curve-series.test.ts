import { expect, test } from 'vitest'
import { alignSeries, type CurveSeries, extentOf, nearestIndex, valuesAt } from './curve-series.ts'

const series = (id: string, x: number[], y: number[], smoothed = false): CurveSeries => ({
  id,
  label: id,
  look: 'main',
  color: 1,
  smoothed,
  x,
  y,
})

test('series of different lengths share one x column, with gaps where one has no point', () => {
  expect(alignSeries([series('a', [0, 2, 4], [1, 2, 3]), series('b', [1, 2], [5, 6])])).toEqual([
    [0, 1, 2, 4],
    [1, null, 2, 3],
    [null, 5, 6, null],
  ])
})

test('values the axis cannot show become gaps', () => {
  expect(alignSeries([series('a', [0, 1, 2], [0.1, 0, Number.NaN])], (value) => value > 0)).toEqual([
    [0, 1, 2],
    [0.1, null, null],
  ])
})

test('extents pass over values that are not finite, and are missing for empty columns', () => {
  expect(extentOf([[3, Number.NaN, 1], new Float64Array([2])])).toEqual([1, 3])
  expect(extentOf([[], [Number.NaN]])).toBeNull()
})

test('the nearest index is found between, on and beyond the points', () => {
  const xs = [0, 10, 20]
  expect([-5, 4, 5, 6, 20, 99].map((x) => nearestIndex(xs, x))).toEqual([0, 0, 0, 1, 2, 2])
  expect(nearestIndex([], 1)).toBe(-1)
})

test('a tooltip lists the largest value first and leaves out smoothed lines and series that end earlier', () => {
  const values = valuesAt(
    [
      series('low', [0, 10, 20], [1, 1, 1]),
      series('high', [0, 10, 20], [9, 9, 9]),
      series('drawn only', [0, 10, 20], [5, 5, 5], true),
      series('short', [0, 1, 2], [3, 3, 3]),
    ],
    20,
  )
  expect(values.map((value) => value.id)).toEqual(['high', 'low'])
})
