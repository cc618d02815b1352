import { expect, test } from 'vitest'
import { nextPlace } from './grid-keys.ts'

const shape = { total: 23, columns: 5, rowsInView: 3 }

test('arrows move by one and by a row, and stay inside', () => {
  expect(nextPlace(7, 'ArrowRight', shape)).toBe(8)
  expect(nextPlace(7, 'ArrowLeft', shape)).toBe(6)
  expect(nextPlace(7, 'ArrowDown', shape)).toBe(12)
  expect(nextPlace(7, 'ArrowUp', shape)).toBe(2)
  expect(nextPlace(2, 'ArrowUp', shape)).toBe(2)
  expect(nextPlace(0, 'ArrowLeft', shape)).toBe(0)
  expect(nextPlace(22, 'ArrowRight', shape)).toBe(22)
})

test('a short last row is reached from above', () => {
  expect(nextPlace(19, 'ArrowDown', shape)).toBe(22)
  expect(nextPlace(21, 'ArrowDown', shape)).toBe(21)
})

test('pages keep the column at the top; Home and End reach the ends', () => {
  expect(nextPlace(16, 'PageUp', shape)).toBe(6)
  expect(nextPlace(8, 'PageUp', shape)).toBe(3)
  expect(nextPlace(3, 'PageDown', shape)).toBe(13)
  expect(nextPlace(12, 'Home', shape)).toBe(0)
  expect(nextPlace(12, 'End', shape)).toBe(22)
})

test('other keys and an empty grid move nothing', () => {
  expect(nextPlace(3, 'x', shape)).toBeNull()
  expect(nextPlace(0, 'End', { ...shape, total: 0 })).toBeNull()
})
