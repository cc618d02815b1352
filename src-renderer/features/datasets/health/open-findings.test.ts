import { expect, test } from 'vitest'
import type { Finding } from '../../../../src-main/shared/dataset-views.ts'
import { openCounts, sortedFindings } from './open-findings.ts'

const finding = (change: Partial<Finding>): Finding => ({
  kind: 'unreadable',
  severity: 'problem',
  count: 3,
  excluded: 0,
  values: {},
  listed: true,
  excludable: true,
  ...change,
})

test('a problem counts until all of its pictures are left out', () => {
  expect(openCounts({ findings: [finding({ excluded: 2 })] }).problem).toBe(1)
  expect(openCounts({ findings: [finding({ excluded: 3 })] }).problem).toBe(0)
})

test('a finding that leaving out does not repair stays counted', () => {
  expect(openCounts({ findings: [finding({ excludable: false, excluded: 3 })] }).problem).toBe(1)
})

test('problems come first, then warnings and hints by size, then what passed in its own order', () => {
  const sorted = sortedFindings([
    finding({ kind: 'leak', severity: 'passed', count: 0 }),
    finding({ kind: 'tiny', severity: 'hint', count: 2 }),
    finding({ kind: 'huge', severity: 'hint', count: 9 }),
    finding({ kind: 'cmyk', severity: 'passed', count: 0 }),
    finding({ kind: 'imbalance', severity: 'warning', count: 1 }),
    finding({ kind: 'unreadable', severity: 'problem', count: 1 }),
  ])
  expect(sorted.map(({ kind }) => kind)).toEqual(['unreadable', 'imbalance', 'huge', 'tiny', 'leak', 'cmyk'])
})
