import { expect, test } from 'vitest'
import { RepriseError } from '../shared/errors.ts'
import { runChanges } from './run-changes.ts'

const codeOf = (set: string[]) => {
  try {
    runChanges({ set })
    return null
  } catch (error) {
    return error instanceof RepriseError ? error.code : error
  }
}

test('settings are read by the kind of their field', () => {
  const set = ['optimizer.lr=5e-2', 'optimizer.nesterov=true', 'schedule.milestones=80,120', 'data.dataset=mnist']
  expect(runChanges({ set })).toEqual({
    'optimizer.lr': 0.05,
    'optimizer.nesterov': true,
    'schedule.milestones': [80, 120],
    'data.dataset': 'mnist',
  })
})

test('a seed alone trains that one; with a number of seeds it is the first', () => {
  expect(runChanges({ set: [], seed: 7 })).toEqual({ 'seeds.first': 7, 'seeds.count': 1 })
  expect(runChanges({ set: [], seed: 7, seeds: 3 })).toEqual({ 'seeds.first': 7, 'seeds.count': 3 })
  expect(runChanges({ set: [], seeds: 5 })).toEqual({ 'seeds.count': 5 })
})

test('what is no setting is refused with its own code', () => {
  expect(codeOf(['optimizer.lr'])).toBe('usage')
  expect(codeOf(['=3'])).toBe('usage')
  expect(codeOf(['optimizer.speed=3'])).toBe('unknown-config-key')
  expect(codeOf(['optimizer.lr=fast'])).toBe('config-out-of-range')
})
