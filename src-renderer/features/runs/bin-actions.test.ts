import { beforeEach, expect, test } from 'vitest'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { createMemoryClient } from '../../client/memory-client.ts'
import { testEngine, testRun } from '../../client/memory-engine.ts'
import { startEventFeed } from '../../stores/event-feed.ts'
import { refreshRuns, useRunsStore } from '../../stores/runs-store.ts'
import { refreshBin, useStorageStore } from '../../stores/storage-store.ts'
import { redo, undo, useUndoStore } from '../../stores/undo-store.ts'
import { deleteForGood, moveToBin } from './bin-actions.ts'
import { renameRun } from './rename-run.ts'

beforeEach(() => {
  useRunsStore.setState({ runs: null })
  useStorageStore.setState({ use: null, bin: null })
  useUndoStore.setState({ done: [], undone: [] })
})

async function withRuns(...runs: RunSummary[]) {
  const engine = testEngine(runs)
  for (const { id } of runs) engine.binBytes[id] = 1000
  const client = createMemoryClient(engine)
  startEventFeed(client)
  await refreshRuns()
  return client
}

const listed = () => (useRunsStore.getState().runs ?? []).map(({ id }) => id).sort()
const binned = async () => {
  await refreshBin()
  return (useStorageStore.getState().bin ?? []).map(({ run }) => run.id).sort()
}

test('runs go to the bin and come back together, and go again', async () => {
  const runs = ['a', 'b', 'c'].map((id) => testRun(id, { status: 'finished' }))
  await withRuns(...runs)
  await moveToBin(runs.slice(0, 2))
  expect([listed(), await binned()]).toEqual([['c'], ['a', 'b']])
  await undo()
  expect([listed(), await binned()]).toEqual([['a', 'b', 'c'], []])
  await redo()
  expect([listed(), await binned()]).toEqual([['c'], ['a', 'b']])
})

test('a run that trains, or waits with its device, stays where it is', async () => {
  const runs = [testRun('a', { status: 'running' }), testRun('b', { status: 'paused', keepsDevice: true })]
  await withRuns(...runs)
  expect(await moveToBin(runs)).toBe(false)
  expect(listed()).toEqual(['a', 'b'])
  expect(await undo()).toBeNull()
})

test('what was moved before a refusal can still come back', async () => {
  const runs = ['a', 'b'].map((id) => testRun(id, { status: 'finished' }))
  const client = await withRuns(...runs)
  const { remove } = client.runs
  client.runs.remove = (id) => (id === 'b' ? Promise.reject(new Error('refused')) : remove(id))
  await moveToBin(runs)
  expect(listed()).toEqual(['b'])
  await undo()
  expect(listed()).toEqual(['a', 'b'])
})

test('what was deleted for good cannot be brought back, and undo says so', async () => {
  const runs = [testRun('a', { status: 'finished' })]
  await withRuns(...runs)
  await moveToBin(runs)
  await deleteForGood(['a'])
  expect(await binned()).toEqual([])
  await expect(undo()).rejects.toMatchObject({ code: 'unknown-run' })
})

test('a name is given, taken back and given again', async () => {
  const run = testRun('a', { status: 'finished', name: 'Old' })
  await withRuns(run)
  const name = () => useRunsStore.getState().runs?.[0]?.name
  await renameRun(run, ' New ')
  expect(name()).toBe('New')
  await undo()
  expect(name()).toBe('Old')
  await redo()
  expect(name()).toBe('New')
})
