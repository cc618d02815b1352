import { expect, test } from 'vitest'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { recentEvents, runEvents } from './run-events.ts'

const run = (id: string, status: RunSummary['status'], finishedAt: number | null): RunSummary => ({
  id,
  name: id,
  recipeId: 'mnist-lenet5',
  status,
  createdAt: 1,
  startedAt: 1,
  finishedAt,
  queuePosition: null,
  seeds: [],
  changes: 0,
  device: null,
  verdict: null,
  curve: [],
  seconds: 0,
  secondsLeft: null,
  error: null,
})

const events = runEvents([
  run('a', 'finished', 10),
  run('b', 'running', null),
  run('c', 'failed', 30),
  run('d', 'stopped', 20),
])

test('only ends count, the newest first', () => {
  expect(events.map(({ id, kind }) => `${id} ${kind}`)).toEqual(['c failed', 'd stopped', 'a finished'])
})

test('what ended since the last visit is told apart from what the reader has seen', () => {
  expect(recentEvents(events, 15, 5)).toMatchObject({ sinceVisit: true, events: [{ id: 'c' }, { id: 'd' }] })
  expect(recentEvents(events, 30, 2)).toMatchObject({ sinceVisit: false, events: [{ id: 'c' }, { id: 'd' }] })
})
