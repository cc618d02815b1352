import { expect, test } from 'vitest'
import { defaultSettings } from '../settings.ts'
import { release, startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { runIn, startTestHost, until } from '../test-host/start-test-host.ts'

/** A host that looks at its machine all the time, and whose disk has as much free as a test says. */
async function hostWithDisk() {
  const disk = { free: 50e9 }
  const host = await startTestHost({
    freeBytes: async () => disk.free,
    timing: { batchMs: 5, liveMs: 5, stopMs: 200, shutdownMs: 200, watchMs: 10 },
  })
  return { host, disk }
}

test('a run waits for disk space with its device, says so, and goes on by itself', async () => {
  const { host, disk } = await hostWithDisk()
  const id = await startScripted(host, 'wait', { changes: { 'seeds.count': 1 } })
  await trainingRun(host, id)
  disk.free = 1e9
  const paused = await runIn(host, id, 'paused')
  expect(paused).toMatchObject({ keepsDevice: true, error: null, interruption: { cause: 'guard', step: 10 } })
  disk.free = 1.1 * defaultSettings.minFreeBytes
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect((await host.client.runs.get.query({ id })).status).toBe('paused')
  disk.free = 50e9
  await runIn(host, id, 'running')
  release(host, id)
  const run = await runIn(host, id, 'finished')
  expect(run.alerts.map(({ kind }) => kind).filter((kind) => kind.startsWith('disk'))).toEqual([
    'disk-low',
    'disk-recovered',
  ])
  expect(run.alerts[0]).toMatchObject({
    seed: 1,
    step: 10,
    values: { freeBytes: 1e9, neededBytes: defaultSettings.minFreeBytes },
  })
  await until(() => host.events.some((event) => event.type === 'alert' && event.alert.kind === 'disk-recovered'))
})

test('a run that the user stopped while a guard held it is not resumed', async () => {
  const { host, disk } = await hostWithDisk()
  const id = await startScripted(host, 'wait', { changes: { 'seeds.count': 1 } })
  await trainingRun(host, id)
  disk.free = 1e9
  await runIn(host, id, 'paused')
  await host.client.runs.stop.mutate({ runId: id, mode: 'now' })
  await runIn(host, id, 'stopped')
  disk.free = 50e9
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(await host.client.runs.get.query({ id })).toMatchObject({
    status: 'stopped',
    interruption: { cause: 'stopped' },
  })
})

test('a run that the user lets go on in spite of a guard goes on', async () => {
  const { host, disk } = await hostWithDisk()
  const id = await startScripted(host, 'wait', { changes: { 'seeds.count': 1 } })
  await trainingRun(host, id)
  disk.free = 1e9
  await runIn(host, id, 'paused')
  release(host, id)
  await host.client.runs.resume.mutate({ runId: id })
  await runIn(host, id, 'finished')
})
