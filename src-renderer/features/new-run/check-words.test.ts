import { expect, test } from 'vitest'
import type { DatasetSummary, PreflightCheck } from '../../../src-main/shared/api.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { checkWords } from './check-words.ts'

const data: DatasetSummary = {
  id: 'mnist',
  label: 'MNIST',
  source: 'package',
  status: 'absent',
  progress: null,
  storage: null,
  reader: null,
  health: null,
  excluded: 0,
  train: 60_000,
  test: 10_000,
  classes: [],
  shape: [28, 28, 1],
  downloadBytes: 11_500_000,
  benchmark: true,
  fingerprint: null,
  path: null,
  licence: '',
  error: null,
}
const words = (check: Partial<PreflightCheck> & Pick<PreflightCheck, 'id'>, set: Partial<DatasetSummary> = {}) =>
  checkWords(
    { state: 'note', values: {}, blocking: false, ...check },
    { data: { ...data, ...set }, numbers: numbersFor('en'), seedsText: (count) => `${count} seeds` },
  )

test('data that is not here can be fetched, the user’s own only be shown', () => {
  const absent = { id: 'data', values: { dataset: 'MNIST', downloadBytes: 11_500_000 } } as const
  expect(words(absent)).toMatchObject({ title: 'dataAbsent', fix: { kind: 'fetch', datasetId: 'mnist' } })
  expect(words(absent, { source: 'user' }).fix).toEqual({ kind: 'show-data', datasetId: 'mnist' })
})

test('data that cannot be fetched asks for a folder', () => {
  const check = { id: 'data', state: 'fail', values: { dataset: 'ImageNet-1k', state: 'absent' } } as const
  expect(words(check, { id: 'imagenet-1k', source: 'user' })).toEqual({
    title: 'dataToBring',
    detail: 'dataToBringText',
    values: { dataset: 'ImageNet-1k' },
    fix: { kind: 'show-data', datasetId: 'imagenet-1k' },
  })
})

test('pictures of unlike sizes have none to name', () => {
  const input = (shape: string) => words({ id: 'input', state: 'pass', values: { shape, size: '224 × 224' } }).detail
  expect(input('32 × 32 × 3')).toBe('inputFitsText')
  expect(input('')).toBe('inputUnlikeText')
})

test('data here is a benchmark or named as the reader’s own', () => {
  expect(words({ id: 'data', state: 'pass' }, { status: 'ready' }).title).toBe('dataReady')
  expect(words({ id: 'data', state: 'pass' }, { status: 'ready', benchmark: false }).title).toBe('dataOwn')
  const detail = (benchmarkBy?: DatasetSummary['benchmarkBy']) =>
    words({ id: 'data', state: 'pass' }, { status: 'ready', benchmark: false, ...(benchmarkBy ? { benchmarkBy } : {}) })
      .detail
  expect([detail(), detail('files'), detail('counts')]).toEqual(['dataOwnText', 'dataFilesText', 'dataCountsText'])
})

test('one seed offers as many as show a spread', () => {
  expect(words({ id: 'verdict', values: { reason: 'one-seed', seeds: 1, seedsToDecide: 4 } })).toMatchObject({
    title: 'verdictOneSeed',
    values: { needed: '5 seeds' },
    fix: { kind: 'seeds', count: 5 },
  })
  expect(words({ id: 'verdict', values: { reason: 'one-seed', seeds: 1 } }).fix).toEqual({ kind: 'seeds', count: 3 })
})

test('too wide an interval offers the seeds that would decide, and nothing when none would', () => {
  const wide = { reason: 'interval-crosses-edge', seeds: 3, half: 0.004, tolerance: 0.003 }
  expect(words({ id: 'verdict', values: { ...wide, seedsToDecide: 2 } }).fix).toEqual({ kind: 'seeds', count: 5 })
  expect(words({ id: 'verdict', values: { ...wide, seedsToDecide: 0 } }).fix).toBeNull()
})

test('an unknown spread promises nothing', () => {
  expect(words({ id: 'verdict', values: { reason: 'spread-unknown', seeds: 3 } }).title).toBe('verdictUnknown')
})

test('changes are counted and can be shown', () => {
  expect(words({ id: 'changes', values: { count: 2 } })).toMatchObject({
    title: 'changes',
    values: { count: 2 },
    fix: { kind: 'show-changes' },
  })
  expect(words({ id: 'changes', state: 'pass', values: { count: 0 } }).title).toBe('noChange')
})

test('pictures that do not fit are explained in the words of the check', () => {
  const values = { shape: '32 × 32 × 3', size: '224 × 224', reason: 'Another size. Choose a crop.' }
  expect(words({ id: 'input', state: 'fail', values })).toMatchObject({
    title: 'inputMisfit',
    detail: { plain: 'Another size. Choose a crop.' },
  })
  expect(words({ id: 'input', state: 'pass', values }).title).toBe('inputFits')
  expect(words({ id: 'input', values: { shape: '', size: '224 × 224' } }).title).toBe('inputLater')
})
