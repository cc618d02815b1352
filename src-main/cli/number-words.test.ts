import { expect, test } from 'vitest'
import { duration, percent, size } from './number-words.ts'

test('times show their two largest units', () => {
  expect([0.4, 48, 59.6, 60, 130, 3600, 5820, 7199.9, 172_799, 356_400].map(duration)).toEqual([
    '0 s',
    '48 s',
    '1 min',
    '1 min',
    '2 min 10 s',
    '1 h',
    '1 h 37 min',
    '2 h',
    '47 h 59 min',
    '4 d 3 h',
  ])
  expect(duration(null)).toBe('–')
})

test('accuracies are percent with two decimals, and a dash where there is none', () => {
  expect([0.98923, 1, null, undefined].map(percent)).toEqual(['98.92 %', '100.00 %', '–', '–'])
})

test('sizes have one decimal', () => {
  expect([0, 812, 11_496_804, 3.1 * 1024 ** 3].map(size)).toEqual(['0 B', '812 B', '11.0 MB', '3.1 GB'])
})
