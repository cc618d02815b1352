import { expect, test } from 'vitest'
import type { Verdict } from '../../src-main/shared/verdict.ts'
import { verdictHeadline, verdictSentences } from './verdict-words.ts'

const verdict = (parts: Partial<Verdict>): Verdict => ({
  outcome: 'reproduced',
  reason: 'inside-band',
  checkpoint: 'last',
  values: [],
  mean: 0.9307,
  std: 0.0014,
  half: 0.0017,
  intervalFrom: 'own-seeds',
  intervalSource: null,
  paper: 0.9303,
  tolerance: 0.003,
  seedsToDecide: null,
  differences: [],
  ...parts,
})
const plain: { paperStd: number | null; paperSeeds: number | null; testPictures: number } = {
  paperStd: null,
  paperSeeds: null,
  testPictures: 10_000,
}
const keys = (parts: Partial<Verdict>, context = plain) =>
  verdictSentences(verdict(parts), context).map((sentence) => sentence.key)

test('an interval inside the band is explained, with the noise of the test set', () => {
  expect(keys({})).toEqual(['inside-band', 'test-set-noise'])
  const [, noise] = verdictSentences(verdict({}), plain)
  expect(noise?.differences?.noise).toBeCloseTo(0.005, 3)
})

test('pictures that were left out are told, and why there is no verdict without them', () => {
  expect(keys({ trainingLeftOut: 3 })).toEqual(['inside-band', 'training-left-out', 'test-set-noise'])
  const none = { outcome: 'no-verdict', half: null, mean: 0.93 } as const
  expect(keys({ ...none, reason: 'test-pictures-left-out', trainingLeftOut: 3 })).toEqual(['test-pictures-left-out'])
  expect(keys({ ...none, reason: 'split-differs' })).toEqual(['split-differs'])
})

test('an interval outside says how far the band is', () => {
  const [below] = verdictSentences(verdict({ outcome: 'not-reproduced', reason: 'below-band', mean: 0.9241 }), plain)
  expect(below?.key).toBe('below-band')
  expect(below?.differences?.gap).toBeCloseTo(0.9273 - 0.9258)
  const [above] = verdictSentences(verdict({ outcome: 'better', reason: 'above-band', mean: 0.9361 }), plain)
  expect(above?.differences?.gap).toBeCloseTo(0.9344 - 0.9333)
})

test('an inconclusive verdict says which edge is crossed and what would decide it', () => {
  const crossing = { outcome: 'inconclusive', reason: 'interval-crosses-edge' } as const
  expect(keys({ ...crossing, mean: 0.928, seedsToDecide: 4 }).slice(0, 2)).toEqual([
    'crosses-low-edge',
    'seeds-would-decide',
  ])
  expect(keys({ ...crossing, mean: 0.933 })[0]).toBe('crosses-high-edge')
  expect(keys({ ...crossing, half: 0.01 }).slice(0, 2)).toEqual(['wider-than-band', 'seeds-would-not-decide'])
})

test('more seeds are never offered when the mean sits on the edge', () => {
  expect(keys({ outcome: 'inconclusive', reason: 'mean-on-edge', seedsToDecide: null })).toEqual([
    'mean-on-edge',
    'test-set-noise',
  ])
})

test('one seed without a published spread has no interval to speak of', () => {
  expect(keys({ outcome: 'inconclusive', reason: 'one-seed', half: null, std: null, seedsToDecide: 2 })).toEqual([
    'one-seed',
    'seeds-for-spread',
    'test-set-noise',
  ])
})

test('a borrowed spread is named', () => {
  const context = { ...plain, paperStd: 0.0011, paperSeeds: 500 }
  const sentences = verdictSentences(verdict({ intervalFrom: 'published-std', intervalSource: 'Table 2' }), context)
  expect(sentences[1]).toMatchObject({ key: 'published-spread', texts: { source: 'Table 2' } })
  expect(keys({ intervalFrom: 'welch' }, context)[1]).toBe('welch')
})

test('a figure reached with other settings is never plainly reproduced', () => {
  const differences = [{ key: 'train.batchSize', label: 'Batch size', recipe: 128, run: 256 }]
  expect(verdictHeadline(verdict({ differences }))).toEqual({ outcome: 'reproduced', changedSettings: 1 })
  expect(verdictHeadline(verdict({}))).toEqual({ outcome: 'reproduced', changedSettings: 0 })
  expect(keys({ differences })).toContain('settings-differ')
})

test('without a verdict only the obstacle is named', () => {
  expect(keys({ outcome: 'no-verdict', reason: 'test-set-differs', half: null })).toEqual(['test-set-differs'])
  expect(keys({ outcome: 'no-verdict', reason: 'no-seed-finished', mean: null, half: null })).toEqual([
    'no-seed-finished',
  ])
})

test('a test set that was recognised by its counts is told', () => {
  expect(keys({ testByCounts: true })).toEqual(['inside-band', 'test-by-counts', 'test-set-noise'])
})
