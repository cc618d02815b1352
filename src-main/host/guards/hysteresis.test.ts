import { expect, test } from 'vitest'
import { createHysteresis } from './hysteresis.ts'

const changes = (
  bad: 'above' | 'below',
  readings: number,
  limits: { trip: number; recover: number },
  values: number[],
) => {
  const guard = createHysteresis(bad, readings)
  return values.map((value) => guard.read(value, limits))
}

test('a temperature trips above its limit and recovers only well below it', () => {
  const limits = { trip: 90, recover: 85 }
  expect(changes('above', 1, limits, [90, 91, 90, 86, 85, 89, 90, 95, 85.1, 84])).toEqual([
    null,
    'tripped',
    null,
    null,
    'recovered',
    null,
    null,
    'tripped',
    null,
    'recovered',
  ])
})

test('free bytes trip below their limit and recover only well above it', () => {
  const limits = { trip: 100, recover: 120 }
  expect(changes('below', 1, limits, [100, 99, 100, 119, 120, 101, 99])).toEqual([
    null,
    'tripped',
    null,
    null,
    'recovered',
    null,
    'tripped',
  ])
})

test('single peaks and single good readings change nothing', () => {
  const limits = { trip: 90, recover: 85 }
  expect(changes('above', 2, limits, [95, 80, 95, 95, 80, 95, 80, 80])).toEqual([
    null,
    null,
    null,
    'tripped',
    null,
    null,
    null,
    'recovered',
  ])
})

test('limits that move count for the reading at hand', () => {
  const guard = createHysteresis('below', 1)
  expect(guard.read(50, { trip: 100, recover: 120 })).toBe('tripped')
  expect(guard.read(50, { trip: 0, recover: 0 })).toBe('recovered')
  expect(guard.tripped()).toBe(false)
})
