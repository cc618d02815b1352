import { expect, test } from 'vitest'
import type { HostEvent } from '../../shared/api.ts'
import type { ProbeState } from '../../shared/probe.ts'
import { startTestHost, type TestHost, until } from '../test-host/start-test-host.ts'

const sample = { recipeId: 'mnist-lenet5' }

const ended = (host: TestHost, id: string): Promise<ProbeState> =>
  until(async () => {
    const state = await host.client.probe.state.query({ id })
    return state.status === 'running' ? null : state
  })

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error: { data?: { report?: { code: string } } }) => error.data?.report?.code,
  )

test('a probe tells how far it is, and its figures are those of the check before the start', async () => {
  const host = await startTestHost()
  expect((await host.client.runs.preflight.query({ ...sample, changes: {} })).probe).toBeNull()
  const { id, state } = await host.client.probe.start.mutate({ ...sample, changes: {} })
  expect(state).toMatchObject({ status: 'running', result: null })
  expect(await ended(host, id)).toMatchObject({ status: 'done', result: { stepSeconds: 0.5, disturbed: false } })
  const told = host.events.filter((event): event is HostEvent & { type: 'probe' } => event.type === 'probe')
  expect(told.some(({ probe }) => probe.phase === 'steps' && probe.done === 3 && probe.total === 10)).toBe(true)
  expect(told.at(-1)?.probe.status).toBe('done')

  const preflight = await host.client.runs.preflight.query({ ...sample, changes: {} })
  expect(preflight).toMatchObject({ secondsPerSeed: 1000, secondsMeasured: true, seconds: 3000 })
  expect(preflight.probe).toMatchObject({ seedSeconds: 1000 })
  expect(preflight.checks.find((line) => line.id === 'memory')?.values).toMatchObject({
    neededBytes: 650e6,
    by: 'measured',
  })
})

test('a probe is known for its own config alone; the number of seeds multiplies it', async () => {
  const host = await startTestHost()
  const { id } = await host.client.probe.start.mutate({ ...sample, changes: {} })
  await ended(host, id)
  const probeOf = async (changes: Record<string, unknown>) =>
    (await host.client.runs.preflight.query({ ...sample, changes })).probe
  expect(await probeOf({ 'seeds.count': 5 })).toMatchObject({ allSeconds: 5000 })
  expect(await probeOf({ 'train.batchSize': 64 })).toBeNull()
  expect(await probeOf({ 'optimizer.momentum': 0.5 })).toBeNull()
})

test('a probe is cancelled at once, and only one runs at a time', async () => {
  const host = await startTestHost()
  const changes = { 'optimizer.lr': 0.5 }
  const { id } = await host.client.probe.start.mutate({ ...sample, changes })
  expect(await codeOf(host.client.probe.start.mutate({ ...sample, changes: {} }))).toBe('not-allowed')
  await until(async () => (await host.client.probe.state.query({ id })).phase === 'steps')
  await host.client.probe.cancel.mutate({ id })
  expect(await ended(host, id)).toMatchObject({ status: 'cancelled', result: null, error: null })
  expect((await host.client.runs.preflight.query({ ...sample, changes })).probe).toBeNull()
  const next = await host.client.probe.start.mutate({ ...sample, changes: {} })
  expect((await ended(host, next.id)).status).toBe('done')
})

test('a probe that fails says why, and nothing is kept of it', async () => {
  const host = await startTestHost()
  const { id } = await host.client.probe.start.mutate({ ...sample, changes: { 'optimizer.lr': 0.25 } })
  expect(await ended(host, id)).toMatchObject({ status: 'failed', error: { code: 'out-of-memory' } })
})

test('a probe says when a run trained meanwhile', async () => {
  const host = await startTestHost()
  await host.client.runs.start.mutate({ ...sample, name: 'wait', changes: {} })
  await until(() => host.events.some((event) => event.type === 'run' && event.run.status === 'running'))
  const { id } = await host.client.probe.start.mutate({ ...sample, changes: {} })
  expect((await ended(host, id)).result?.disturbed).toBe(true)
})

test('what cannot start cannot be probed', async () => {
  const host = await startTestHost()
  const own = { recipeId: 'imagenet-resnet50-he', changes: {} }
  expect(await codeOf(host.client.probe.start.mutate(own))).toBe('data-missing')
  expect(await codeOf(host.client.probe.start.mutate({ ...sample, changes: { 'train.batchSize': 0 } }))).toBe(
    'config-out-of-range',
  )
  expect(await codeOf(host.client.probe.state.query({ id: 'probe-9' }))).toBe('not-allowed')
})
