// The verdict of a run against its paper: an interval of the mean over seeds, held against the tolerance band.
import { configDifferences } from '../../shared/config-fields.ts'
import type { Recipe } from '../../shared/recipe.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { Verdict, VerdictOutcome, VerdictReason } from '../../shared/verdict.ts'
import type { DataSummary, SeedResult } from '../../shared/worker-protocol.ts'
import { studentTQuantile } from './student-t.ts'

export interface VerdictInput {
  recipe: Recipe
  /** What was really run. Its tolerance and its checkpoint choice are the ones judged by. */
  config: RunConfig
  /** Every seed that has a result; seeds that ended early are left out of the mean. */
  seeds: readonly Pick<SeedResult, 'seed' | 'last' | 'best' | 'stopped'>[]
  /** The data of the run, or null when it was never read. */
  data: DataSummary | null
}

/** Largest number of seeds a run may have (`seeds.count`); what needs more is not called decidable. */
const mostSeeds = 1000

/** Slack for decimal fractions that binary floating point cannot hold (0.9303 − 0.003), far below one picture. */
const slack = 1e-12

/** 0.975 quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054

interface Interval {
  half: number
  from: 'own-seeds' | 'published-std' | 'welch'
}

/**
 * Half the 95 % interval for `n` seeds of sample standard deviation `std` (null for one seed), or null when there is none.
 *
 * - Own seeds: t(0.975, n − 1) · s / √n.
 * - The paper gives its spread and number of seeds, and we have two seeds or more: Welch's interval of the difference of
 *   the two means, with Welch–Satterthwaite degrees of freedom.
 * - One seed, and the paper gives a spread s_p: t(0.975, n_p − 1) · s_p, the normal 1.96 · s_p when n_p is not known.
 */
function intervalOf(n: number, std: number | null, paper: Recipe['paper']): Interval | null {
  const published = paper.std !== null && paper.seeds !== null && paper.seeds > 1 ? paper.seeds : null
  if (std === null) {
    if (paper.std === null) return null
    const quantile = published === null ? normalQuantile : studentTQuantile(0.975, published - 1)
    return { half: quantile * paper.std, from: 'published-std' }
  }
  if (published === null || paper.std === null) {
    return { half: (studentTQuantile(0.975, n - 1) * std) / Math.sqrt(n), from: 'own-seeds' }
  }
  const ours = std ** 2 / n
  const theirs = paper.std ** 2 / published
  if (ours + theirs === 0) return { half: 0, from: 'welch' }
  const degrees = (ours + theirs) ** 2 / (ours ** 2 / (n - 1) + theirs ** 2 / (published - 1))
  return { half: studentTQuantile(0.975, degrees) * Math.sqrt(ours + theirs), from: 'welch' }
}

type Decision = Extract<VerdictOutcome, 'reproduced' | 'better' | 'not-reproduced'>

function decide(mean: number, half: number, paper: number, tolerance: number): Decision | null {
  const low = paper - tolerance
  const high = paper + tolerance
  if (mean - half >= low - slack && mean + half <= high + slack) return 'reproduced'
  if (mean - half > high + slack) return 'better'
  if (mean + half < low - slack) return 'not-reproduced'
  return null
}

function onEdge(mean: number, paper: number, tolerance: number): boolean {
  return Math.abs(Math.abs(mean - paper) - tolerance) <= slack
}

/** Seeds to add until the interval decides, if mean and spread stay as they are; null when not even `mostSeeds` would. */
function seedsToAdd(n: number, mean: number, spread: number, recipe: Recipe, tolerance: number): number | null {
  const decides = (total: number) => {
    const interval = intervalOf(total, spread, recipe.paper)
    return interval !== null && decide(mean, interval.half, recipe.paper.figure, tolerance) !== null
  }
  if (!decides(mostSeeds)) return null
  // The interval narrows with every seed, so the first deciding number is found by bisection.
  let undecided = n
  let decided = mostSeeds
  while (decided - undecided > 1) {
    const middle = Math.floor((undecided + decided) / 2)
    if (decides(middle)) decided = middle
    else undecided = middle
  }
  return decided - n
}

/** Why the pictures that were judged on are not those of the paper, or null where they are. */
function testDifference(config: RunConfig, data: DataSummary | null, wanted: string): VerdictReason | null {
  const { limitTest, judgeOn } = config.data
  if (data === null || judgeOn !== 'test' || (limitTest > 0 && limitTest < data.test)) return 'test-set-differs'
  const sameSet = config.data.dataset === wanted
  // Runs of earlier versions know only whether all pictures are those of the benchmark.
  const sameTest = data.benchmarkTest === undefined ? data.benchmark && sameSet : data.benchmarkTest === wanted
  if (sameTest) return null
  if (sameSet && data.changes?.split) return 'split-differs'
  return sameSet && data.changes && data.changes.leftOutTest > 0 ? 'test-pictures-left-out' : 'test-set-differs'
}

/** Why the run cannot be held against the paper at all, or null when it can. */
function obstacle({ recipe, config, seeds, data }: VerdictInput): VerdictReason | null {
  if (seeds.length === 0) return 'no-seed-finished'
  const difference = testDifference(config, data, recipe.config.data.dataset)
  if (difference !== null) return difference
  return seeds.every((seed) => seed.stopped) ? 'stopped-early' : null
}

const reasons = { reproduced: 'inside-band', better: 'above-band', 'not-reproduced': 'below-band' } as const

/**
 * Judges a run. Values, mean, spread and tolerance are fractions of 1 and are compared unrounded; an interval that
 * touches an edge of the band from inside is inside. For a single seed without a published spread the seeds to add are
 * those that the recipe asks for, three in all at least, since one seed says nothing of the spread.
 */
export function computeVerdict(input: VerdictInput): Verdict {
  const { recipe, config, seeds } = input
  const checkpoint = config.evaluation.checkpoint
  const { tolerance } = config.verdict
  const values = seeds
    .filter((seed) => !seed.stopped)
    .map((seed) => ({ seed: seed.seed, value: checkpoint === 'best' ? seed.best.top1 : seed.last.top1 }))
  const leftOut = input.data?.changes?.leftOutTrain ?? 0
  const n = values.length
  const mean = n === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / n
  const std =
    mean === null || n < 2 ? null : Math.sqrt(values.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (n - 1))
  const base = {
    checkpoint,
    values,
    mean,
    std,
    half: null,
    intervalFrom: null,
    intervalSource: null,
    paper: recipe.paper.figure,
    tolerance,
    seedsToDecide: null,
    differences: configDifferences(recipe.config, config),
    ...(leftOut > 0 ? { trainingLeftOut: leftOut } : {}),
  } satisfies Partial<Verdict>

  const blocked = obstacle(input)
  if (blocked !== null || mean === null) {
    return { ...base, outcome: 'no-verdict', reason: blocked ?? 'no-seed-finished' }
  }
  const comparable = { ...base, ...(input.data?.benchmarkBy === 'counts' ? { testByCounts: true as const } : {}) }
  const interval = intervalOf(n, std, recipe.paper)
  if (interval === null) {
    const seedsToDecide = Math.max(recipe.config.seeds.count, 3) - n
    return { ...comparable, outcome: 'inconclusive', reason: 'one-seed', seedsToDecide }
  }
  const judged = {
    ...comparable,
    half: interval.half,
    intervalFrom: interval.from,
    intervalSource: interval.from === 'own-seeds' ? null : recipe.paper.stdSource,
  }
  const decision = decide(mean, interval.half, recipe.paper.figure, tolerance)
  if (decision !== null) return { ...judged, outcome: decision, reason: reasons[decision] }
  if (onEdge(mean, recipe.paper.figure, tolerance)) {
    return { ...judged, outcome: 'inconclusive', reason: 'mean-on-edge' }
  }
  // One seed has no spread of its own yet: the published one stands for it.
  const seedsToDecide = seedsToAdd(n, mean, std ?? recipe.paper.std ?? 0, recipe, tolerance)
  return { ...judged, outcome: 'inconclusive', reason: 'interval-crosses-edge', seedsToDecide }
}
