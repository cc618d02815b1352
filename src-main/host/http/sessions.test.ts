import { expect, test } from 'vitest'
import { createSessions } from './sessions.ts'

const day = 24 * 3600 * 1000

test('a session keeps what it may do until nobody has used it for a week', () => {
  let now = 0
  const sessions = createSessions(() => now)
  const page = sessions.open('page')
  const owner = sessions.open('owner')
  now += 6 * day
  expect([page, owner, 'none', `${page}x`, page.slice(1)].map(sessions.accessOf)).toEqual([
    'page',
    'owner',
    null,
    null,
    null,
  ])
  now += 6 * day
  expect(sessions.accessOf(page)).toBe('page')
  now += 2 * day
  expect([page, owner].map(sessions.accessOf)).toEqual(['page', null])
})

test('there are only so many: the one that was used longest ago goes first', () => {
  let now = 0
  const sessions = createSessions(() => ++now)
  const [first = '', second = ''] = [sessions.open('page'), sessions.open('page')]
  for (let opened = 2; opened < 64; opened++) sessions.open('page')
  expect(sessions.accessOf(first)).toBe('page')
  sessions.open('page')
  expect([first, second].map(sessions.accessOf)).toEqual(['page', null])
})
