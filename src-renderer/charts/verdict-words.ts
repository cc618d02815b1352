// Which sentences explain a verdict, and the figures in them. Pure: keys and values; the words stand in the language files.
import type { Verdict } from '../../src-main/shared/verdict.ts'

/** A sentence of the language files with its figures; fractions of 1 stay fractions and are worded by the caller. */
export interface VerdictSentence {
  key:
    | 'inside-band'
    | 'above-band'
    | 'below-band'
    | 'one-seed'
    | 'crosses-low-edge'
    | 'crosses-high-edge'
    | 'wider-than-band'
    | 'mean-on-edge'
    | 'no-seed-finished'
    | 'test-set-differs'
    | 'test-pictures-left-out'
    | 'split-differs'
    | 'training-left-out'
    | 'test-by-counts'
    | 'stopped-early'
    | 'published-spread'
    | 'welch'
    | 'seeds-would-decide'
    | 'seeds-for-spread'
    | 'seeds-would-not-decide'
    | 'best-is-optimistic'
    | 'test-set-noise'
    | 'settings-differ'
  /** Accuracies, as fractions of 1. */
  fractions?: Record<string, number>
  /** Distances between accuracies, as fractions of 1. */
  differences?: Record<string, number>
  counts?: Record<string, number>
  texts?: Record<string, string>
}

/** Low and high end of the interval, or null when there is none. */
export function intervalOf(verdict: Verdict): [low: number, high: number] | null {
  return verdict.mean === null || verdict.half === null
    ? null
    : [verdict.mean - verdict.half, verdict.mean + verdict.half]
}

function reasonSentence(verdict: Verdict): VerdictSentence {
  const interval = intervalOf(verdict)
  const band = { bandLow: verdict.paper - verdict.tolerance, bandHigh: verdict.paper + verdict.tolerance }
  if (interval === null) {
    if (verdict.reason === 'one-seed') return { key: 'one-seed' }
    switch (verdict.reason) {
      case 'no-seed-finished':
      case 'stopped-early':
      case 'test-pictures-left-out':
      case 'split-differs':
        return { key: verdict.reason }
      default:
        return { key: 'test-set-differs' }
    }
  }
  const [low, high] = interval
  const fractions = { low, high, ...band }
  switch (verdict.reason) {
    case 'above-band':
      return { key: 'above-band', fractions, differences: { gap: low - band.bandHigh } }
    case 'below-band':
      return { key: 'below-band', fractions, differences: { gap: band.bandLow - high } }
    case 'mean-on-edge':
    case 'inside-band':
      return { key: verdict.reason, fractions }
    case 'interval-crosses-edge': {
      const overLow = low < band.bandLow
      const overHigh = high > band.bandHigh
      if (overLow && overHigh) return { key: 'wider-than-band', fractions }
      return { key: overLow ? 'crosses-low-edge' : 'crosses-high-edge', fractions }
    }
    default:
      return { key: 'test-set-differs' }
  }
}

/** What would decide an inconclusive verdict, or null for others. */
function decidingSentence(verdict: Verdict): VerdictSentence | null {
  if (verdict.outcome !== 'inconclusive' || verdict.reason === 'mean-on-edge') return null
  if (verdict.seedsToDecide === null) return { key: 'seeds-would-not-decide' }
  const key = verdict.reason === 'one-seed' ? 'seeds-for-spread' : 'seeds-would-decide'
  return { key, counts: { seeds: verdict.seedsToDecide } }
}

/**
 * Why a verdict is what it is, in reading order: the reason, where a borrowed interval comes from, what would decide it,
 * which settings differ, and how far the test set itself is uncertain. `testPictures` is how many pictures were judged.
 */
export function verdictSentences(
  verdict: Verdict,
  context: { paperStd: number | null; paperSeeds: number | null; testPictures: number | null },
): VerdictSentence[] {
  const sentences: (VerdictSentence | null)[] = [reasonSentence(verdict)]
  if (verdict.half !== null && context.paperStd !== null) {
    const differences = { std: context.paperStd }
    const texts = { source: verdict.intervalSource ?? '' }
    if (verdict.intervalFrom === 'published-std') sentences.push({ key: 'published-spread', differences, texts })
    if (verdict.intervalFrom === 'welch') {
      sentences.push({ key: 'welch', differences, texts, counts: { seeds: context.paperSeeds ?? 0 } })
    }
  }
  sentences.push(decidingSentence(verdict))
  if (verdict.differences.length > 0 && verdict.outcome !== 'no-verdict') {
    const list = verdict.differences.map(({ label }) => label).join(', ')
    sentences.push({ key: 'settings-differ', counts: { settings: verdict.differences.length }, texts: { list } })
  }
  if (verdict.testByCounts) sentences.push({ key: 'test-by-counts' })
  if (verdict.trainingLeftOut !== undefined && verdict.outcome !== 'no-verdict') {
    sentences.push({ key: 'training-left-out', counts: { pictures: verdict.trainingLeftOut } })
  }
  if (verdict.checkpoint === 'best' && verdict.mean !== null) sentences.push({ key: 'best-is-optimistic' })
  if (verdict.mean !== null && verdict.outcome !== 'no-verdict' && context.testPictures !== null) {
    const noise = 1.96 * Math.sqrt((verdict.mean * (1 - verdict.mean)) / context.testPictures)
    sentences.push({ key: 'test-set-noise', differences: { noise }, counts: { pictures: context.testPictures } })
  }
  return sentences.filter((sentence) => sentence !== null)
}

/**
 * Which headline a verdict carries. A figure reached with other settings than the recipe's is never plainly "reproduced":
 * its headline counts them.
 */
export function verdictHeadline(verdict: Pick<Verdict, 'outcome' | 'differences' | 'testByCounts'>): {
  outcome: Verdict['outcome']
  changedSettings: number
} {
  return {
    outcome: verdict.outcome,
    changedSettings: verdict.outcome === 'reproduced' ? verdict.differences.length : 0,
  }
}
