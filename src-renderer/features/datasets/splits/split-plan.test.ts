import { expect, test } from 'vitest'
import { partCounts, plannedCounts } from './split-plan.ts'

const counts = { train: 45_000, val: 5000, test: 10_000 }
const given = { kind: 'given', valShare: 0.1, seed: 1 } as const

test('parts are summed over classes, without what is left out', () => {
  const one = { name: 'a', train: 3, val: 1, test: 2, excluded: 9 }
  expect(partCounts([one, { ...one, name: 'b', test: 0 }])).toEqual({ train: 6, val: 2, test: 2 })
})

test('a ratio takes its shares of all pictures', () => {
  const split = { kind: 'ratio', testShare: 0.2, valShare: 0.1, seed: 1, stratified: true } as const
  expect(plannedCounts(split, { split: given, counts })).toEqual({ train: 42_000, val: 6000, test: 12_000 })
})

test('a fold is the test part, and validation is held out of the rest', () => {
  const split = { kind: 'k-fold', folds: 5, fold: 2, valShare: 0.25, seed: 1, stratified: false } as const
  expect(plannedCounts(split, { split: given, counts })).toEqual({ train: 36_000, val: 12_000, test: 12_000 })
})

test('the given test part stays; it is not known under another split', () => {
  expect(plannedCounts({ ...given, valShare: 0.2 }, { split: given, counts })).toEqual({
    train: 40_000,
    val: 10_000,
    test: 10_000,
  })
  const ratio = { kind: 'ratio', testShare: 0.2, valShare: 0.1, seed: 1, stratified: true } as const
  expect(plannedCounts(given, { split: ratio, counts })).toBeNull()
})

test('whole groups cannot be counted beforehand', () => {
  const split = { kind: 'group', testShare: 0.2, valShare: 0.1, seed: 1, expression: null } as const
  expect(plannedCounts(split, { split: given, counts })).toBeNull()
})
