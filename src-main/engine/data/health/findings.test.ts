import { describe, expect, it } from 'vitest'
import { type Finding, type FindingKind, findingKinds, type PictureExamination } from '../../../shared/dataset-views.ts'
import type { Copies } from './duplicates.ts'
import { type HealthFacts, healthFindings } from './findings.ts'
import { createPictureTally, missingFile, type TalliedPicture } from './picture-tally.ts'

const sound: PictureExamination = {
  format: 'jpeg',
  width: 500,
  height: 375,
  mode: 'rgb',
  depth: 8,
  alpha: false,
  frames: 1,
  orientation: 1,
  problem: null,
}
const noCopies: Copies = {
  leak: [],
  nearLeak: [],
  copies: [],
  nearCopies: [],
  labelConflict: [],
  leakedTest: 0,
  nearLeakedTest: 0,
  nearJudged: true,
}
const classes = ['cat', 'dog', 'eel']

type Sample = Partial<Omit<TalliedPicture, 'examination'>> & { is?: Partial<PictureExamination> }

/** Four pictures of each class in training and two in test, and those given. */
function tallied(samples: Sample[], base = { train: 4, test: 2 }) {
  const tally = createPictureTally(classes.length)
  const every = (part: 'train' | 'test', count: number) =>
    classes.flatMap((_, label) => Array.from({ length: count }, (): Sample => ({ label, part })))
  const all = [...samples, ...every('train', base.train), ...every('test', base.test)]
  for (const [picture, { is = {}, ...given }] of all.entries()) {
    tally.add({ picture, name: `${picture}.jpg`, label: 0, part: 'train', ...given, examination: { ...sound, ...is } })
  }
  return tally.result()
}

function findingsOf(samples: Sample[], facts: Partial<HealthFacts> = {}) {
  const found = healthFindings({
    tally: tallied(samples),
    copies: noCopies,
    classes,
    sourceProblems: 0,
    benchmark: null,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    reference: { label: 'ImageNet-1k', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    ...facts,
  })
  return {
    all: found.map(({ finding }) => finding),
    of: (kind: FindingKind) => found.find(({ finding }) => finding.kind === kind)?.finding,
    pictures: (kind: FindingKind) =>
      found.find(({ finding }) => finding.kind === kind)?.members.map(({ picture }) => picture),
  }
}

const benchmark = (matching: number | null, foundTest = 10_000) => ({
  id: 'cifar10',
  label: 'CIFAR-10',
  train: { matching, found: 50_000, expected: 50_000 },
  test: { matching: matching === null ? null : foundTest, found: foundTest, expected: 10_000 },
  exact: matching === 50_000 && foundTest === 10_000,
})

it('names every kind once, all passed for a data set in order', () => {
  const { all } = findingsOf([], { benchmark: benchmark(50_000) })
  expect(all.map(({ kind }) => kind).sort()).toEqual([...findingKinds].sort())
  expect(all.filter(({ severity }) => severity !== 'passed')).toEqual([])
})

/** Each sample in place 0 gives that finding alone. */
const single: [FindingKind, Finding['severity'], Sample][] = [
  ['unreadable', 'problem', { is: { problem: 'cut off' } }],
  ['missing-file', 'problem', { is: { problem: missingFile, format: null, width: 0, height: 0 } }],
  ['oversized', 'problem', { is: { problem: '60000 x 60000 pixels', width: 60_000, height: 60_000 } }],
  ['wrong-extension', 'hint', { name: 'a.png' }],
  ['cmyk', 'warning', { is: { mode: 'cmyk' } }],
  ['turned', 'warning', { is: { orientation: 8 } }],
  ['alpha', 'warning', { is: { alpha: true } }],
  ['deep', 'hint', { is: { depth: 16 } }],
  ['animated', 'hint', { is: { frames: 3 } }],
  ['grey-among-colour', 'hint', { is: { mode: 'grey' } }],
]

it.each(single)('%s is a %s with its picture', (kind, severity, sample) => {
  const { all, pictures } = findingsOf([sample])
  expect(all.filter((finding) => finding.severity !== 'passed')).toMatchObject([
    { kind, severity, count: 1, listed: true },
  ])
  expect(pictures(kind)).toEqual([0])
})

it('sizes stand out beside the others', () => {
  const { of, pictures } = findingsOf([
    { is: { width: 20, height: 300 } },
    { is: { width: 30_000, height: 40 } },
    { is: { width: 6000, height: 5000 } },
  ])
  expect(pictures('tiny')).toEqual([0])
  expect(pictures('huge')).toEqual([1, 2])
  expect(of('mixed-sizes')).toMatchObject({ severity: 'hint', count: 4 })
  const small = tallied(
    Array.from({ length: 60 }, () => ({ is: { width: 28, height: 28 } })),
    { train: 0, test: 0 },
  )
  expect(small.found.tiny).toEqual([])
  expect(small.shorterSides).toEqual({ edges: [16, 32], counts: [60] })
})

it('all pictures grey, or TIFF turned by its reader, are in order', () => {
  const grey = tallied(
    Array.from({ length: 5 }, () => ({ is: { mode: 'grey' } })),
    { train: 0, test: 0 },
  )
  expect(grey.found['grey-among-colour']).toEqual([])
  expect(tallied([{ name: 'a.tif', is: { format: 'tiff', orientation: 6 } }]).found.turned).toEqual([])
})

it('rows without a picture count as missing files', () => {
  expect(findingsOf([], { sourceProblems: 3 }).of('missing-file')).toMatchObject({
    severity: 'problem',
    count: 3,
    listed: false,
    excludable: false,
  })
})

describe('classes', () => {
  const many = (label: number, count: number) => Array.from({ length: count }, (): Sample => ({ label }))

  it('of unlike sizes', () => {
    expect(findingsOf(many(0, 6)).of('imbalance')).toMatchObject({
      severity: 'hint',
      count: 1,
      values: { least: 4, most: 10 },
    })
    expect(findingsOf(many(1, 96)).of('imbalance')).toMatchObject({ severity: 'warning', values: { ratio: 25 } })
  })

  it('without pictures, or in one part only', () => {
    const tally = tallied([{ label: 0 }, { label: 0, part: 'test' }, { label: 1, part: 'test' }], { train: 0, test: 0 })
    const { of } = findingsOf([], { tally })
    expect(of('empty-class')).toMatchObject({ severity: 'problem', count: 1, values: { names: 'eel' } })
    expect(of('one-part-class')).toMatchObject({ severity: 'warning', count: 1, values: { names: 'dog' } })
  })
})

describe('copies', () => {
  const pair = { picture: 3, twin: 14, score: 1 }

  it('across parts are a problem, but part of a benchmark', () => {
    const copies = { ...noCopies, leak: [pair], leakedTest: 1 }
    const own = findingsOf([], { copies }).of('leak')
    expect(own).toMatchObject({ severity: 'problem', count: 1, values: { test: 1, share: 1 / 6 }, excludable: true })
    expect(findingsOf([], { copies, benchmark: benchmark(50_000) }).of('leak')).toMatchObject({ severity: 'warning' })
  })

  it('that are near only are said not to be judged where they cannot be', () => {
    const { of } = findingsOf([], { copies: { ...noCopies, nearJudged: false } })
    expect(of('near-leak')).toMatchObject({ severity: 'hint', count: 0, values: { judged: 'no' }, listed: false })
  })
})

it('a benchmark that differs is a problem with the number of differing pictures', () => {
  expect(findingsOf([], { benchmark: benchmark(49_978) }).of('benchmark-differs')).toMatchObject({
    severity: 'problem',
    count: 22,
  })
  expect(findingsOf([], { benchmark: benchmark(null, 9_990) }).of('benchmark-differs')).toMatchObject({ count: 10 })
  expect(findingsOf([]).of('benchmark-differs')).toBeUndefined()
})

it('statistics are compared with those of the recipe', () => {
  const far = findingsOf([], { mean: [0.6, 0.456, 0.406] }).of('statistics')
  expect(far).toMatchObject({ severity: 'hint', values: { reference: 'ImageNet-1k', mean0: 0.6 } })
  expect(far?.values.difference).toBeCloseTo(0.115, 9)
})
