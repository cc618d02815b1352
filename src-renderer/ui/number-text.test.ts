import { expect, test } from 'vitest'
import { numberText, parseNumberText, stepNumber } from './number-text.ts'

test('numbers are written as recipes write them', () => {
  expect([128, 0.1, 0.0001, 0.0005, 0, -0.25].map(numberText)).toEqual(['128', '0.1', '1e-4', '5e-4', '0', '-0.25'])
})

test('scientific notation, decimal commas and the minus sign are read', () => {
  expect(parseNumberText(' 1e-4 ')).toBe(0.0001)
  expect(parseNumberText('0,5')).toBe(0.5)
  expect(parseNumberText('−2')).toBe(-2)
})

test('text that is no number is null, never zero', () => {
  for (const text of ['', ' ', 'abc', '1e', '1,2,3', 'Infinity']) expect(parseNumberText(text)).toBeNull()
})

test('steps multiply or add without rounding dust and stay within the limits', () => {
  expect(stepNumber(0.1, -1, { times: 10 })).toBe(0.01)
  expect(stepNumber(0.3, 1, { add: 0.1 })).toBe(0.4)
  expect(stepNumber(128, 1, { times: 2 }, { integer: true })).toBe(256)
  expect(stepNumber(1, -1, { times: 2 }, { integer: true, min: 1 })).toBe(1)
  expect(stepNumber(0, 1, { times: 10 }, { min: 0 })).toBe(0.0001)
  expect(stepNumber(0.95, 1, { add: 0.05 }, { max: 0.9999 })).toBe(0.9999)
})
