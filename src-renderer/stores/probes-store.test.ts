import { expect, test } from 'vitest'
import type { ProbeState } from '../../src-main/shared/probe.ts'
import { createMemoryClient } from '../client/memory-client.ts'
import { testEngine } from '../client/memory-engine.ts'
import { startEventFeed } from './event-feed.ts'
import { cancelProbe, probeSubject, refreshProbes, startProbe, useProbesStore } from './probes-store.ts'

const begun: ProbeState = { status: 'running', phase: null, done: 0, total: 0, result: null, error: null }
const input = { recipeId: 'r', changes: { 'train.batchSize': 64, 'optimizer.lr': 0.1 } }

function connected() {
  useProbesStore.setState({ probes: {} })
  const client = createMemoryClient(testEngine())
  client.probe.start = async () => ({ id: 'p1', state: begun })
  client.probe.cancel = async () => ({ ...begun, status: 'cancelled' })
  startEventFeed(client)
  return client
}
const state = () => useProbesStore.getState().probes[probeSubject(input)]?.state

test('settings in another order are the same probe', () => {
  const changes = { 'optimizer.lr': 0.1, 'train.batchSize': 64 }
  expect(probeSubject({ recipeId: 'r', changes })).toBe(probeSubject(input))
  expect(probeSubject({ recipeId: 'r', changes: { ...changes, 'optimizer.lr': 0.2 } })).not.toBe(probeSubject(input))
})

test('a probe follows its own events, and can be cancelled', async () => {
  const client = connected()
  await startProbe(input)
  client.emit({ type: 'probe', id: 'other', probe: { ...begun, done: 9 } })
  expect(state()?.done).toBe(0)
  client.emit({ type: 'probe', id: 'p1', probe: { ...begun, phase: 'steps', done: 5, total: 20 } })
  expect(state()).toMatchObject({ phase: 'steps', done: 5 })
  await cancelProbe(input)
  expect(state()?.status).toBe('cancelled')
})

test('a probe that a new engine does not know is forgotten, so that it can be asked for again', async () => {
  const client = connected()
  await startProbe(input)
  client.probe.state = () => Promise.reject(new Error('unknown'))
  await refreshProbes()
  expect(state()).toBeUndefined()
})
