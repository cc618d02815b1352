// The outcome of a run against its paper; computed in engine/evaluate/verdict.ts, shown everywhere.
import type { ConfigDifference } from './config-fields.ts'

export type VerdictOutcome = 'reproduced' | 'better' | 'not-reproduced' | 'inconclusive' | 'no-verdict'

/** Why an inconclusive or missing verdict is so; words come from the language files. */
export type VerdictReason =
  | 'inside-band'
  | 'above-band'
  | 'below-band'
  | 'one-seed'
  | 'interval-crosses-edge'
  | 'mean-on-edge'
  | 'no-seed-finished'
  | 'test-set-differs'
  | 'test-pictures-left-out'
  | 'split-differs'
  | 'stopped-early'

export interface Verdict {
  outcome: VerdictOutcome
  reason: VerdictReason
  /** Which checkpoint of each seed was judged. */
  checkpoint: 'last' | 'best'
  /** Judged top-1 of each seed, as fractions, with the seed it belongs to. */
  values: { seed: number; value: number }[]
  mean: number | null
  /** Sample standard deviation; null for one seed. */
  std: number | null
  /** Half the 95 % interval of the mean; null when there is none. */
  half: number | null
  /** Where the interval comes from: the run's own seeds, the recipe's published spread, or Welch with the paper's seeds. */
  intervalFrom: 'own-seeds' | 'published-std' | 'welch' | null
  intervalSource: string | null
  paper: number
  tolerance: number
  /** Seeds to add until the interval would decide, for the present spread; null when more seeds would not help or none is needed. */
  seedsToDecide: number | null
  /** Settings in which the run left the recipe; a reproduced verdict always lists them. */
  differences: ConfigDifference[]
  /** Training pictures of the benchmark that were left out; absent where none was. */
  trainingLeftOut?: number
  /** True where the test set was recognised as the paper's by its counts alone; absent where its pictures are verified. */
  testByCounts?: true
}
