import { expect, test } from 'vitest'
import { topClasses } from './predictions.ts'

test('classes come by logit, ties by index, with probabilities of all classes', () => {
  const top = topClasses(Float32Array.from([0, Math.log(2), 0, Math.log(4)]), 3)
  expect(top.map(({ index }) => index)).toEqual([3, 1, 0])
  expect(top.map(({ probability }) => probability)).toEqual([0.5, 0.25, 0.125].map((p) => expect.closeTo(p, 6)))
})

test('large logits do not overflow, and fewer classes than asked for are all there', () => {
  const top = topClasses(Float32Array.from([1000, 999]), 5)
  expect(top).toHaveLength(2)
  expect(top[0]?.probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 6)
})
