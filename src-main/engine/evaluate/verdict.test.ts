import { expect, test } from 'vitest'
import { studentTOracle } from '../../../tools/oracle/read-values.ts'
import { withConfigValue } from '../../shared/config-fields.ts'
import { type Recipe, recipeSchema } from '../../shared/recipe.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'
import { computeVerdict, type VerdictInput } from './verdict.ts'

const paper = { figure: 0.9303, seeds: null, std: null, stdSource: null } as const

function recipeWith(change: Partial<Recipe['paper']> = {}, tolerance = 0.003): Recipe {
  return recipeSchema.parse({
    id: 'test',
    title: 'Test',
    paper: { citation: 'A 2015', title: 'T', url: 'https://x', place: 'Table 1', metric: 'top1', ...paper, ...change },
    deviations: [],
    traps: [],
    cost: { seconds: 1, measured: false },
    config: { seeds: { count: 5 }, verdict: { tolerance } },
  })
}

const cifar: DataSummary = {
  id: 'cifar10',
  label: 'CIFAR-10',
  train: 50_000,
  test: 10_000,
  classes: [],
  fingerprint: 'f',
  benchmark: true,
  skipped: [],
}

type Seed = VerdictInput['seeds'][number]

function seed(n: number, last: number, best = last, stopped = false): Seed {
  return {
    seed: n,
    last: { epoch: 1, step: 1, top1: last, top5: 1, loss: 0 },
    best: { epoch: 1, step: 1, top1: best },
    stopped,
  }
}

function judge(values: number[], change: Partial<VerdictInput> = {}) {
  const recipe = change.recipe ?? recipeWith()
  return computeVerdict({
    recipe,
    config: recipe.config,
    seeds: values.map((value, i) => seed(i + 1, value)),
    data: cifar,
    ...change,
  })
}

test('an interval inside the band is reproduced, with mean, spread and interval of the seeds', () => {
  const verdict = judge([0.9301, 0.931, 0.9297, 0.9305, 0.9312])
  expect(verdict.outcome).toBe('reproduced')
  expect(verdict.reason).toBe('inside-band')
  expect(verdict.mean).toBeCloseTo(0.9305, 12)
  expect(verdict.std).toBeCloseTo(0.000620483682299543, 12)
  expect(verdict.half).toBeCloseTo(0.0007704322, 9)
  expect(verdict.intervalFrom).toBe('own-seeds')
  expect(verdict.seedsToDecide).toBeNull()
})

test('an interval wholly above or below the band is better or not reproduced', () => {
  expect(judge([0.9401, 0.9403, 0.9402])).toMatchObject({ outcome: 'better', reason: 'above-band' })
  expect(judge([0.9201, 0.9203, 0.9202])).toMatchObject({ outcome: 'not-reproduced', reason: 'below-band' })
})

test('an interval that touches the edge of the band from inside is inside', () => {
  // Both seeds equal: the interval is a point, here on 0.9303 - 0.003 = 0.9273, which binary fractions miss by 1e-16.
  expect(judge([0.9273, 0.9273]).outcome).toBe('reproduced')
  expect(judge([0.9333, 0.9333]).outcome).toBe('reproduced')
  expect(judge([0.92729, 0.92729]).outcome).toBe('not-reproduced')
  expect(judge([0.93331, 0.93331]).outcome).toBe('better')
})

test('edges compare unrounded values', () => {
  const edge = 0.9273
  expect(judge([edge - 1e-9, edge - 1e-9]).outcome).toBe('not-reproduced')
  expect(judge([edge + 1e-9, edge + 1e-9]).outcome).toBe('reproduced')
})

test('an interval across an edge is inconclusive and says how many seeds would decide', () => {
  const values = [0.929, 0.9313, 0.9276]
  const verdict = judge(values)
  expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: 'interval-crosses-edge' })
  const { mean, std, seedsToDecide } = verdict
  // mean 0.9293 lies 0.002 inside the band: t(n-1) s / sqrt(n) must be at most that.
  expect(mean).toBeCloseTo(0.9293, 12)
  expect(std).toBeCloseTo(0.0018681, 6)
  expect(seedsToDecide).toBe(3)
})

test('a mean on the edge asks for no more seeds', () => {
  const verdict = judge([0.9263, 0.9283])
  expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: 'mean-on-edge', seedsToDecide: null })
})

test('a mean so near the edge that a thousand seeds would not decide asks for none', () => {
  const verdict = judge([0.92628, 0.92834])
  expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: 'interval-crosses-edge', seedsToDecide: null })
})

test('one seed is inconclusive however good it is, and offers the seeds of the recipe', () => {
  const verdict = judge([0.9303])
  expect(verdict).toMatchObject({
    outcome: 'inconclusive',
    reason: 'one-seed',
    std: null,
    half: null,
    seedsToDecide: 4,
  })
  expect(verdict.intervalFrom).toBeNull()
})

test('a published spread gives one seed an interval and is named', () => {
  const spread = { std: 0.001, seeds: 1000, stdSource: 'Table 3' }
  const verdict = judge([0.9304], { recipe: recipeWith(spread) })
  expect(verdict).toMatchObject({ outcome: 'reproduced', intervalFrom: 'published-std', intervalSource: 'Table 3' })
  expect(verdict.half).toBeCloseTo(0.00196234, 7)
  const unknown = judge([0.9304], { recipe: recipeWith({ ...spread, seeds: null }) })
  expect(unknown.half).toBeCloseTo(0.001959964, 9)
  const wide = judge([0.9304], { recipe: recipeWith({ std: 0.0016, seeds: 5, stdSource: 'Table 6' }) })
  expect(wide).toMatchObject({ outcome: 'inconclusive', reason: 'interval-crosses-edge' })
  expect(wide.half).toBeCloseTo(0.0044423, 6)
  expect(wide.seedsToDecide).toBeGreaterThan(0)
})

test("with the paper's own spread and seeds the interval is Welch's, as scipy computes it", () => {
  const { welch } = studentTOracle()
  const { mean: figure, std, seeds } = welch.paper
  const recipe = recipeWith({ figure, std, seeds, stdSource: 'Table 6' }, 0.005)
  const verdict = judge(welch.ours, { recipe })
  expect(verdict).toMatchObject({ outcome: 'reproduced', intervalFrom: 'welch', intervalSource: 'Table 6' })
  expect(verdict.half).toBeCloseTo(welch.half, 12)
})

test("more seeds are not offered when the paper's own uncertainty alone crosses the edge", () => {
  const recipe = recipeWith({ std: 0.004, seeds: 5, stdSource: 'Table 6' }, 0.001)
  const verdict = judge([0.9301, 0.9305, 0.9303], { recipe })
  expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: 'interval-crosses-edge', seedsToDecide: null })
})

test('the checkpoint and the tolerance of the run are judged, and named as differences', () => {
  const recipe = recipeWith()
  const config = withConfigValue(
    withConfigValue(recipe.config, 'evaluation.checkpoint', 'best'),
    'verdict.tolerance',
    0.02,
  )
  const seeds = [seed(1, 0.91, 0.9301), seed(2, 0.91, 0.9302)]
  const verdict = computeVerdict({ recipe, config, seeds, data: cifar })
  expect(verdict).toMatchObject({ outcome: 'reproduced', checkpoint: 'best', tolerance: 0.02 })
  expect(verdict.values).toEqual([
    { seed: 1, value: 0.9301 },
    { seed: 2, value: 0.9302 },
  ])
  expect(verdict.differences.map((d) => d.key)).toEqual(['evaluation.checkpoint', 'verdict.tolerance'])
})

test('there is no verdict on another test set, on a part of it, or on a sample', () => {
  const values = [0.93, 0.9301]
  expect(judge(values, { data: { ...cifar, benchmark: false } })).toMatchObject({
    outcome: 'no-verdict',
    reason: 'test-set-differs',
    half: null,
  })
  expect(judge(values, { data: null }).reason).toBe('test-set-differs')
  const recipe = recipeWith()
  const limited = withConfigValue(recipe.config, 'data.limitTest', 500)
  expect(judge(values, { recipe, config: limited }).reason).toBe('test-set-differs')
  const whole = withConfigValue(recipe.config, 'data.limitTest', 10_000)
  expect(judge(values, { recipe, config: whole }).outcome).toBe('reproduced')
  const heldOut = withConfigValue(recipe.config, 'data.judgeOn', 'val')
  expect(judge(values, { recipe, config: heldOut }).reason).toBe('test-set-differs')
  const other = withConfigValue(recipe.config, 'data.dataset', 'mnist')
  expect(judge(values, { recipe, config: other }).reason).toBe('test-set-differs')
})

test('a data set that was changed is judged as long as the test pictures are all those of the benchmark', () => {
  const values = [0.9301, 0.931, 0.9297, 0.9305, 0.9312]
  const changed = (changes: Partial<NonNullable<DataSummary['changes']>>, benchmarkTest: string | null) =>
    judge(values, {
      data: {
        ...cifar,
        benchmark: false,
        benchmarkTest,
        changes: { leftOutTrain: 0, leftOutTest: 0, split: false, ...changes },
      },
    })
  expect(changed({ leftOutTrain: 12 }, 'cifar10')).toMatchObject({ outcome: 'reproduced', trainingLeftOut: 12 })
  expect(changed({}, 'cifar10')).not.toHaveProperty('trainingLeftOut')
  expect(changed({ leftOutTrain: 1, leftOutTest: 1 }, null)).toMatchObject({
    outcome: 'no-verdict',
    reason: 'test-pictures-left-out',
  })
  expect(changed({ split: true }, null)).toMatchObject({ outcome: 'no-verdict', reason: 'split-differs' })
  expect(changed({}, null)).toMatchObject({ outcome: 'no-verdict', reason: 'test-set-differs' })
  expect(changed({}, 'mnist')).toMatchObject({ outcome: 'no-verdict', reason: 'test-set-differs' })
})

test('a test set that was recognised by its counts is judged, and the verdict says so', () => {
  const recognised = (benchmarkBy: NonNullable<DataSummary['benchmarkBy']>, change: Partial<DataSummary> = {}) => ({
    data: { ...cifar, benchmark: false, benchmarkTest: 'cifar10', benchmarkBy, ...change },
  })
  const values = [0.9301, 0.931, 0.9297, 0.9305, 0.9312]
  expect(judge(values, recognised('counts'))).toMatchObject({ outcome: 'reproduced', testByCounts: true })
  expect(judge([0.93], recognised('counts'))).toMatchObject({ reason: 'one-seed', testByCounts: true })
  for (const by of ['content', 'files'] as const) {
    const verdict = judge(values, recognised(by))
    expect(verdict.outcome).toBe('reproduced')
    expect(verdict).not.toHaveProperty('testByCounts')
  }
  const none = judge(values, recognised('counts', { benchmarkTest: null }))
  expect(none).toMatchObject({ outcome: 'no-verdict', reason: 'test-set-differs' })
  expect(none).not.toHaveProperty('testByCounts')
})

test("a copy of the benchmark under the user's own name is judged as the benchmark", () => {
  const recipe = recipeWith()
  const config = withConfigValue(recipe.config, 'data.dataset', 'my-pictures')
  const data = { ...cifar, id: 'my-pictures', benchmarkTest: 'cifar10' }
  expect(judge([0.9301, 0.931, 0.9297, 0.9305, 0.9312], { recipe, config, data }).outcome).toBe('reproduced')
})

test('seeds that ended early are left out; with no other there is no verdict', () => {
  const recipe = recipeWith()
  const seeds = [seed(1, 0.9302), seed(2, 0.5, 0.5, true), seed(3, 0.9304)]
  const verdict = computeVerdict({ recipe, config: recipe.config, seeds, data: cifar })
  expect(verdict.values.map((v) => v.seed)).toEqual([1, 3])
  expect(verdict.outcome).toBe('reproduced')
  const stopped = computeVerdict({ recipe, config: recipe.config, seeds: seeds.slice(1, 2), data: cifar })
  expect(stopped).toMatchObject({ outcome: 'no-verdict', reason: 'stopped-early', mean: null })
  expect(judge([])).toMatchObject({ outcome: 'no-verdict', reason: 'no-seed-finished' })
})
