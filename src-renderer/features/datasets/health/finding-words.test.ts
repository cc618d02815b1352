import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { findingKinds } from '../../../../src-main/shared/dataset-views.ts'
import { boxRules, readerNames } from '../../../../src-main/shared/registry/readers.ts'
import { en } from '../../../i18n/en/index.ts'
import { numbersFor } from '../../../i18n/numbers.ts'
import { zh } from '../../../i18n/zh/index.ts'
import { findingFigures } from './finding-words.ts'

describe.each([
  ['English', en],
  ['Chinese', zh],
] as const)('in %s', (_, texts) => {
  test('every finding has its words, and no finding is named that cannot be found', () => {
    expect(Object.keys(texts.health.findings).sort()).toEqual([...findingKinds].sort())
  })

  test('every reader and every box rule has its words', () => {
    expect(Object.keys(texts.datasets.readers).sort()).toEqual([...readerNames].sort())
    expect(Object.keys(texts.datasets.boxRules).sort()).toEqual([...boxRules].sort())
  })
})

/** Every figure that the check may give to a finding (engine/data/health/findings.ts). */
const figuresOfCheck = {
  share: 0.033_14,
  test: 1234,
  judged: 'yes',
  size: '',
  leastPixels: 1024,
  mostPixels: 250_000,
  format: '',
  least: 12,
  most: 1300,
  ratio: 108.33,
  names: 'cat, dog',
  label: 'CIFAR-10',
  reference: 'ResNet-20, CIFAR-10',
  difference: 0.0312,
}

test('figures are written by the rules for numbers, words stay as they are', () => {
  expect(findingFigures({ count: 12_345, values: figuresOfCheck }, numbersFor('en'))).toMatchObject({
    count: 12_345,
    share: '3.3\u00a0%',
    test: 1234,
    ratio: '110',
    difference: '0.031',
    label: 'CIFAR-10',
    format: 'none',
  })
})

test.each(findingKinds)('every sentence of %s can be written with its figures, in both languages', (kind) => {
  for (const [language, texts] of [
    ['en', en],
    ['zh', zh],
  ] as const) {
    for (const values of [figuresOfCheck, { ...figuresOfCheck, judged: 'no', size: '32 x 32', reference: '' }]) {
      const figures = findingFigures({ count: 2, values }, numbersFor(language))
      for (const text of Object.values(texts.health.findings[kind])) {
        expect(new IntlMessageFormat(text, language).format(figures)).not.toMatch(/[{}]|undefined/)
      }
    }
  }
})

test('counts in sentences are grouped and take their plural', () => {
  const write = (test: number) =>
    new IntlMessageFormat(en.health.findings.leak.text, 'en').format({ test, share: '3.3 %' })
  expect(write(1)).toBe('1 test picture has an exact copy in train, 3.3 % of the test part.')
  expect(write(1234)).toBe('1,234 test pictures have an exact copy in train, 3.3 % of the test part.')
})
