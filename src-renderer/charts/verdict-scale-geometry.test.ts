import { expect, test } from 'vitest'
import { scaleTicks, verdictScaleGeometry } from './verdict-scale-geometry.ts'

const seeds = (...values: number[]) => values.map((value, index) => ({ seed: index + 1, value }))
const values = { paper: 0.9303, tolerance: 0.003, mean: 0.9241, half: 0.0017, seeds: seeds(0.9238, 0.9255, 0.9221) }

test('the span is three tolerances to each side, so the band is the middle third', () => {
  const scale = verdictScaleGeometry(values)
  expect(scale.domain[0]).toBeCloseTo(0.9213)
  expect(scale.domain[1]).toBeCloseTo(0.9393)
  expect(scale.band.left).toBeCloseTo(1 / 3)
  expect(scale.band.right).toBeCloseTo(2 / 3)
  expect(scale.paper).toBe(0.5)
})

test('mean, interval and seeds stand where their values are', () => {
  const scale = verdictScaleGeometry(values)
  expect(scale.mean).toBeCloseTo((0.9241 - 0.9213) / 0.018)
  expect(scale.interval?.left).toBeCloseTo((0.9224 - 0.9213) / 0.018)
  expect(scale.interval?.right).toBeCloseTo((0.9258 - 0.9213) / 0.018)
  expect(scale.seeds).toHaveLength(3)
})

test('values outside touch the edge', () => {
  const scale = verdictScaleGeometry({ ...values, mean: 0.5, half: 0.01, seeds: seeds(0.5, 1) })
  expect(scale.mean).toBe(0)
  expect(scale.interval).toEqual({ left: 0, right: 0 })
  expect(scale.seeds.map(({ at }) => at)).toEqual([0, 1])
})

test('without a mean or an interval nothing is drawn for them', () => {
  const scale = verdictScaleGeometry({ ...values, mean: null, half: null, seeds: [] })
  expect([scale.mean, scale.interval, scale.paperInterval]).toEqual([null, null, null])
})

test("the paper's own interval is drawn around its figure", () => {
  const scale = verdictScaleGeometry({ ...values, paperHalf: 0.003 })
  expect(scale.paperInterval?.left).toBeCloseTo(1 / 3)
})

test('a zero tolerance still gives a scale', () => {
  const scale = verdictScaleGeometry({ ...values, tolerance: 0 })
  expect(scale.band).toEqual({ left: 0.5, right: 0.5 })
  expect(scale.ticks.length).toBeGreaterThan(2)
})

test('ticks are round and keep clear of the edges', () => {
  expect(scaleTicks([0.9213, 0.9393])).toEqual([0.922, 0.924, 0.926, 0.928, 0.93, 0.932, 0.934, 0.936, 0.938])
})
