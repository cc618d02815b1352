import { expect, test } from 'vitest'
import { groupRatios, groupTable } from './report.ts'
import type { ContenderResult } from './run-group.ts'

function result(id: string, minimum: number, change: Partial<ContenderResult> = {}): ContenderResult {
  const side = id.startsWith('ours') ? 'ours' : 'torch'
  const allocator = side === 'ours' ? 'product' : id.endsWith('jemalloc') ? 'jemalloc' : 'default'
  const rounds = [minimum, minimum * 2]
  const base = {
    label: id,
    compared: true,
    threads: null,
    parameters: 1234,
    versions: {},
    rounds,
    median: minimum * 1.5,
  }
  return { id, side, allocator, minimum, ...base, ...change }
}

const results = [
  result('ours', 0.09),
  result('ours-augmented', 0.08, { compared: false }),
  result('torch-default', 0.1),
  result('torch-jemalloc', 0.075, { median: 0.135 }),
  result('torch-whole-jemalloc', 0.01, { compared: false }),
]

test('ratios are ours to the default and to the best of what is compared', () => {
  const { minimum, median } = groupRatios(results)
  expect(minimum).toEqual({ toDefault: 0.09 / 0.1, toBest: 0.09 / 0.075 })
  expect(median).toEqual({ toDefault: expect.closeTo(0.9, 12), toBest: expect.closeTo(1, 12) })
})

test('the table names every configuration, those outside the comparison in brackets', () => {
  const group = { net: 'n', label: 'Net', precision: 'fp32', batch: 8, stepsPerMeasurement: 3, otherLoad: 0, results }
  const lines = groupTable(group).split('\n')
  expect(lines[0]).toBe('Net, fp32, batch 8: milliseconds per step, 3 steps a round, 1,234 parameters on both sides')
  expect(lines.find((line) => line.includes('torch-jemalloc'))).toMatch(/75\.0 +135\.0 +1\.20$/)
  expect(lines.some((line) => line.includes('(torch-whole-jemalloc)'))).toBe(true)
  expect(lines.at(-1)).toContain('0.90 of its default, 1.20 of its best')
})
