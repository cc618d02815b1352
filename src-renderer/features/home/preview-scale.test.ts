import { expect, test } from 'vitest'
import { previewPath, previewScale } from './preview-scale.ts'

test('the range holds the tolerance band and the later part of the curve, in few round ticks', () => {
  const scale = previewScale([0.5, 0.9, 0.97, 0.985, 0.99, 0.9905], 0.9905, 0.0015)
  expect(scale.low).toBeLessThanOrEqual(0.9)
  expect(scale.high).toBeGreaterThan(0.9905 + 0.0015)
  expect(scale.high).toBeLessThanOrEqual(1)
  expect(scale.ticks.length).toBeLessThanOrEqual(6)
  expect(scale.y(scale.low)).toBe(1000)
})

test('without values the paper alone makes the range', () => {
  const scale = previewScale([], 0.9303, 0.003)
  expect(scale.low).toBeLessThan(0.927)
  expect(scale.high).toBeGreaterThan(0.933)
})

test('a curve that is not over ends where its share of the width ends', () => {
  const scale = previewScale([0.9, 0.95], 0.95, 0.01)
  expect(previewPath([0.9, 0.95], scale, 0.5)).toMatch(/^M250\.0 .*L500\.0 /)
  expect(previewPath([], scale)).toBe('')
  expect(previewPath([0.95], scale, 0.5)).toMatch(/^M500\.0 .*h0$/)
})
