import { expect, test } from 'vitest'
import type { Verdict } from '../shared/verdict.ts'
import { verdictLines } from './verdict-words.ts'

const verdict: Verdict = {
  outcome: 'inconclusive',
  reason: 'one-seed',
  checkpoint: 'last',
  values: [{ seed: 1, value: 0.9892 }],
  mean: 0.9892,
  std: null,
  half: null,
  intervalFrom: null,
  intervalSource: null,
  paper: 0.9905,
  tolerance: 0.001,
  seedsToDecide: 4,
  differences: [],
}

test('an inconclusive verdict says why, and what would decide it', () => {
  expect(verdictLines(verdict)).toEqual([
    'Inconclusive: one seed has no spread, and the recipe carries no published one.',
    'Mean 98.92 % over 1 seed, last epoch.',
    'Paper 99.05 %, tolerance ± 0.10 pp.',
    'About 4 more seeds would decide it.',
  ])
})

test('a verdict names the settings in which the run left the recipe', () => {
  const lines = verdictLines({
    ...verdict,
    outcome: 'reproduced',
    reason: 'inside-band',
    std: 0.0004,
    half: 0.0006,
    seedsToDecide: null,
    differences: [{ key: 'train.length', label: 'Length', recipe: 12, run: 10 }],
  })
  expect(lines[0]).toBe('Reproduced: the interval of the mean lies inside the tolerance band.')
  expect(lines[1]).toBe('Mean 98.92 ± 0.04 % over 1 seed, last epoch, 95 % interval ± 0.06.')
  expect(lines.at(-1)).toBe('The run left the recipe in: train.length 10 (recipe 12).')
})

test('a verdict says where the pictures of the test set are not verified', () => {
  const words = 'Test set recognised by its counts; its pictures are not verified.'
  expect(verdictLines({ ...verdict, testByCounts: true })).toContain(words)
  expect(verdictLines(verdict)).not.toContain(words)
})
