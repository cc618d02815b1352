import { beforeEach, expect, test, vi } from 'vitest'
import type { ProofState, RunDetail } from '../../src-main/shared/api.ts'
import type { EpochResult } from '../../src-main/shared/worker-protocol.ts'
import { createMemoryClient, type MemoryClient } from '../client/memory-client.ts'
import { testEngine, testRun } from '../client/memory-engine.ts'
import { startEventFeed } from './event-feed.ts'
import { loadRun, stepCurves, useRunDetailsStore } from './run-details-store.ts'

let client: MemoryClient
const detail = () => useRunDetailsStore.getState().details.a
const epoch = (seed: number, step: number) => ({ seed, step }) as EpochResult
const points = (...steps: number[]) => steps.map((step) => ({ step, epoch: step, loss: 1, lr: 0.1 }))

beforeEach(async () => {
  const engine = testEngine([testRun('a', { status: 'running' })])
  engine.details.a = {
    ...testRun('a', { status: 'running' }),
    epochs: [epoch(1, 100), epoch(1, 200), epoch(2, 100)],
    alerts: [],
    certificate: null,
  } as unknown as RunDetail
  engine.curves.a = [{ seed: 1, points: points(50, 150, 200) }]
  client = createMemoryClient(engine)
  startEventFeed(client)
  await loadRun('a')
})

test('a seed that goes on forgets what it had reported behind its saved state, at once, and then reads what was kept', async () => {
  const { a } = client.engine.details
  client.engine.curves.a = [{ seed: 1, points: points(50, 120) }]
  if (a) a.epochs = [epoch(1, 100), epoch(1, 110), epoch(2, 100)]
  client.emit({
    type: 'alert',
    runId: 'a',
    alert: { at: 1, seed: 1, step: 120, kind: 'resumed', values: { step: 120, epoch: 1.2, seconds: 5 } },
  })
  expect(detail()?.epochs.map(({ seed, step }) => `${seed} ${step}`)).toEqual(['1 100', '2 100'])
  expect([...(stepCurves('a').seeds()[0]?.step ?? [])]).toEqual([50])
  await vi.waitFor(() => expect(detail()?.epochs).toHaveLength(3))
  expect([...(stepCurves('a').seeds()[0]?.step ?? [])]).toEqual([50, 120])
})

test('an alert is shown as it comes', () => {
  client.emit({
    type: 'alert',
    runId: 'a',
    alert: { at: 1, seed: 1, step: 10, kind: 'slow-data', values: { share: 0.4 } },
  })
  expect(detail()?.alerts.map(({ kind }) => kind)).toEqual(['slow-data'])
})

test('a proof shows how far it is, and brings its certificate when it is done', async () => {
  const proof = (status: ProofState['status']): ProofState => ({
    status,
    part: 'paused',
    done: 1,
    total: 2,
    error: null,
  })
  client.emit({ type: 'proof', runId: 'a', proof: proof('running') })
  expect(useRunDetailsStore.getState().proofs.a).toMatchObject({ status: 'running', done: 1 })
  const { a } = client.engine.details
  if (a) a.certificate = { equal: true } as RunDetail['certificate']
  client.emit({ type: 'proof', runId: 'a', proof: proof('done') })
  await vi.waitFor(() => expect(detail()?.certificate).toEqual({ equal: true }))
})
