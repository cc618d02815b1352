import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { release, runWithoutItsData, startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { runIn, startTestHost, type TestHost, until } from '../test-host/start-test-host.ts'

const stepsOf = async (host: TestHost, id: string) => {
  const curves = await host.client.runs.curves.query({ id, maxPoints: 1000 })
  return curves.map(({ points }) => points.map(({ step }) => step))
}
const steps = (to: number) => Array.from({ length: to }, (_, index) => index + 1)

async function pausedRun(host: TestHost, keepDevice: boolean): Promise<string> {
  const id = await startScripted(host, 'wait', { changes: { 'seeds.count': 1 } })
  await trainingRun(host, id)
  const pausing = await host.client.runs.pause.mutate({ runId: id, keepDevice })
  expect(pausing.status).toBe('pausing')
  await runIn(host, id, 'paused')
  return id
}

test('a run that keeps its device waits, holds its lane, and goes on in the same process', async () => {
  const host = await startTestHost()
  const id = await pausedRun(host, true)
  const next = await startScripted(host, 'finish')
  const paused = await host.client.runs.get.query({ id })
  expect(paused).toMatchObject({
    keepsDevice: true,
    error: null,
    interruption: { cause: 'paused', seed: 1, step: 10, epoch: 1, saved: { step: 10 }, repeatedSeconds: 0 },
  })
  expect(paused.seeds.map((seed) => seed.status)).toEqual(['paused'])
  expect((await host.client.runs.get.query({ id: next })).status).toBe('queued')

  release(host, id)
  await host.client.runs.resume.mutate({ runId: id })
  const run = await runIn(host, id, 'finished')
  expect(run).toMatchObject({ keepsDevice: false, interruption: null })
  expect(run.alerts.map(({ kind, step }) => [kind, step])).toEqual([['resumed', 10]])
  expect((await host.client.runs.log.query({ id })).filter(({ text }) => text === `training ${id}`)).toHaveLength(1)
  await runIn(host, next, 'finished')
})

test('a run that frees its device makes room, and resumes before all others from its saved state', async () => {
  const host = await startTestHost()
  const id = await pausedRun(host, false)
  const paused = await host.client.runs.get.query({ id })
  expect(paused).toMatchObject({
    keepsDevice: false,
    live: null,
    interruption: { cause: 'paused', saved: { step: 10 } },
  })
  const blocker = await startScripted(host, 'wait')
  const last = await startScripted(host, 'finish', { priority: 'high' })
  await trainingRun(host, blocker)

  const queued = await host.client.runs.resume.mutate({ runId: id })
  expect(queued).toMatchObject({ status: 'queued', queuePosition: 1, priority: 'high' })
  release(host, blocker)
  const run = await runIn(host, id, 'finished')
  await runIn(host, last, 'finished')
  expect(await stepsOf(host, id)).toEqual([steps(20)])
  expect(run.epochs.map(({ step, final }) => [step, final])).toEqual([
    [10, false],
    [20, false],
    [20, true],
  ])
  expect(run.seconds).toBeCloseTo(0.2, 6)
  expect(run.startedAt).toBe(paused.startedAt)
})

test('a worker that waits can be told to free its device after all', async () => {
  const host = await startTestHost()
  const id = await pausedRun(host, true)
  await host.client.runs.pause.mutate({ runId: id, keepDevice: false })
  const run = await until(async () => {
    const now = await host.client.runs.get.query({ id })
    return now.status === 'paused' && !now.keepsDevice ? now : null
  })
  expect(run.interruption).toMatchObject({ cause: 'paused', step: 10 })
})

test.each([true, false])(
  'a paused run is stopped or binned, its worker with it (device kept: %s)',
  async (keepDevice) => {
    const host = await startTestHost()
    const id = await pausedRun(host, keepDevice)
    await host.client.runs.stop.mutate({ runId: id, mode: 'now' })
    const run = await runIn(host, id, 'stopped')
    expect(run.interruption).toMatchObject({ cause: 'stopped', step: 10, saved: { step: 10 } })
    await host.client.runs.stop.mutate({ runId: id, mode: 'bin' })
    expect((await host.client.runs.list.query({ bin: true })).map((binned) => binned.id)).toEqual([id])
    await expect(host.client.runs.resume.mutate({ runId: id })).rejects.toThrow('The run lies in the bin.')
  },
)

test('a stopped run can be resumed; finished seeds keep their results', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait', { changes: { 'seeds.count': 2 } })
  await trainingRun(host, id)
  await host.client.runs.stop.mutate({ runId: id, mode: 'now' })
  const stopped = await runIn(host, id, 'stopped')
  expect(stopped.seeds.map(({ status, result }) => [status, result?.stopped])).toEqual([
    ['stopped', true],
    ['stopped', undefined],
  ])
  release(host, id)
  await host.client.runs.resume.mutate({ runId: id })
  const run = await runIn(host, id, 'finished')
  expect(run.seeds.map(({ status, result }) => [status, result?.stopped])).toEqual([
    ['finished', false],
    ['finished', false],
  ])
  expect(run.verdict?.values).toHaveLength(2)
})

test('a change is given to the worker that goes on, and kept with the run', async () => {
  const host = await startTestHost()
  const id = await pausedRun(host, true)
  release(host, id)
  await host.client.runs.resume.mutate({ runId: id, change: { lrScale: 0.5 } })
  const run = await runIn(host, id, 'finished')
  expect(run.applied).toMatchObject([{ seed: 1, step: 10, by: 'user', lrScale: 0.5 }])
  const [curve] = await host.client.runs.curves.query({ id, maxPoints: 1000 })
  expect(curve?.points.map(({ lr }) => lr)).toEqual([...steps(10).map(() => 0.1), ...steps(10).map(() => 0.05)])
})

test('a damaged state is passed over, which is told, and what came after the one before is trained again', async () => {
  const host = await startTestHost()
  const id = await pausedRun(host, false)
  const folder = join(host.dataDir, 'runs', id, 'checkpoints')
  const newest =
    readdirSync(folder)
      .filter((name) => name.endsWith('.safetensors'))
      .at(-1) ?? ''
  const bytes = readFileSync(join(folder, newest))
  writeFileSync(join(folder, newest), Buffer.alloc(bytes.length, 7))
  release(host, id)
  await host.client.runs.resume.mutate({ runId: id })
  const run = await runIn(host, id, 'finished')
  expect(run.alerts.map(({ kind, values }) => [kind, values.step ?? values.file])).toEqual([
    ['checkpoint-damaged', newest],
    ['resumed', 5],
  ])
  expect(await stepsOf(host, id)).toEqual([steps(20)])
})

test('a seed of which no state is left begins anew, and what it had reported is void', async () => {
  const host = await startTestHost()
  const id = await pausedRun(host, false)
  const folder = join(host.dataDir, 'runs', id, 'checkpoints')
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  release(host, id)
  await host.client.runs.resume.mutate({ runId: id })
  const run = await runIn(host, id, 'finished')
  expect(run.alerts.map(({ kind, step }) => [kind, step])).toEqual([['resumed', 0]])
  expect(await stepsOf(host, id)).toEqual([steps(20)])
  expect(run.seconds).toBeCloseTo(0.2, 6)
  expect(run.checkpoints.map(({ step }) => step)).toEqual([15, 20])
})

test('what cannot be paused or resumed says why', async () => {
  const host = await startTestHost()
  const first = await startScripted(host, 'wait')
  const second = await startScripted(host, 'finish')
  await trainingRun(host, first)
  await expect(host.client.runs.pause.mutate({ runId: second, keepDevice: true })).rejects.toThrow('can be paused')
  await expect(host.client.runs.resume.mutate({ runId: first })).rejects.toThrow('can be resumed')
  await expect(host.client.runs.resume.mutate({ runId: second })).rejects.toThrow('can be resumed')
})

test('a run that waits for its data is paused without a worker, and resumes', async () => {
  const host = await startTestHost()
  const { id } = await runWithoutItsData(host)
  await host.client.runs.pause.mutate({ runId: id, keepDevice: true })
  const run = await runIn(host, id, 'paused')
  expect(run).toMatchObject({
    keepsDevice: false,
    error: null,
    interruption: { cause: 'paused', seed: null, saved: null },
  })
  await host.client.runs.resume.mutate({ runId: id })
  await runIn(host, id, 'running')
})
