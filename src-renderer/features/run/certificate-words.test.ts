import { expect, test } from 'vitest'
import type { ResumeCertificate } from '../../../src-main/shared/resume-certificate.ts'
import { numbersFor } from '../../i18n/numbers.ts'
import { certificateWords } from './certificate-words.ts'

const certificate = (parts: Partial<ResumeCertificate>) =>
  ({
    equal: true,
    epochs: 2,
    steps: 782,
    pausedAt: [391],
    maxDifference: 0,
    firstDifference: null,
    at: 0,
    ...parts,
  }) as ResumeCertificate

const numbers = numbersFor('en')

test('two epochs with one pause in the middle are told as 1 + pause + 1', () => {
  expect(certificateWords(certificate({}), numbers).key).toBe('halves')
})

test('any other breaks are counted', () => {
  expect(certificateWords(certificate({ pausedAt: [100, 500] }), numbers)).toMatchObject({
    key: 'equal',
    values: { epochs: 2, pauses: 2 },
  })
  expect(certificateWords(certificate({ pausedAt: [200] }), numbers).key).toBe('equal')
})

test('a difference is told with its size and its first place', () => {
  const differs = certificate({ equal: false, maxDifference: 3.1e-6, firstDifference: 'conv1.weight' })
  expect(certificateWords(differs, numbers)).toMatchObject({
    key: 'differs',
    values: { difference: '3.1e-6', first: 'conv1.weight' },
  })
})
