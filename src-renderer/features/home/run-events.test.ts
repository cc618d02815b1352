import { expect, test } from 'vitest'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { testRun } from '../../client/memory-engine.ts'
import { recentEvents, runEvents } from './run-events.ts'

const run = (id: string, status: RunSummary['status'], finishedAt: number | null) => testRun(id, { status, finishedAt })

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
