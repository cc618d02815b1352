import { describe, expect, it } from 'vitest'
import { stratifiedSplit } from './stratified-split.ts'

const pictures = (counts: number[]) =>
  counts.flatMap((count, label) => Array.from({ length: count }, (_, i) => ({ label, name: `${label}-${i}` })))

describe('stratified split', () => {
  it('sets the same share of every class apart', () => {
    const { train, test } = stratifiedSplit(pictures([50, 10, 100]), 0.2, 1)
    const perClass = [0, 1, 2].map((label) => test.filter((picture) => picture.label === label).length)
    expect(perClass).toEqual([10, 2, 20])
    expect(train.length + test.length).toBe(160)
    expect(new Set([...train, ...test].map(({ name }) => name)).size).toBe(160)
  })

  it('takes one of a class with two pictures and none of a class with one', () => {
    const { test } = stratifiedSplit(pictures([2, 1]), 0.2, 1)
    expect(test.map(({ label }) => label)).toEqual([0])
  })

  it('is the same for the same seed and another for another', () => {
    const names = (seed: number) => stratifiedSplit(pictures([100]), 0.2, seed).test.map(({ name }) => name)
    expect(names(1)).toEqual(names(1))
    expect(names(1)).not.toEqual(names(2))
  })
})
