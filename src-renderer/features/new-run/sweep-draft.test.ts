import { expect, test } from 'vitest'
import { configField } from '../../../src-main/shared/config-fields.ts'
import { sweepSchema } from '../../../src-main/shared/sweep.ts'
import { parseValues, proposedAxis, type SweepDraft, sweepOf, valuesText } from './sweep-draft.ts'

const rate = configField('optimizer.lr')
const milestones = configField('schedule.milestones')

test('values are read by the kind of their setting, lists by semicolons', () => {
  expect(parseValues(rate, '0.1, 5e-2 ,')).toEqual([0.1, 0.05])
  expect(parseValues(milestones, '10, 20; 15')).toEqual([[10, 20], [15]])
  expect(() => parseValues(rate, '0.1, fast')).toThrow(/cannot be "fast"/)
})

test('what is proposed can be read back and starts around the value of the form', () => {
  expect(proposedAxis(rate, 0.1)).toMatchObject({ text: '0.05, 0.1, 0.2', min: 0.01, max: 1, scale: 'log' })
  expect(proposedAxis(configField('optimizer.momentum'), 0.9).text).toBe('0.45, 0.9, 0.9999')
  expect(parseValues(milestones, valuesText([[1, 2], [3]]))).toEqual([[1, 2], [3]])
})

const draft = (change: Partial<SweepDraft> = {}): SweepDraft => ({
  mode: 'random',
  axes: [{ ...proposedAxis(rate, 0.1), kind: 'range' }, proposedAxis(configField('train.batchSize'), 128)],
  count: 5,
  ...change,
})

test('a random sweep draws numbers from ranges, a grid takes values of all', () => {
  expect(sweepOf(draft())?.axes.map(({ kind }) => kind)).toEqual(['range', 'values'])
  expect(sweepOf(draft({ mode: 'grid' }))?.axes).toEqual([
    { kind: 'values', key: 'optimizer.lr', values: [0.05, 0.1, 0.2] },
    { kind: 'values', key: 'train.batchSize', values: [64, 128, 256] },
  ])
})

test('the sweep of a draft is one that the engine takes', () => {
  for (const mode of ['grid', 'random'] as const) {
    const sweep = sweepOf(draft({ mode }))
    expect(sweepSchema.parse(sweep)).toEqual(sweep)
  }
})

test('an axis without values makes no sweep', () => {
  expect(sweepOf(draft({ mode: 'grid', axes: [{ ...proposedAxis(rate, 0.1), text: ' ' }] }))).toBeNull()
})
