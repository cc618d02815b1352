import { expect, test } from 'vitest'
import { numbersFor } from '../../i18n/numbers.ts'
import { isPreparing, phaseWords } from './phase-words.ts'

const numbers = numbersFor('en')

test('pictures are counted and downloads measured in bytes', () => {
  expect(phaseWords({ phase: 'data', done: 12_400, total: 60_000 }, numbers)).toEqual({
    key: 'dataPictures',
    values: { done: '12,400', total: '60,000' },
    share: 12_400 / 60_000,
  })
  expect(phaseWords({ phase: 'data', done: 5_242_880, total: 10_485_760 }, numbers)).toMatchObject({
    key: 'fetching',
    share: 0.5,
  })
})

test('a phase without a count has words alone', () => {
  expect(phaseWords({ phase: 'tracing', done: null, total: null }, numbers)).toEqual({
    key: 'tracing',
    values: {},
    share: null,
  })
})

test('the words leave once steps are counted', () => {
  expect(isPreparing({ phase: 'tracing', step: 0 })).toBe(true)
  expect(isPreparing({ phase: 'training', step: 0 })).toBe(false)
  expect(isPreparing({ phase: 'evaluating', step: 400 })).toBe(false)
})
