import { expect, test } from 'vitest'
import { nextRow } from './row-focus.ts'

const rows = ['a', 'b', 'c']

test('arrow keys and J, K move by one and stop at the ends', () => {
  expect(nextRow(rows, 'a', 'ArrowDown')).toBe('b')
  expect(nextRow(rows, 'b', 'k')).toBe('a')
  expect(nextRow(rows, 'a', 'ArrowUp')).toBe('a')
  expect(nextRow(rows, 'c', 'j')).toBe('c')
})

test('Home and End go to the first and last row', () => {
  expect(nextRow(rows, 'b', 'End')).toBe('c')
  expect(nextRow(rows, 'b', 'Home')).toBe('a')
})

test('without a row yet the first key goes to the first one', () => {
  expect(nextRow(rows, null, 'ArrowDown')).toBe('a')
  expect(nextRow([], null, 'ArrowDown')).toBeNull()
})

test('other keys do not move', () => {
  expect(nextRow(rows, 'a', 'x')).toBeNull()
})
