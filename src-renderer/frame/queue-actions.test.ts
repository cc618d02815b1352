import { beforeEach, expect, test } from 'vitest'
import { createMemoryClient } from '../client/memory-client.ts'
import { testEngine, testRun } from '../client/memory-engine.ts'
import { startEventFeed } from '../stores/event-feed.ts'
import { queuedRuns, refreshRuns, useRunsStore } from '../stores/runs-store.ts'
import { redo, undo, useUndoStore } from '../stores/undo-store.ts'
import { moveInQueue, setPriority } from './queue-actions.ts'

const queue = ['a', 'b', 'c'].map((id, place) => testRun(id, { queuePosition: place + 1 }))
const [, b, c] = queue.map(({ id }) => testRun(id))
const order = () => queuedRuns(useRunsStore.getState().runs).map(({ id, priority }) => `${id} ${priority}`)

beforeEach(async () => {
  useUndoStore.setState({ done: [], undone: [] })
  startEventFeed(createMemoryClient(testEngine(structuredClone(queue))))
  await refreshRuns()
})

test('a move and a priority are taken back one by one, each to where the run was', async () => {
  if (!b || !c) throw new Error('no runs')
  await setPriority(c, 'high')
  await moveInQueue(b, 'normal', 1)
  expect(order()).toEqual(['c high', 'b normal', 'a normal'])
  await undo()
  expect(order()).toEqual(['c high', 'a normal', 'b normal'])
  await undo()
  expect(order()).toEqual(['a normal', 'b normal', 'c normal'])
  await redo()
  expect(order()).toEqual(['c high', 'a normal', 'b normal'])
})

test('an undo right after a move takes back this move', async () => {
  if (!b || !c) throw new Error('no runs')
  await setPriority(c, 'high')
  const moving = moveInQueue(b, 'normal', 1)
  await undo()
  await moving
  expect(order()).toEqual(['c high', 'a normal', 'b normal'])
})

test('a move of a run that has left the queue can no longer be taken back', async () => {
  if (!b) throw new Error('no run')
  await moveInQueue(b, 'normal', 1)
  const { runs } = useRunsStore.getState()
  useRunsStore.setState({ runs: (runs ?? []).map((run) => (run.id === 'b' ? { ...run, status: 'running' } : run)) })
  await expect(undo()).rejects.toMatchObject({ code: 'not-allowed' })
})
