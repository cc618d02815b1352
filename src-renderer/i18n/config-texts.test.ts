import { expect, test } from 'vitest'
import { configField, configFields } from '../../src-main/shared/config-fields.ts'
import { configTexts } from './config-texts.ts'
import { choiceTexts, fieldTexts, unitTexts } from './zh/config-texts.ts'

// Names of models, optimisers and number formats stay in Latin.
const latinChoices = ['model.name', 'optimizer.name', 'compute.precision']

test('every setting has Chinese words, and no words are left over', () => {
  expect(Object.keys(fieldTexts).toSorted()).toEqual(configFields.map(({ key }) => key).toSorted())
})

test('every choice has a Chinese name unless it stays in Latin', () => {
  const choices = configFields
    .filter(({ key }) => !latinChoices.includes(key))
    .flatMap(({ key, choices }) => choices.map((choice) => `${key}.${choice}`))
  expect(Object.keys(choiceTexts).toSorted()).toEqual(choices.toSorted())
})

test('every choice has an English name', () => {
  const { choice } = configTexts('en')
  const bare = configFields.flatMap((field) => field.choices.filter((name) => choice(field, name) === name))
  expect(bare).toEqual(['airbench94', 'fp32', 'bf16', 'fp16'])
})

test('every unit has a Chinese word', () => {
  for (const { unit } of configFields) if (unit) expect(Object.keys(unitTexts)).toContain(unit)
})

test('values are read as the form shows them', () => {
  const { value } = configTexts('en')
  expect(value(configField('schedule.milestones'), [32_000, 48_000])).toBe('32,000, 48,000')
  expect(value(configField('optimizer.weightDecay'), 0.0001)).toBe('1e-4')
  expect(value(configField('verdict.tolerance'), 0.003)).toBe('±\u00a00.3\u00a0pp')
  expect(value(configField('train.length'), 12, 'epochs')).toBe('12\u00a0epochs')
  expect(value(configField('train.length'), 1, 'epochs')).toBe('1\u00a0epoch')
  expect(value(configField('data.limitTrain'), 0, 'pictures')).toBe('all')
  expect(value(configField('model.dropout'), -1)).toBe("the architecture's")
  expect(value(configField('model.dropout'), 0)).toBe('0')
  expect(value(configField('schedule.name'), 'multi-step')).toBe('Multi-step')
  expect(configTexts('zh').value(configField('optimizer.nesterov'), true)).toBe('是')
})
