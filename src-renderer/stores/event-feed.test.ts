import { afterEach, expect, test, vi } from 'vitest'
import { createMemoryClient } from '../client/memory-client.ts'
import { testEngine, testRun } from '../client/memory-engine.ts'
import { changeSettings, useEngineStore } from './engine-store.ts'
import { startEventFeed } from './event-feed.ts'
import { holdQueue, placeInQueue, useQueueStore } from './queue-store.ts'
import { liveRun, queuedRuns, useRunsStore } from './runs-store.ts'

let stop = () => {}

afterEach(() => {
  stop()
  useRunsStore.setState(useRunsStore.getInitialState(), true)
  useEngineStore.setState(useEngineStore.getInitialState(), true)
})

async function connected(...runs: ReturnType<typeof testRun>[]) {
  const client = createMemoryClient(testEngine(runs))
  stop = startEventFeed(client)
  await vi.waitFor(() => expect(useRunsStore.getState().runs).not.toBeNull())
  await vi.waitFor(() => expect(useEngineStore.getState().machine).not.toBeNull())
  return client
}

const ids = () => useRunsStore.getState().runs?.map(({ id }) => id)

test('the stores fill when the connection opens, runs newest first', async () => {
  await connected(testRun('old', { createdAt: 1 }), testRun('new', { createdAt: 2 }))
  expect(ids()).toEqual(['new', 'old'])
  expect(useEngineStore.getState()).toMatchObject({ connection: 'online', everOnline: true, error: null })
})

test('events change the list without reading it again', async () => {
  const client = await connected(testRun('a'))
  const list = vi.spyOn(client.runs, 'list')
  client.emit({ type: 'run', run: testRun('b', { status: 'running', createdAt: 2000 }) })
  expect(ids()).toEqual(['b', 'a'])
  expect(liveRun(useRunsStore.getState().runs)?.id).toBe('b')
  client.emit({ type: 'run-removed', runId: 'a' })
  expect(ids()).toEqual(['b'])
  expect(list).not.toHaveBeenCalled()
})

test('a missing event makes everything be read again', async () => {
  const client = await connected(testRun('a'))
  client.emit({ type: 'run', run: testRun('a', { name: 'first event' }) })
  client.engine.runs.push(testRun('unseen', { createdAt: 5000 }))
  client.emit({ type: 'run', run: testRun('a', { name: 'after a gap' }) }, 3)
  await vi.waitFor(() => expect(ids()).toContain('unseen'))
})

test('coming back after a break reads again and forgets since when it was away', async () => {
  const client = await connected(testRun('a'))
  client.setConnection('away')
  expect(useEngineStore.getState()).toMatchObject({ connection: 'away', awaySince: expect.any(Number) })
  client.engine.runs.push(testRun('meanwhile', { createdAt: 9000 }))
  client.setConnection('online')
  await vi.waitFor(() => expect(ids()).toContain('meanwhile'))
  expect(useEngineStore.getState().awaySince).toBeNull()
})

test('live figures go when the run is over', async () => {
  const client = await connected(testRun('a', { status: 'running' }))
  client.emit({
    type: 'live',
    runId: 'a',
    live: {
      seed: 1,
      phase: 'training',
      phaseText: null,
      done: null,
      total: null,
      step: 10,
      totalSteps: 100,
      stepsPerEpoch: 10,
      imagesPerSecond: 1000,
      stepSeconds: 0.01,
      seedSecondsLeft: 1,
      allSecondsLeft: 1,
      machine: [],
    },
  })
  expect(useRunsStore.getState().live.a?.step).toBe(10)
  client.emit({ type: 'run', run: testRun('a', { status: 'finished' }) })
  expect(useRunsStore.getState().live).toEqual({})
})

test('a run moved in the queue is in its new place at once, and stays there in the engine', async () => {
  const client = await connected(
    testRun('a', { queuePosition: 1 }),
    testRun('b', { queuePosition: 2 }),
    testRun('c', { queuePosition: 3 }),
  )
  const moved = placeInQueue('c', 'normal', 1)
  const order = () => queuedRuns(useRunsStore.getState().runs).map(({ id }) => id)
  expect(order()).toEqual(['c', 'a', 'b'])
  await moved
  expect(order()).toEqual(['c', 'a', 'b'])
  expect(queuedRuns(client.engine.runs).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
})

test('a run of another priority takes its place among its like', async () => {
  const client = await connected(
    testRun('a', { queuePosition: 1, priority: 'high' }),
    testRun('b', { queuePosition: 2 }),
    testRun('c', { queuePosition: 3, priority: 'low' }),
  )
  const order = () => queuedRuns(useRunsStore.getState().runs).map(({ id }) => id)
  await placeInQueue('c', 'high', 1)
  expect(order()).toEqual(['c', 'a', 'b'])
  expect(client.engine.runs.find(({ id }) => id === 'c')?.priority).toBe('high')
})

test('a move that the engine refuses goes back', async () => {
  const client = await connected(testRun('a', { queuePosition: 1 }), testRun('b', { queuePosition: 2 }))
  vi.spyOn(client.runs, 'moveInQueue').mockRejectedValueOnce(new Error('refused'))
  await expect(placeInQueue('b', 'normal', 1)).rejects.toThrow('refused')
  expect(queuedRuns(useRunsStore.getState().runs).map(({ id }) => id)).toEqual(['a', 'b'])
})

test('a held queue is known from the start and follows its events', async () => {
  const client = await connected()
  client.emit({ type: 'queue', queue: { held: true, reason: 'unclean-end' } })
  expect(useQueueStore.getState()).toEqual({ held: true, reason: 'unclean-end' })
  await holdQueue(false)
  expect(useQueueStore.getState().held).toBe(false)
  expect(client.engine.queue.held).toBe(false)
})

test('a setting that the engine refuses goes back', async () => {
  const client = await connected()
  vi.spyOn(client.settings, 'set').mockRejectedValueOnce(new Error('refused'))
  const change = changeSettings({ theme: 'dark' })
  expect(useEngineStore.getState().settings?.theme).toBe('dark')
  await expect(change).rejects.toThrow('refused')
  expect(useEngineStore.getState().settings?.theme).toBe('system')
})
