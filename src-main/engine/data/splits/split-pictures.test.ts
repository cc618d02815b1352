import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Part, SplitRecipe } from '../../../shared/dataset-views.ts'
import { createGrouping } from './grouping.ts'
import { type SplitSource, splitPictures } from './split-pictures.ts'

const oracle = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../tools/oracle/values/splits.json'), 'utf8'),
) as { cases: { classes: number[]; folds: number; stratified: number[][]; plain: number[] }[] }

interface Given {
  given?: (Part | null)[]
  groups?: number[]
}

const source = (labels: number[], { given, groups }: Given = {}): SplitSource => ({
  labels,
  given: given ?? labels.map(() => null),
  groups: () => groups ?? [],
})
const labelsOf = (classes: number[]) => classes.flatMap((count, label) => Array<number>(count).fill(label))
const countOf = (parts: (Part | null)[], part: Part | null) => parts.filter((own) => own === part).length
const ratio = (more: Partial<Extract<SplitRecipe, { kind: 'ratio' }>> = {}): SplitRecipe => ({
  kind: 'ratio',
  testShare: 0.2,
  valShare: 0,
  seed: 1,
  stratified: true,
  ...more,
})
const kFold = (folds: number, fold: number, stratified: boolean): SplitRecipe => ({
  kind: 'k-fold',
  folds,
  fold,
  valShare: 0,
  seed: 3,
  stratified,
})
const perClass = (parts: (Part | null)[], labels: number[], part: Part) =>
  Array.from({ length: Math.max(...labels) + 1 }, (_, c) =>
    countOf(
      parts.filter((_, i) => labels[i] === c),
      part,
    ),
  )

describe('a split by share', () => {
  it('sets the same share of every class apart', () => {
    const labels = labelsOf([50, 10, 100, 2, 1])
    expect(perClass(splitPictures(ratio(), source(labels)), labels, 'test')).toEqual([10, 2, 20, 1, 0])
  })

  it('is for seed 1 the one that earlier versions made', () => {
    const named = labelsOf([7, 2, 1, 12, 30]).map((label, i, all) => ({
      label,
      name: `${label}-${i - all.indexOf(label)}`,
    }))
    const pictures = named.map((_, i) => named[(i * 7) % named.length] ?? { label: 0, name: '' })
    const parts = splitPictures(ratio(), source(pictures.map(({ label }) => label)))
    // Of stratifiedSplit(pictures, 0.2, 1) in version 0.1.0.
    const before = ['1-0', '0-4', '3-8', '4-17', '4-7', '3-6', '4-1', '4-12', '4-26', '4-9']
    expect(pictures.filter((_, i) => parts[i] === 'test').map(({ name }) => name)).toEqual(before)
  })

  it('holds a share of all pictures out for validation, without moving the test pictures', () => {
    const labels = labelsOf([100, 40])
    const without = splitPictures(ratio(), source(labels))
    const parts = splitPictures(ratio({ valShare: 0.1 }), source(labels))
    expect([perClass(parts, labels, 'val'), perClass(parts, labels, 'test')]).toEqual([
      [10, 4],
      [20, 8],
    ])
    expect(parts.map((part) => (part === 'val' ? 'train' : part))).toEqual(without)
  })

  it('without regard to classes has the exact share of all', () => {
    const labels = labelsOf([3, 3, 994])
    const parts = splitPictures(ratio({ stratified: false, testShare: 0.25, valShare: 0.1 }), source(labels))
    expect([countOf(parts, 'test'), countOf(parts, 'val'), countOf(parts, 'train')]).toEqual([250, 100, 650])
  })

  it('is another one for another seed', () => {
    const labels = labelsOf([100])
    expect(splitPictures(ratio({ seed: 2 }), source(labels))).not.toEqual(splitPictures(ratio(), source(labels)))
    expect(splitPictures(ratio(), source(labels))).toEqual(splitPictures(ratio(), source(labels)))
  })

  it('that leaves nothing to test with is refused', () => {
    expect(() => splitPictures(ratio(), source([0, 1, 2]))).toThrow(
      expect.objectContaining({ code: 'config-out-of-range', message: 'This split leaves no pictures to test with.' }),
    )
  })
})

describe('folds', () => {
  it.each(oracle.cases)('of $classes pictures are as even as those of scikit-learn ($folds folds)', (known) => {
    const labels = labelsOf(known.classes)
    for (const stratified of [true, false]) {
      const tested = new Int32Array(labels.length)
      const sizes: number[] = []
      for (let fold = 0; fold < known.folds; fold++) {
        const parts = splitPictures(kFold(known.folds, fold, stratified), source(labels))
        for (const [i, part] of parts.entries()) if (part === 'test') tested[i] = (tested[i] ?? 0) + 1
        sizes.push(countOf(parts, 'test'))
        if (!stratified) continue
        const reference = known.stratified[fold] ?? []
        for (const [c, count] of perClass(parts, labels, 'test').entries()) {
          expect(Math.abs(count - (reference[c] ?? Number.NaN))).toBeLessThanOrEqual(1)
        }
      }
      expect([...new Set(tested)]).toEqual([1])
      expect(sizes.toSorted()).toEqual(known.plain.toSorted())
    }
  })

  it('hold validation pictures out of what is trained on', () => {
    const labels = labelsOf([50, 50])
    const parts = splitPictures({ ...kFold(5, 0, true), valShare: 0.1 }, source(labels))
    expect([countOf(parts, 'test'), perClass(parts, labels, 'val')]).toEqual([20, [4, 4]])
  })

  it('more than there are pictures are refused', () => {
    expect(() => splitPictures(kFold(5, 0, true), source([0, 0, 1, 1]))).toThrow(/too few pictures/)
  })
})

describe('given parts', () => {
  const given: (Part | null)[] = ['train', 'train', 'val', 'test', null, 'train', 'train']
  const recipe: SplitRecipe = { kind: 'given', valShare: 0, seed: 1 }

  it('stay as they are', () => {
    expect(splitPictures(recipe, source([0, 1, 0, 1, 0, 0, 1], { given }))).toEqual(given)
  })

  it('test on the validation pictures where no others are set apart', () => {
    const parts = splitPictures(recipe, source([0, 0, 0], { given: ['train', 'val', 'train'] }))
    expect(parts).toEqual(['train', 'test', 'train'])
  })

  it('hold a minival out of the training pictures, of every class', () => {
    const labels = labelsOf([100, 50, 10])
    const parts = labels.map((_, i): Part => (i % 10 === 9 ? 'test' : 'train'))
    const held = splitPictures({ kind: 'given', valShare: 0.2, seed: 1 }, source(labels, { given: parts }))
    expect(perClass(held, labels, 'val')).toEqual([18, 9, 2])
    expect(held.map((part) => part === 'test')).toEqual(parts.map((part) => part === 'test'))
  })

  it('that the source does not have are refused', () => {
    expect(() => splitPictures(recipe, source([0, 1]))).toThrow(/sets no test pictures apart/)
  })
})

describe('a split by groups', () => {
  const recipe = (more: object = {}): SplitRecipe => ({
    kind: 'group',
    testShare: 0.3,
    valShare: 0,
    seed: 1,
    expression: null,
    ...more,
  })
  const grouped = (sizes: number[]) => {
    const groups = labelsOf(sizes)
    return source(
      groups.map(() => 0),
      { groups },
    )
  }

  it.each([
    [40, 7, 13, 20, 11, 9],
    [1, 1, 1],
    [100, 3, 3],
    [5, 8, 21, 2, 34, 13, 3, 1, 55],
    [17, 17, 17, 17, 17],
  ])('keeps groups whole and comes nearest to the share among all choices: %i, %i, %i ...', (...sizes) => {
    const groups = labelsOf(sizes)
    const target = 0.3 * groups.length
    const sums = Array.from({ length: 2 ** sizes.length }, (_, chosen) =>
      sizes.reduce((sum, size, i) => sum + ((chosen >> i) & 1 ? size : 0), 0),
    ).filter((sum) => sum > 0 && sum < groups.length)
    for (let seed = 0; seed < 5; seed++) {
      const parts = splitPictures(recipe({ seed }), grouped(sizes))
      for (const group of new Set(groups)) {
        expect(new Set(parts.filter((_, i) => groups[i] === group)).size).toBe(1)
      }
      const nearest = Math.min(...sums.map((sum) => Math.abs(sum - target)))
      expect(Math.abs(countOf(parts, 'test') - target)).toBe(nearest)
    }
  })

  it('gives validation whole groups of its own', () => {
    const sizes = Array.from({ length: 40 }, (_, i) => 1 + (i % 7))
    const groups = labelsOf(sizes)
    const parts = splitPictures(recipe({ valShare: 0.1 }), grouped(sizes))
    const partOf = new Map(groups.map((group, i) => [group, parts[i]]))
    expect(parts).toEqual(groups.map((group) => partOf.get(group)))
    expect(Math.abs(countOf(parts, 'val') - groups.length * 0.1)).toBeLessThanOrEqual(0.5)
    expect(Math.abs(countOf(parts, 'test') - groups.length * 0.3)).toBeLessThanOrEqual(0.5)
  })

  it('is near to the share with many groups, and another one for another seed', () => {
    const sizes = Array.from({ length: 20_000 }, (_, i) => 1 + (i % 13))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const parts = splitPictures(recipe(), grouped(sizes))
    expect(Math.abs(countOf(parts, 'test') - 0.3 * total)).toBeLessThanOrEqual(1)
    expect(splitPictures(recipe({ seed: 2 }), grouped(sizes))).not.toEqual(parts)
  })

  it('leaves every part a group, and is refused where there are too few', () => {
    const parts = splitPictures(recipe({ testShare: 0.5, valShare: 0.4 }), grouped([1, 2, 97]))
    expect(new Set(parts)).toEqual(new Set(['train', 'val', 'test']))
    expect(() => splitPictures(recipe(), grouped([3]))).toThrow(/too few groups/)
  })
})

describe('groups', () => {
  const pictures = ['a/p1_x.png', 'a/p2_x.png', 'b/p1_y.png', 'b/readme.png'].map((name) => ({
    name,
    group: name.slice(0, 1),
  }))
  const groupsBy = (expression: string | null, chunk = pictures) => {
    const grouping = createGrouping(expression)
    grouping.add(chunk.slice(0, 1))
    grouping.add(chunk.slice(1))
    return [...grouping.groups()]
  }

  it('are folders, or what the first bracket of an expression finds', () => {
    expect(groupsBy(null)).toEqual([0, 0, 1, 1])
    expect(groupsBy('/(p\\d)_')).toEqual([0, 1, 0, 2])
  })

  it.each(['(', 'p\\d', '(nothing like it)'])('cannot be told by %s', (expression) => {
    expect(() => groupsBy(expression)).toThrow(expect.objectContaining({ code: 'config-out-of-range' }))
  })

  it('are refused by an expression that would never end', () => {
    const begun = performance.now()
    const long = [{ name: `${'a'.repeat(200)}!`, group: '' }]
    expect(() => groupsBy('^((a+)+)+$', long)).toThrow(/cannot be told/)
    expect(performance.now() - begun).toBeLessThan(5000)
  })
})
