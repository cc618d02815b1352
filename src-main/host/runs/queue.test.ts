import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { release, startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { runIn, startTestHost, type TestHost, until } from '../test-host/start-test-host.ts'

const held = async () => {
  const host = await startTestHost()
  await host.client.runs.holdQueue.mutate({ held: true })
  return host
}

/** Waiting runs in order. */
const order = async (host: TestHost) => {
  const runs = await host.client.runs.list.query()
  const places = runs.flatMap(({ name, queuePosition }) => (queuePosition === null ? [] : [{ name, queuePosition }]))
  return places.sort((a, b) => a.queuePosition - b.queuePosition).map(({ name }) => name)
}

test('a held queue starts nothing, says so to windows, and outlives the host', async () => {
  const host = await held()
  const id = await startScripted(host, 'finish')
  expect(await host.client.runs.queue.query()).toEqual({ held: true, reason: 'user' })
  await until(() => host.events.find((event) => event.type === 'queue'))
  await host.close()
  const again = await startTestHost({ dataDir: host.dataDir })
  expect((await again.client.runs.get.query({ id })).status).toBe('queued')
  expect(await again.client.runs.holdQueue.mutate({ held: false })).toEqual({ held: false, reason: null })
  await runIn(again, id, 'finished')
})

test('priorities go before places, and changing one back restores the order exactly', async () => {
  const host = await held()
  const ids: Record<string, string> = {}
  for (const name of ['a', 'b', 'c', 'd']) ids[name] = await startScripted(host, name)
  const { a = '', b = '', c = '', d = '' } = ids
  await host.client.runs.setPriority.mutate({ id: c, priority: 'high' })
  await host.client.runs.setPriority.mutate({ id: a, priority: 'low' })
  expect(await order(host)).toEqual(['c', 'b', 'd', 'a'])
  await host.client.runs.moveInQueue.mutate({ id: d, position: 1 })
  expect(await order(host)).toEqual(['c', 'd', 'b', 'a'])
  await host.client.runs.moveInQueue.mutate({ id: d, position: 2 })
  await host.client.runs.setPriority.mutate({ id: a, priority: 'normal' })
  await host.client.runs.setPriority.mutate({ id: c, priority: 'normal' })
  expect(await order(host)).toEqual(['a', 'b', 'c', 'd'])
  await startScripted(host, 'first', { first: true })
  await startScripted(host, 'urgent', { priority: 'high' })
  await startScripted(host, 'before', { first: true, priority: 'low' })
  expect(await order(host)).toEqual(['before', 'urgent', 'first', 'a', 'b', 'c', 'd'])
  expect(b).not.toBe('')
})

test('a waiting run that comes back from the bin has its old place', async () => {
  const host = await held()
  const [, second = ''] = [
    await startScripted(host, 'a'),
    await startScripted(host, 'b'),
    await startScripted(host, 'c'),
  ]
  await host.client.runs.remove.mutate({ id: second })
  expect(await order(host)).toEqual(['a', 'c'])
  await startScripted(host, 'd')
  const restored = await host.client.runs.restore.mutate({ id: second })
  expect(restored).toMatchObject({ status: 'queued', queuePosition: 2 })
  expect(await order(host)).toEqual(['a', 'b', 'c', 'd'])
})

test('a lane for each device: runs on different devices train side by side', async () => {
  const host = await startTestHost()
  const on = (device: string) => ({ changes: { 'compute.device': device, 'seeds.count': 1 } })
  const cpu = await startScripted(host, 'wait', on('cpu'))
  const gpu = await startScripted(host, 'wait', on('gpu:0'))
  const otherGpu = await startScripted(host, 'wait', on('gpu:1'))
  // Without a GPU, "auto" is the CPU.
  const auto = await startScripted(host, 'wait', { changes: { 'seeds.count': 1 } })
  await Promise.all([trainingRun(host, cpu), trainingRun(host, gpu), trainingRun(host, otherGpu)])
  expect((await host.client.runs.get.query({ id: auto })).status).toBe('queued')
  release(host, cpu)
  await runIn(host, cpu, 'finished')
  await trainingRun(host, auto)
  for (const id of [gpu, otherGpu, auto]) release(host, id)
  await Promise.all([gpu, otherGpu, auto].map((id) => runIn(host, id, 'finished')))
})

test('a run that fails does not stop the others', async () => {
  const host = await startTestHost()
  const ids = [
    await startScripted(host, 'fail'),
    await startScripted(host, 'exit'),
    await startScripted(host, 'finish'),
  ]
  await runIn(host, ids[2] ?? '', 'finished')
  expect((await host.client.runs.list.query()).map(({ status }) => status)).toEqual(['finished', 'failed', 'failed'])
})

test('while nothing can be written, runs wait instead of failing one after the other', async () => {
  const host = await held()
  const ids = [await startScripted(host, 'finish'), await startScripted(host, 'finish')]
  const folders = ids.map((id) => join(host.dataDir, 'runs', id))
  for (const folder of folders) {
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
  }
  await host.client.runs.holdQueue.mutate({ held: false })
  await until(() => host.events.find((event) => event.type === 'notice' && event.notice.kind === 'history-unwritable'))
  expect((await host.client.runs.list.query()).map(({ status }) => status)).toEqual(['queued', 'queued'])
  for (const folder of folders) rmSync(folder)
  await Promise.all(ids.map((id) => runIn(host, id, 'finished')))
})
