import { expect, test } from 'vitest'
import { busyShare, cpuTimes } from './machine-load.ts'

test('the busy share is what the cores did not idle', () => {
  expect(busyShare({ idle: 1000, total: 2000 }, { idle: 1150, total: 2200 })).toBeCloseTo(0.25, 12)
  expect(busyShare({ idle: 1000, total: 2000 }, { idle: 1000, total: 2000 })).toBe(0)
})

test('the machine reports its times', () => {
  const { idle, total } = cpuTimes()
  expect(total).toBeGreaterThan(idle)
})
