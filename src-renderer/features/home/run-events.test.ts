import { expect, test } from 'vitest'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import type { Interruption, InterruptionCause } from '../../../src-main/shared/saved-state.ts'
import { testRun } from '../../client/memory-engine.ts'
import { noticeEvents, recentEvents, runEvents } from './run-events.ts'

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

const stopped = (cause: InterruptionCause, at: number): Interruption => ({
  cause,
  at,
  seed: 1,
  step: 10,
  epoch: 0.1,
  saved: null,
  repeatedSeconds: 1,
})

test('a run that waits to go on tells when it stopped; only its own trouble counts as a failure', () => {
  const broken = runEvents([
    testRun('power', { status: 'failed', finishedAt: 5, interruption: stopped('power-loss', 40) }),
    testRun('nan', { status: 'failed', finishedAt: 50, interruption: stopped('not-finite', 50) }),
    testRun('killed', { status: 'failed', finishedAt: 35, interruption: stopped('worker-died', 35) }),
    testRun('rest', { status: 'paused', interruption: stopped('guard', 30) }),
    testRun('kept', { status: 'stopped', finishedAt: 60, interruption: stopped('stopped', 55) }),
    testRun('again', { status: 'running', interruption: null }),
  ])
  expect(broken.map(({ id, kind, at }) => `${id} ${kind} ${at}`)).toEqual([
    'kept stopped 60',
    'nan failed 50',
    'power interrupted 40',
    'killed interrupted 35',
    'rest paused 30',
  ])
})

test('notices of the engine stand among the runs by their time', () => {
  const mixed = [...events, ...noticeEvents([{ at: 25, kind: 'engine-back', values: {} }])]
  expect(recentEvents(mixed, 5, 3).events.map(({ kind }) => kind)).toEqual(['failed', 'notice', 'stopped'])
})
