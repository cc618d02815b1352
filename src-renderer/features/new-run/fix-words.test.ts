import { expect, test } from 'vitest'
import type { PreflightFix } from '../../../src-main/shared/api.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { fixWords } from './fix-words.ts'

const words = (fix: PreflightFix) => fixWords(fix, numbersFor('en'))
const bytes = 3 * 1024 ** 3

test('a batch in parts says what batch normalisation sees, and only where it sees less', () => {
  const changes = { 'train.batchSize': 64, 'train.accumulate': 2 }
  const withNorm = words({ id: 'accumulate', changes, values: { bytes, batchNormPictures: 64 } })
  expect(withNorm).toMatchObject({ label: 'accumulate', hint: 'accumulateNormHint' })
  expect(withNorm.values).toMatchObject({ batch: 64, times: 2, norm: 64, memory: '3.0\u00a0GB' })
  expect(words({ id: 'accumulate', changes, values: { bytes, batchNormPictures: 0 } }).hint).toBe('accumulateHint')
})

test('half precision and fewer seeds name what they change', () => {
  const half = words({ id: 'precision', changes: { 'compute.precision': 'bf16' }, values: { bytes } })
  expect(half.values).toMatchObject({ precision: 'bf16', memory: '3.0\u00a0GB' })
  const seeds = words({ id: 'fewer-seeds', changes: { 'seeds.count': 3 }, values: { bytes } })
  expect(seeds.values).toMatchObject({ count: 3, size: '3.0\u00a0GB' })
})
