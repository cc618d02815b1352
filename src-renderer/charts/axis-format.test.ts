import { expect, test } from 'vitest'
import { axisCount, axisNumber, axisPercent, axisRate, axisTime, isPowerOfTen } from './axis-format.ts'
import { sparklineShape } from './sparkline-path.ts'

test('counts use k and M from a thousand and a million', () => {
  expect([0, 500, 1500, 16_000, 64_000, 1_250_000].map(axisCount)).toEqual(['0', '500', '1.5k', '16k', '64k', '1.25M'])
})

test('percent and plain ticks have the decimals their distance needs', () => {
  expect(axisPercent(0.85, 0.05)).toBe('85')
  expect(axisPercent(0.975, 0.005)).toBe('97.5')
  expect(axisPercent(0.9925, 0.0025)).toBe('99.25')
  expect(axisNumber(0.4, 0.4)).toBe('0.4')
  expect(axisNumber(2, 1)).toBe('2')
  expect(axisNumber(150_000, 50_000)).toBe('150k')
})

test('rates are written as papers do', () => {
  expect([0, 0.1, 0.01, 0.001, 0.00025].map(axisRate)).toEqual(['0', '0.1', '0.01', '1e-3', '2.5e-4'])
  expect([0.001, 0.1, 1, 10, 0.02, 3].map(isPowerOfTen)).toEqual([true, true, true, true, false, false])
})

test('times are short', () => {
  expect([5, 65, 3600, 5400].map(axisTime)).toEqual(['5 s', '1:05', '1:00 h', '1:30 h'])
})

test('a sparkline fills its box and a flat one stands in the middle', () => {
  const box = { width: 84, height: 20, inset: 3 }
  expect(sparklineShape([0, 1], box).path).toBe('M3 17L81 3')
  expect(sparklineShape([5, 5, 5], box).end).toEqual({ x: 81, y: 10 })
  expect(sparklineShape([], box)).toEqual({ path: '', end: null, reference: null })
  expect(sparklineShape([0, 1], box, { domain: [0, 2], reference: 2 }).reference).toBe(3)
})
