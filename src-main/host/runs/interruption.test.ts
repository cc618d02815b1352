import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { release, runWithoutItsData, startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { runIn, startTestHost, temporaryFolder } from '../test-host/start-test-host.ts'
import { outOfMemoryKills } from './out-of-memory.ts'
import { checkpointsOnDisk } from './saved-checkpoints.ts'

const oneSeed = { changes: { 'seeds.count': 1 } }

test('a killed worker leaves the newest saved state and the seconds that will be repeated, and resumes', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'late', oneSeed)
  const run = await runIn(host, id, 'failed')
  expect(run.error?.code).toBe('worker-died')
  expect(run.interruption).toMatchObject({
    cause: 'worker-died',
    seed: 1,
    step: 13,
    epoch: 1.3,
    saved: { step: 10, epoch: 1 },
  })
  expect(run.interruption?.repeatedSeconds).toBeCloseTo(0.03, 6)
  await host.client.runs.resume.mutate({ runId: id })
  // The name makes the worker die at step 13 again, which it reaches again.
  expect((await runIn(host, id, 'failed')).alerts.map(({ kind, step }) => [kind, step])).toEqual([['resumed', 10]])
})

test('an allocator that gave up is called out of memory', async () => {
  const host = await startTestHost()
  const run = await runIn(host, await startScripted(host, 'memory', oneSeed), 'failed')
  expect(run.error?.code).toBe('out-of-memory')
  expect(run.interruption).toMatchObject({ cause: 'out-of-memory', step: 10, saved: { step: 10 }, repeatedSeconds: 0 })
})

test('a loss that is not finite names its cause', async () => {
  const host = await startTestHost()
  const run = await runIn(host, await startScripted(host, 'fail', oneSeed), 'failed')
  expect(run.interruption).toMatchObject({ cause: 'not-finite', step: 10 })
})

test('a host that closes lets the worker save; the next one knows the run and resumes it', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait', oneSeed)
  await trainingRun(host, id)
  await host.close()
  const again = await startTestHost({ dataDir: host.dataDir })
  const closed = await again.client.runs.get.query({ id })
  expect(closed.status).toBe('stopped')
  expect(closed.interruption).toMatchObject({ cause: 'closed', step: 10, saved: { step: 10 } })
  expect((await again.client.runs.queue.query()).held).toBe(false)
  release(again, id)
  await again.client.runs.resume.mutate({ runId: id })
  await runIn(again, id, 'finished')
})

test('a host that closes while a run keeps its device leaves the run paused', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait', oneSeed)
  await trainingRun(host, id)
  await host.client.runs.pause.mutate({ runId: id, keepDevice: true })
  await runIn(host, id, 'paused')
  await host.close()
  const again = await startTestHost({ dataDir: host.dataDir })
  const run = await again.client.runs.get.query({ id })
  expect(run).toMatchObject({ status: 'paused', keepsDevice: false, error: null, interruption: { cause: 'paused' } })
})

test('a run that its user had told to stop was not broken off by the end of the host', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait', oneSeed)
  await trainingRun(host, id)
  host.services.runs.stop({ runId: id, mode: 'epoch' })
  await host.close()
  const again = await startTestHost({ dataDir: host.dataDir })
  const run = await again.client.runs.get.query({ id })
  expect(run).toMatchObject({ status: 'stopped', error: null, interruption: { cause: 'stopped', saved: { step: 10 } } })
})

test('nor was one that its user had told to pause', async () => {
  const host = await startTestHost()
  const { id } = await runWithoutItsData(host)
  host.services.runs.pause({ runId: id, keepDevice: true })
  await host.close()
  const again = await startTestHost({ dataDir: host.dataDir })
  const run = await again.client.runs.get.query({ id })
  expect(run).toMatchObject({ status: 'paused', error: null, interruption: { cause: 'paused' } })
})

test('a checkpoint counts once its entry and its whole file are there', () => {
  const runDir = temporaryFolder()
  const folder = join(runDir, 'checkpoints')
  mkdirSync(folder)
  const write = (name: string, bytes: number, change: Record<string, unknown> = {}) => {
    const file = `${name}.safetensors`
    writeFileSync(join(folder, file), Buffer.alloc(bytes))
    const entry = {
      file,
      seed: 1,
      kind: 'state',
      step: 5,
      epoch: 1,
      bytes: 8,
      sha256: 'x',
      savedAt: 1,
      averaged: false,
      top1: null,
    }
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...entry, ...change }))
  }
  write('whole', 8)
  write('cut', 7)
  write('foreign', 8, { file: 'whole.safetensors' })
  write('odd', 8, { kind: 'other' })
  write('no-file', 8)
  rmSync(join(folder, 'no-file.safetensors'))
  writeFileSync(join(folder, 'half.json'), '{"file": "ha')
  writeFileSync(join(folder, 'no-entry.safetensors'), '')
  expect(checkpointsOnDisk(runDir).map(({ file }) => file)).toEqual(['whole.safetensors'])
  expect(checkpointsOnDisk(join(runDir, 'nowhere'))).toEqual([])
})

test('kernel counters of processes ended for want of memory are added up, those that are not there left out', () => {
  const files = (known: Record<string, string>) => (file: string) => {
    const text = known[file]
    if (text === undefined) throw new Error('ENOENT')
    return text
  }
  const v2 = {
    '/proc/self/cgroup': '0::/user.slice/app\n',
    '/sys/fs/cgroup/user.slice/app/memory.events': 'low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n',
  }
  const v1 = {
    '/proc/self/cgroup': '5:cpu,cpuacct:/a\n4:memory:/docker/x\n',
    '/sys/fs/cgroup/memory/docker/x/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n',
  }
  expect(outOfMemoryKills(files(v2))).toBe(2)
  expect(outOfMemoryKills(files(v1))).toBe(4)
  expect(outOfMemoryKills(files({ ...v2, '/proc/vmstat': 'nr_free_pages 1\noom_kill 5\n' }))).toBe(7)
  expect(outOfMemoryKills(files({}))).toBeNull()
})
