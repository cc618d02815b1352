import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { spawnHost } from '../../launch/spawn-host.ts'
import { openDatabase } from '../db/database.ts'
import { createHistory, type History } from '../db/history.ts'
import { startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { writeState } from '../test-host/scripted-state.ts'
import { connect, runIn, startTestHost, type TestHost, temporaryFolder } from '../test-host/start-test-host.ts'
import { sameBoot } from './boot-id.ts'

/** A data folder with so many waiting runs of one seed, left by a host that was closed. */
async function folderWithRuns(...names: string[]): Promise<string> {
  const host = await startTestHost()
  await host.client.runs.holdQueue.mutate({ held: true })
  for (const name of names) await startScripted(host, name, { changes: { 'seeds.count': 1 } })
  await host.close()
  edit(host.dataDir, (history) => history.settings.set('host.queue', { held: false, reason: null }))
  return host.dataDir
}

/** Puts the history into a state that a host may have died in. */
function edit(dataDir: string, action: (history: History) => void): void {
  const db = openDatabase(dataDir)
  action(createHistory(db))
  db.close()
}

/** Run 1 at step 13 of seed 1, with a saved state of step 10, as a worker left it. */
function leaveTraining(dataDir: string, status: 'running' | 'pausing' | 'stopping' = 'running'): void {
  edit(dataDir, (history) => {
    history.runs.update(1, { status, startedAt: 1000, queuePosition: null, reportedAt: 5000 })
    history.seeds.start(1, 1, 20, 10)
    history.seeds.progress(1, 1, 13, 0.13)
  })
  writeState(join(dataDir, 'runs', 'r-0001'), 1, 10, { step: 10, points: [], epochs: [] })
}

const first = (host: TestHost) => host.client.runs.get.query({ id: 'r-0001' })

test('a run that trained when the host died waits with the rest of the queue, until the user resumes', async () => {
  const dataDir = await folderWithRuns('finish', 'finish')
  leaveTraining(dataDir)
  const host = await startTestHost({ dataDir })
  const run = await first(host)
  expect(run.status).toBe('failed')
  expect(run.error?.message).toBe('Training ended at step 13 of seed 1, because the app was ended from outside.')
  expect(run.interruption).toMatchObject({ cause: 'host-died', seed: 1, step: 13, epoch: 1.3, saved: { step: 10 } })
  expect(run.interruption?.repeatedSeconds).toBeCloseTo(0.03, 6)
  expect(run.checkpoints.map(({ step }) => step)).toEqual([10])
  expect(await host.client.runs.queue.query()).toEqual({ held: true, reason: 'unclean-end' })
  expect((await host.client.notices.list.query()).map(({ kind }) => kind)).toContain('host-died')
  expect((await host.client.runs.get.query({ id: 'r-0002' })).status).toBe('queued')

  await host.client.runs.resume.mutate({ runId: 'r-0001' })
  expect(await host.client.runs.queue.query()).toEqual({ held: false, reason: null })
  await runIn(host, 'r-0001', 'finished')
  await runIn(host, 'r-0002', 'finished')
})

test('a run whose checkpoints cannot be read keeps no host from starting', async () => {
  const dataDir = await folderWithRuns('finish')
  leaveTraining(dataDir)
  const checkpoints = join(dataDir, 'runs', 'r-0001', 'checkpoints')
  rmSync(checkpoints, { recursive: true })
  writeFileSync(checkpoints, 'no folder')
  const run = await first(await startTestHost({ dataDir }))
  expect(run).toMatchObject({ status: 'failed', interruption: { cause: 'host-died', step: 13, saved: null } })
})

test('after another start of the machine it was a power loss; by the setting runs go on by themselves, first of all', async () => {
  const dataDir = await folderWithRuns('finish', 'finish')
  leaveTraining(dataDir)
  edit(dataDir, (history) => {
    history.settings.set('host.session', { bootId: 'another', startedAt: 1 })
    history.settings.set('settings', { resumeByItself: true })
  })
  const host = await startTestHost({ dataDir })
  const run = await runIn(host, 'r-0001', 'finished')
  expect(run.alerts.map(({ kind }) => kind)).toEqual(['resumed'])
  expect((await host.client.notices.list.query()).map(({ kind }) => kind)).toContain('power-loss')
  const next = await runIn(host, 'r-0002', 'finished')
  expect(next.startedAt).toBeGreaterThanOrEqual(run.finishedAt ?? 0)
})

test.each([
  ['pausing', 'paused', 'paused'],
  ['stopping', 'stopped', 'stopped'],
] as const)('a run that was %s is %s, and the queue goes on', async (before, status, cause) => {
  const dataDir = await folderWithRuns('finish', 'finish')
  leaveTraining(dataDir, before)
  const host = await startTestHost({ dataDir })
  expect(await first(host)).toMatchObject({ status, error: null, interruption: { cause, saved: { step: 10 } } })
  await runIn(host, 'r-0002', 'finished')
})

test('a run whose seeds had all finished has finished', async () => {
  const dataDir = await folderWithRuns('finish')
  leaveTraining(dataDir)
  const last = { epoch: 2, step: 20, top1: 0.98, top5: 1, loss: 0.1 }
  const result = { seed: 1, last, best: last, trainSeconds: 0.2, seconds: 0.2, stopped: false }
  edit(dataDir, (history) => history.seeds.end(1, result))
  const host = await startTestHost({ dataDir })
  const run = await first(host)
  expect(run).toMatchObject({ status: 'finished', error: null, interruption: null })
  expect(run.verdict?.values).toEqual([{ seed: 1, value: 0.98 }])
})

test('checkpoints that the history does not know are taken in, those whose file is gone are dropped', async () => {
  const dataDir = await folderWithRuns('finish')
  leaveTraining(dataDir)
  const runDir = join(dataDir, 'runs', 'r-0001')
  const lost = writeState(runDir, 1, 10, { step: 5, points: [], epochs: [] })
  edit(dataDir, (history) => history.checkpoints.put(1, lost))
  rmSync(join(runDir, 'checkpoints', lost.file))
  writeState(runDir, 1, 10, { step: 15, points: [], epochs: [] })
  const host = await startTestHost({ dataDir })
  const run = await first(host)
  expect(run.checkpoints.map(({ step }) => step)).toEqual([10, 15])
  // The state of step 15 was saved after the last report that was written.
  expect(run.interruption).toMatchObject({ step: 15, epoch: 1.5, saved: { step: 15 }, repeatedSeconds: 0 })
})

test('waiting runs with the same position, without one, or without their folder all train, by number', async () => {
  const dataDir = await folderWithRuns('finish', 'finish', 'finish')
  edit(dataDir, (history) => {
    history.runs.update(2, { queuePosition: 1 })
    history.db.exec('UPDATE runs SET queue_position = NULL WHERE run = 1')
  })
  rmSync(join(dataDir, 'runs', 'r-0003'), { recursive: true })
  const host = await startTestHost({ dataDir })
  const runs = await Promise.all(['r-0001', 'r-0002', 'r-0003'].map((id) => runIn(host, id, 'finished')))
  const started = runs.map(({ startedAt }) => startedAt ?? 0)
  expect(started).toEqual(started.toSorted((a, b) => a - b))
})

test('a new run takes no folder that outlived its run', async () => {
  const dataDir = temporaryFolder()
  const foreign = join(dataDir, 'runs', 'r-0001')
  mkdirSync(join(foreign, 'checkpoints'), { recursive: true })
  writeState(foreign, 1, 10, { step: 15, points: [], epochs: [] })
  const host = await startTestHost({ dataDir })
  expect(await startScripted(host, 'finish', { changes: { 'seeds.count': 1 } })).toBe('r-0002')
  expect((await runIn(host, 'r-0002', 'finished')).alerts).toEqual([])
})

test('a worker that outlives a killed host still saves, and is waited for before anything else', async () => {
  const dataDir = temporaryFolder()
  const entry = join(import.meta.dirname, '..', 'test-host', 'scripted-host.ts')
  const killed = await spawnHost({ entry, dataDir, attached: true })
  onTestFinished(() => void killed.process.kill('SIGKILL'))
  const client = connect(killed.address)
  const reached = { client, dataDir } as TestHost
  const id = await startScripted(reached, 'outlive', { changes: { 'seeds.count': 1 } })
  await trainingRun(reached, id)
  killed.process.kill('SIGKILL')
  await killed.ended
  const host = await startTestHost({ dataDir })
  const run = await host.client.runs.get.query({ id })
  expect(run.interruption).toMatchObject({ cause: 'host-died', step: 12, saved: { step: 12 } })
})

test('times of a start differ a little where no id is known', () => {
  expect(sameBoot('1700000000000', '1700000060000')).toBe(true)
  expect(sameBoot('1700000000000', '1700000600000')).toBe(false)
  expect(sameBoot('a-b', 'a-b')).toBe(true)
  expect(sameBoot('a-b', 'c-d')).toBe(false)
})
