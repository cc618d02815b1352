import { expect, test } from 'vitest'
import type { DatasetSummary } from '../../shared/api.ts'
import { type RunConfigInput, runConfigSchema } from '../../shared/run-config.ts'
import { cacheCheck, healthCheck } from './data-checks.ts'

const data = (change: Partial<DatasetSummary> = {}): DatasetSummary => ({
  id: 'mine',
  label: 'Mine',
  source: 'user',
  status: 'ready',
  progress: null,
  storage: 'files',
  reader: 'class-folders',
  health: { problems: 0, warnings: 0 },
  excluded: 0,
  train: 100,
  test: 20,
  classes: ['a', 'b'],
  shape: [0, 0, 3],
  downloadBytes: 0,
  benchmark: false,
  fingerprint: 'f',
  path: '/pictures',
  licence: '',
  error: null,
  ...change,
})
const config = (part: RunConfigInput['data'] = {}) => runConfigSchema.parse({ data: part })
const nothing = { unreadable: 0, sizes: [] }

const health = (set: DatasetSummary, unreadable = 0, part: RunConfigInput['data'] = {}) => {
  const { check } = healthCheck(config(part), set, { unreadable, sizes: [] })
  return [check.state, check.values.reason, check.blocking]
}

test('the check of a data set is told before the start', () => {
  expect(health(data())).toEqual(['pass', 'sound', false])
  expect(health(data({ health: null }))).toEqual(['note', 'unchecked', false])
  expect(health(data({ health: null, benchmark: true }))).toEqual(['pass', 'known', false])
  expect(health(data({ health: { problems: 2, warnings: 1 } }))).toEqual(['note', 'problems', false])
  expect(health(data({ health: { problems: 1, warnings: 0 } }), 3)).toEqual(['note', 'unreadable', false])
})

test('pictures that cannot be read stop a run that refuses them', () => {
  const set = data({ health: { problems: 1, warnings: 0 } })
  expect(health(set, 3, { brokenPictures: 'refuse' })).toEqual(['fail', 'unreadable', true])
  expect(health(set, 0, { brokenPictures: 'refuse' })).toEqual(['note', 'problems', false])
  const { refusal } = healthCheck(config({ brokenPictures: 'refuse' }), set, { unreadable: 3, sizes: [] })
  expect(refusal?.code).toBe('picture-broken')
})

test('where decoded pictures will lie follows from the sizes that the check saw', () => {
  const sizes = [
    { height: 100, width: 200 },
    { height: 300, width: 200 },
  ]
  const conditions = { epochs: 10, freeMemoryBytes: 1e9, freeDiskBytes: 1e9 }
  const kept = (pictures: number, part: RunConfigInput['data'] = {}, of = { unreadable: 0, sizes }) => {
    const { check, choice } = cacheCheck(config(part), pictures, of, conditions)
    return [check.state, check.values.kept, check.values.bytes, choice?.kind, check.blocking]
  }
  // 40,000 pixels of three bytes on average.
  expect(kept(1000)).toEqual(['pass', 'memory', 120_000_000, 'memory', false])
  expect(kept(1000, { shortSide: 50 })).toEqual(['pass', 'memory', 13_125_000, 'memory', false])
  expect(kept(100_000)).toEqual(['pass', 'none', 0, 'none', false])
  expect(kept(100_000, { cache: 'disk' })).toEqual(['fail', 'disk', 12_000_000_000, undefined, true])
  expect(kept(1000, {}, nothing)).toEqual(['note', 'unknown', 0, undefined, false])
})
