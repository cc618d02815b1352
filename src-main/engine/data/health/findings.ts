// The findings of a health report: what the counts of a data set mean, each with the pictures that it is about. What each usually
// does to accuracy, and by which source, is in shared/registry/finding-effects.ts.
import type { DatasetOverview, Finding, FindingKind, Severity } from '../../../shared/dataset-views.ts'
import type { Copies, CopyPair } from './duplicates.ts'
import type { PictureKind, PictureTally } from './picture-tally.ts'

export interface FindingMember {
  picture: number
  twin: number | null
  score: number | null
}

export interface FoundFinding {
  finding: Finding
  members: FindingMember[]
}

export interface HealthFacts {
  tally: PictureTally
  copies: Copies
  classes: readonly string[]
  /** Rows of the source that give no picture. */
  sourceProblems: number
  benchmark: DatasetOverview['benchmark']
  /** Per channel, on 0..1 pixels of the training part; empty where there are none. */
  mean: readonly number[]
  std: readonly number[]
  /** Those by which the recipe normalises, and what they are of. */
  reference: { label: string; mean: readonly number[]; std: readonly number[] } | null
}

/** Severity of single pictures where there are any, and whether leaving them out repairs it. */
const pictureKinds: Record<PictureKind, [Severity, boolean]> = {
  unreadable: ['problem', true],
  'missing-file': ['problem', true],
  oversized: ['problem', true],
  'wrong-extension': ['hint', false],
  cmyk: ['warning', true],
  turned: ['warning', true],
  alpha: ['warning', true],
  deep: ['hint', true],
  animated: ['hint', true],
  'grey-among-colour': ['hint', true],
  tiny: ['warning', true],
  huge: ['warning', true],
}

/** Every kind once, also those that are in order. */
export function healthFindings(facts: HealthFacts): FoundFinding[] {
  return [
    ...benchmarkFinding(facts),
    ...(Object.keys(pictureKinds) as PictureKind[]).map((kind) => pictureFinding(kind, facts)),
    ...copyFindings(facts),
    sizeFinding(facts),
    ...classFindings(facts),
    ...statisticsFinding(facts),
  ]
}

function found(
  kind: FindingKind,
  severity: Severity,
  count: number,
  values: Finding['values'] = {},
  members: FindingMember[] = [],
  excludable = false,
): FoundFinding {
  const listed = members.length > 0
  return {
    finding: { kind, severity, count, excluded: 0, values, listed, excludable: excludable && listed },
    members,
  }
}

function pictureFinding(kind: PictureKind, { tally, sourceProblems }: HealthFacts): FoundFinding {
  const members = tally.found[kind].map((picture) => ({ picture, twin: null, score: null }))
  const count = members.length + (kind === 'missing-file' ? sourceProblems : 0)
  const [severity, excludable] = pictureKinds[kind]
  const share = tally.pictures === 0 ? 0 : count / tally.pictures
  return found(kind, count > 0 ? severity : 'passed', count, { share }, members, excludable)
}

/** Copies that a known benchmark has are part of what the paper's figure was measured on. */
function copyFindings({ copies, benchmark, tally }: HealthFacts): FoundFinding[] {
  const tested = (tally.classes.test.some((count) => count > 0) ? tally.classes.test : tally.classes.val).reduce(
    (sum, count) => sum + count,
    0,
  )
  const pairs = (kind: FindingKind, severity: Severity, list: CopyPair[], values: Finding['values'], repair: boolean) =>
    found(kind, list.length > 0 ? severity : 'passed', list.length, values, list, repair)
  const leaks = (test: number) => ({ test, share: tested === 0 ? 0 : test / tested })
  const isBenchmark = benchmark !== null
  const exact = [
    pairs('leak', isBenchmark ? 'warning' : 'problem', copies.leak, leaks(copies.leakedTest), true),
    pairs('copies', 'hint', copies.copies, {}, true),
    pairs('label-conflict', 'warning', copies.labelConflict, {}, true),
  ]
  if (!copies.nearJudged) {
    // Said, not passed over: nothing was found because nothing can be.
    const unjudged = { judged: 'no' }
    return [
      ...exact,
      found('near-leak', 'hint', 0, { ...leaks(0), ...unjudged }),
      found('near-copies', 'hint', 0, unjudged),
    ]
  }
  return [
    ...exact,
    pairs('near-leak', 'warning', copies.nearLeak, { ...leaks(copies.nearLeakedTest), judged: 'yes' }, true),
    pairs('near-copies', 'hint', copies.nearCopies, { judged: 'yes' }, true),
  ]
}

function sizeFinding({ tally }: HealthFacts): FoundFinding {
  const [[size] = ['']] = tally.sizes
  const { leastPixels, mostPixels, format } = tally
  const values = { size: tally.sizes.size === 1 ? size : '', leastPixels, mostPixels, format: format ?? '' }
  return found('mixed-sizes', tally.sizes.size > 1 ? 'hint' : 'passed', tally.sizes.size, values)
}

/** A class with less than half, or more than twice, of the middle class' pictures stands out; ten to one is a warning. */
const standsOut = 2
const warningRatio = 10

function classFindings({ tally, classes }: HealthFacts): FoundFinding[] {
  const { train, val, test } = tally.classes
  const inTraining = classes.map((_, label) => (train[label] ?? 0) + (val[label] ?? 0))
  const isEmpty = (label: number) => (inTraining[label] ?? 0) === 0 && (test[label] ?? 0) === 0
  const named = (labels: number[]) =>
    labels
      .slice(0, 5)
      .map((label) => classes[label] ?? '')
      .join(', ')
  const all = classes.map((_, label) => label)
  const empty = all.filter(isEmpty)
  const hasTest = test.some((count) => count > 0)
  const onePart = all.filter((label) => hasTest && !isEmpty(label) && (inTraining[label] === 0 || test[label] === 0))

  const filled = inTraining.filter((count) => count > 0).sort((a, b) => a - b)
  const [least = 0, middle = 0, most = 0] = [filled[0], filled[filled.length >> 1], filled[filled.length - 1]]
  const odd = inTraining.filter(
    (count) => count > 0 && (count * standsOut < middle || count > middle * standsOut),
  ).length
  const severity = odd === 0 ? 'passed' : most >= warningRatio * least ? 'warning' : 'hint'
  const ratio = least === 0 ? 0 : most / least
  return [
    found('imbalance', severity, odd === 0 ? classes.length : odd, { least, most, ratio }),
    found('empty-class', empty.length > 0 ? 'problem' : 'passed', empty.length, { names: named(empty) }),
    found('one-part-class', onePart.length > 0 ? 'warning' : 'passed', onePart.length, { names: named(onePart) }),
  ]
}

function benchmarkFinding({ benchmark }: HealthFacts): FoundFinding[] {
  if (benchmark === null) return []
  const { label, train, test, exact } = benchmark
  if (exact) return [found('benchmark-differs', 'passed', 0, { label })]
  const differing = ({ matching, found: there, expected }: typeof train) =>
    matching === null ? Math.abs(there - expected) : Math.max(there, expected) - matching
  const count = differing(train) + differing(test)
  // Files of unlike sizes are known by their number alone.
  return [found('benchmark-differs', count > 0 ? 'problem' : 'passed', count, { label })]
}

/** Means or deviations that lie farther from those of the recipe are told; 0.02 is five of 255. */
const nearStatistic = 0.02

function statisticsFinding({ mean, std, reference }: HealthFacts): FoundFinding[] {
  if (mean.length === 0) return []
  const values: Finding['values'] = { reference: reference?.label ?? '', difference: 0 }
  for (const [c, value] of mean.entries()) {
    values[`mean${c}`] = value
    values[`std${c}`] = std[c] ?? 0
  }
  if (reference === null || reference.mean.length !== mean.length) return [found('statistics', 'passed', 0, values)]
  const differences = mean.flatMap((value, c) => [
    Math.abs(value - (reference.mean[c] ?? 0)),
    Math.abs((std[c] ?? 0) - (reference.std[c] ?? 0)),
  ])
  const difference = Math.max(...differences)
  return [found('statistics', difference > nearStatistic ? 'hint' : 'passed', 0, { ...values, difference })]
}
