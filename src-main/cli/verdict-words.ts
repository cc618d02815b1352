// A verdict as sentences for a terminal.
import type { Verdict, VerdictOutcome, VerdictReason } from '../shared/verdict.ts'
import type { BenchmarkBy } from '../shared/worker-protocol.ts'
import { count, percent } from './number-words.ts'

const outcomes: Record<VerdictOutcome, string> = {
  reproduced: 'Reproduced',
  better: 'Better than the paper',
  'not-reproduced': 'Not reproduced',
  inconclusive: 'Inconclusive',
  'no-verdict': 'No verdict',
}

const reasons: Record<VerdictReason, string> = {
  'inside-band': 'the interval of the mean lies inside the tolerance band.',
  'above-band': 'the interval of the mean lies above the tolerance band.',
  'below-band': 'the interval of the mean lies below the tolerance band.',
  'one-seed': 'one seed has no spread, and the recipe carries no published one.',
  'interval-crosses-edge': 'the interval of the mean crosses an edge of the tolerance band.',
  'mean-on-edge': 'the mean sits on an edge of the tolerance band, where more seeds would not help.',
  'no-seed-finished': 'no seed has finished.',
  'test-set-differs': 'the test pictures are not those of the benchmark.',
  'test-pictures-left-out': 'test pictures of the benchmark were left out.',
  'split-differs': 'the pictures were split in another way than the benchmark.',
  'stopped-early': 'the run was stopped before its planned length.',
}

/** How a test set was recognised as the benchmark's. */
export const testSetWords: Record<BenchmarkBy, string> = {
  content: 'Test set recognised by its pictures and labels.',
  files: 'Test set recognised by the published hashes of its files.',
  counts: 'Test set recognised by its counts; its pictures are not verified.',
}

const points = (fraction: number) => (fraction * 100).toFixed(2)

/** Outcome, reason, figures, what would decide it, and in what the run left the recipe: one line each. */
export function verdictLines(verdict: Verdict): string[] {
  const { mean, std, half, values, paper, tolerance, differences, seedsToDecide } = verdict
  const spread = std === null ? '' : ` ± ${points(std)}`
  const interval = half === null ? '' : `, 95 % interval ± ${points(half)}`
  const seeds = `${values.length} ${values.length === 1 ? 'seed' : 'seeds'}`
  const lines = [
    `${outcomes[verdict.outcome]}: ${reasons[verdict.reason]}`,
    ...(mean === null
      ? []
      : [`Mean ${points(mean)}${spread} % over ${seeds}, ${verdict.checkpoint} epoch${interval}.`]),
    `Paper ${percent(paper)}, tolerance ± ${points(tolerance)} pp.`,
  ]
  if (seedsToDecide !== null && seedsToDecide > 0) {
    lines.push(`About ${seedsToDecide} more ${seedsToDecide === 1 ? 'seed' : 'seeds'} would decide it.`)
  }
  if (differences.length > 0) {
    const named = differences.map((d) => `${d.key} ${JSON.stringify(d.run)} (recipe ${JSON.stringify(d.recipe)})`)
    lines.push(`The run left the recipe in: ${named.join(', ')}.`)
  }
  if (verdict.testByCounts) lines.push(testSetWords.counts)
  if (verdict.trainingLeftOut !== undefined) {
    lines.push(`${count(verdict.trainingLeftOut)} training pictures of the benchmark were left out.`)
  }
  return lines
}
