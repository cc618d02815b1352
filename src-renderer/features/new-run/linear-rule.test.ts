import { expect, test } from 'vitest'
import { parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import { linearRule } from './linear-rule.ts'

const recipe = parseRunConfig({ train: { batchSize: 128 }, optimizer: { lr: 0.1 } })

test('a doubled batch asks for a doubled rate', () => {
  expect(linearRule(recipe, { 'train.batchSize': 256 })).toEqual({ fromBatch: 128, toBatch: 256, rate: 0.2 })
})

test('nothing is said when the rate was changed too, or the batch was not', () => {
  expect(linearRule(recipe, { 'train.batchSize': 256, 'optimizer.lr': 0.3 })).toBeNull()
  expect(linearRule(recipe, {})).toBeNull()
})
