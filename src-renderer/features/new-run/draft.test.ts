import { expect, test } from 'vitest'
import { configField, configFields, parseRunConfig } from '../../../src-main/shared/config-fields.ts'
import { countedChanges, draftValue, fieldProblems, runCommand, withChange, withoutChanges } from './draft.ts'
import { fieldApplies, fieldShown, fieldsOfSection, formSectionIds, sectionOf } from './form-sections.ts'

const recipe = parseRunConfig({
  optimizer: { lr: 0.1 },
  schedule: { name: 'multi-step', milestones: [32_000, 48_000] },
})

test('a changed value is kept until it is the recipe’s again', () => {
  const changed = withChange(recipe, {}, 'optimizer.lr', 0.2)
  expect(changed).toEqual({ 'optimizer.lr': 0.2 })
  expect(draftValue(recipe, changed, 'optimizer.lr')).toBe(0.2)
  expect(withChange(recipe, changed, 'optimizer.lr', 0.1)).toEqual({})
})

test('lists are compared by their values', () => {
  expect(withChange(recipe, {}, 'schedule.milestones', [32_000, 48_000])).toEqual({})
  expect(withChange(recipe, {}, 'schedule.milestones', [16_000])).toEqual({ 'schedule.milestones': [16_000] })
})

test('a section returns to the recipe without touching others', () => {
  const changes = { 'optimizer.lr': 0.2, 'augment.pad': 2 }
  expect(withoutChanges(changes, ['optimizer.lr', 'optimizer.momentum'])).toEqual({ 'augment.pad': 2 })
})

test('seeds and devices do not count as leaving the recipe', () => {
  expect(countedChanges({ 'seeds.count': 5, 'compute.device': 'cpu', 'train.batchSize': 64 })).toEqual([
    'train.batchSize',
  ])
})

test('each field out of range is reported with what it takes', () => {
  const problems = fieldProblems(recipe, { 'train.batchSize': 0, 'optimizer.momentum': 2, 'optimizer.lr': 1 })
  expect(Object.keys(problems)).toEqual(['train.batchSize', 'optimizer.momentum'])
  expect(problems['train.batchSize']?.expected).toBe('a whole number from 1 to 65536')
})

test('a run is written as a command with its changes quoted where a shell needs it', () => {
  expect(runCommand('mnist-lenet5', { 'train.length': 5, 'schedule.milestones': [3, 4] })).toBe(
    'npm run -s reprise -- run mnist-lenet5 --set train.length=5 --set schedule.milestones=3,4',
  )
  expect(runCommand('x', { 'data.dataset': "my cats'" })).toBe(
    "npm run -s reprise -- run x --set 'data.dataset=my cats'\\'''",
  )
})

test('every setting of the schema stands in exactly one section of the form', () => {
  const listed = formSectionIds.flatMap((id) => fieldsOfSection(id).map((field) => field.key))
  expect(listed.toSorted()).toEqual(configFields.map((field) => field.key).toSorted())
  expect(sectionOf('schedule.gamma')).toBe('optimization')
  expect(sectionOf('nothing')).toBeUndefined()
})

test('milestones apply to multi-step only', () => {
  const value = (name: string) => (key: string) => (key === 'schedule.name' ? name : 0)
  expect(fieldApplies('schedule.milestones', value('multi-step'))).toBe(true)
  expect(fieldApplies('schedule.milestones', value('cosine'))).toBe(false)
  expect(fieldApplies('optimizer.lr', value('cosine'))).toBe(true)
})

test('what moves running statistics applies where they are not frozen', () => {
  const value = (freeze: string) => (key: string) => (key === 'norm.freeze' ? freeze : 0)
  for (const key of ['norm.momentum', 'norm.ghostBatch', 'norm.reestimate']) {
    expect(fieldApplies(key, value('none')), key).toBe(true)
    expect(fieldApplies(key, value('all')), key).toBe(false)
  }
  for (const key of ['norm.epsilon', 'norm.freeze']) expect(fieldApplies(key, value('all')), key).toBe(true)
})

test('advanced settings are shown when opened, searched for or changed', () => {
  const field = configField('optimizer.nesterov')
  const closed = { advanced: false, onlyChanged: false, search: '' }
  const state = { changed: false, applies: true, words: 'Nesterov optimizer.nesterov' }
  expect(fieldShown(field, closed, state)).toBe(false)
  expect(fieldShown(field, { ...closed, advanced: true }, state)).toBe(true)
  expect(fieldShown(field, { ...closed, search: 'neste' }, state)).toBe(true)
  expect(fieldShown(field, { ...closed, search: 'momentum' }, state)).toBe(false)
  expect(fieldShown(field, closed, { ...state, changed: true, applies: false })).toBe(true)
  expect(fieldShown(field, { ...closed, onlyChanged: true }, state)).toBe(false)
})
