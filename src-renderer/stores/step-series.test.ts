import { expect, test } from 'vitest'
import { createStepCurves } from './step-series.ts'

const points = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    step: from + index,
    epoch: (from + index) / 100,
    loss: 1 / (from + index + 1),
    lr: 0.1,
  }))

test('points are appended in order and grow past the first buffer', () => {
  const curves = createStepCurves()
  curves.append(1, points(0, 1000))
  curves.append(1, points(1000, 1500))
  const [series] = curves.seeds()
  expect(series?.length).toBe(2500)
  expect(series?.step.length).toBe(2500)
  expect(series?.step[2499]).toBe(2499)
  expect(series?.loss[0]).toBe(1)
})

test('points told twice, as after a reconnect, are taken once', () => {
  const curves = createStepCurves()
  curves.append(1, points(0, 10))
  curves.append(1, points(5, 10))
  expect([...(curves.seeds()[0]?.step ?? [])]).toEqual(Array.from({ length: 15 }, (_, step) => step))
})

test('replacing forgets what was there, seed by seed', () => {
  const curves = createStepCurves()
  curves.append(1, points(0, 10))
  curves.replace([{ seed: 2, points: points(0, 3) }])
  expect(curves.seeds().map(({ seed, length }) => [seed, length])).toEqual([[2, 3]])
})

test('a seed that goes on from an earlier step forgets what was behind it and takes it anew', () => {
  const curves = createStepCurves()
  curves.append(1, points(0, 10))
  curves.append(2, points(0, 10))
  curves.cut(1, 4)
  curves.append(1, points(5, 3))
  expect(curves.seeds().map(({ step }) => step.at(-1))).toEqual([7, 9])
})
