// Whether a run of this length can be decided at all, judged on imagined seeds before any was trained.
import { computeVerdict } from '../../engine/evaluate/verdict.ts'
import type { DatasetSummary, PreflightCheck } from '../../shared/api.ts'
import type { Recipe } from '../../shared/recipe.ts'
import type { RunConfig } from '../../shared/run-config.ts'

/** Sample standard deviation of two values or more. */
function sampleStd(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

/** Spread between seeds to expect: the paper's, else that of our own measurements; null when neither is known. */
function expectedStd(recipe: Recipe): number | null {
  const ours = recipe.measured.map(({ top1 }) => top1).filter((top1) => top1.length > 1)
  return recipe.paper.std ?? (ours[0] ? sampleStd(ours[0]) : null)
}

/** `count` values with this mean and this sample standard deviation. */
function valuesAround(mean: number, std: number, count: number): number[] {
  const pairs = Math.floor(count / 2)
  const distance = pairs === 0 ? 0 : std * Math.sqrt((count - 1) / (2 * pairs))
  return Array.from({ length: count }, (_, index) => {
    if (index >= 2 * pairs) return mean
    return index % 2 === 0 ? mean + distance : mean - distance
  })
}

/**
 * The verdict line of the check before the start: with seeds that hit the paper's figure and spread as expected, is the
 * interval narrow enough? `values.reason` is a verdict's reason, or `spread-unknown` when nobody has measured the spread.
 */
export function verdictCheck(recipe: Recipe, config: RunConfig, data: DatasetSummary): PreflightCheck {
  const { tolerance } = config.verdict
  const count = config.seeds.count
  const std = expectedStd(recipe)
  const values = valuesAround(recipe.paper.figure, std ?? 0, count)
  const forecast = computeVerdict({
    recipe,
    config,
    seeds: values.map((top1, index) => ({
      seed: config.seeds.first + index,
      last: { epoch: config.train.length, step: 0, top1, top5: 1, loss: 0 },
      best: { epoch: config.train.length, step: 0, top1 },
      stopped: false,
    })),
    data: {
      id: data.id,
      label: data.label,
      train: data.train,
      test: data.test,
      classes: data.classes,
      fingerprint: data.fingerprint ?? '',
      benchmark: data.benchmark,
      ...(data.benchmarkTest === undefined ? {} : { benchmarkTest: data.benchmarkTest }),
      ...(data.changes === undefined ? {} : { changes: data.changes }),
      skipped: [],
    },
  })
  const check = (state: PreflightCheck['state'], reason: string): PreflightCheck => ({
    id: 'verdict',
    state,
    blocking: false,
    values: {
      reason,
      seeds: count,
      tolerance,
      half: forecast.half ?? 0,
      std: std ?? 0,
      seedsToDecide: forecast.seedsToDecide ?? 0,
    },
  })
  if (forecast.outcome === 'no-verdict' || forecast.reason === 'one-seed') return check('note', forecast.reason)
  if (std === null) return check('note', 'spread-unknown')
  return check(forecast.outcome === 'reproduced' ? 'pass' : 'note', forecast.reason)
}
