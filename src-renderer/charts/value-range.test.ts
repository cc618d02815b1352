import { expect, test } from 'vitest'
import { smooth } from './smoothing.ts'
import { decidedRange, logRange, lossRange, niceRange, niceStep } from './value-range.ts'

test('the accuracy axis starts where a paper of 93.03 % is decided', () => {
  expect(decidedRange(0.9303, 0.003, [0.1, 0.6, 0.85, 0.91, 0.92])).toEqual([0.8, 0.95])
})

test('a paper close to 100 % gets a closer look, and the axis never passes 100 %', () => {
  expect(decidedRange(0.9905, 0.003, [0.985, 0.988])).toEqual([0.97, 0.995])
  expect(decidedRange(0.999, 0.003, [])[1]).toBe(1)
})

test('while a run is far below, the axis reaches down to its second best value', () => {
  const [low] = decidedRange(0.9403, 0.002, [0.3, 0.52, 0.61])
  expect(low).toBeLessThanOrEqual(0.52)
  expect(low).toBeGreaterThan(0.3)
})

test('a value above the usual top is not cut off', () => {
  expect(decidedRange(0.6, 0.01, [0.9, 0.91])[1]).toBeGreaterThanOrEqual(0.91)
})

test('steps and ranges end on round numbers', () => {
  expect([0.013, 0.4, 3, 7, 80].map(niceStep)).toEqual([0.01, 0.5, 2, 5, 100])
  expect(niceRange([0.13, 0.87])).toEqual([0, 1])
  expect(niceRange([0.3, 0.3])).toEqual([0.27, 0.33])
})

test('the steep start of a loss curve may leave the top', () => {
  const loss = Array.from({ length: 100 }, (_, i) => (i < 5 ? 2.3 : 0.4))
  expect(lossRange([loss])[1]).toBeLessThan(1)
  expect(lossRange([])).toEqual([0, 1])
})

test('a log axis leaves room around its extent', () => {
  const [low, high] = logRange([0.001, 0.1])
  expect(low).toBeLessThan(0.001)
  expect(high).toBeGreaterThan(0.1)
})

test('smoothing starts at the first value, passes over what is not finite, and follows', () => {
  expect([...smooth([4, 4, 4], 0.8)].map((value) => Number(value.toFixed(9)))).toEqual([4, 4, 4])
  const smoothed = smooth([0, Number.NaN, 1, 1, 1, 1, 1, 1], 0.5)
  expect(smoothed[1]).toBeNaN()
  expect(smoothed[7]).toBeGreaterThan(0.95)
})
