import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DatasetSummary } from '../../shared/api.ts'
import { startTestHost, type TestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'
import { datasetIdFor } from './dataset-id.ts'

function folderNamed(name: string): string {
  const folder = join(temporaryFolder(), name)
  mkdirSync(folder)
  return folder
}

const dataset = async (host: TestHost, id: string) =>
  (await host.client.datasets.list.query()).find((candidate) => candidate.id === id)

const datasetIn = (host: TestHost, id: string, status: DatasetSummary['status']) =>
  until(async () => {
    const found = await dataset(host, id)
    return found?.status === status ? found : null
  })

test('known data sets are listed before anything is fetched', async () => {
  const host = await startTestHost()
  const list = await host.client.datasets.list.query()
  expect(list.map((set) => [set.id, set.status])).toEqual([
    ['fashion-mnist-sample', 'absent'],
    ['mnist', 'absent'],
    ['cifar10', 'absent'],
    ['cifar100', 'absent'],
    ['stl10', 'absent'],
    ['svhn', 'absent'],
    ['imagenet-1k', 'absent'],
  ])
  expect(list[2]).toMatchObject({ label: 'CIFAR-10', train: 50_000, shape: [32, 32, 3], fingerprint: null })
})

test('a fetch is told with its progress and kept with its fingerprint', async () => {
  const host = await startTestHost()
  expect((await host.client.datasets.fetch.mutate({ id: 'mnist' })).status).toBe('fetching')
  const ready = await datasetIn(host, 'mnist', 'ready')
  expect(ready).toMatchObject({ fingerprint: 'a'.repeat(64), benchmark: true, progress: null, error: null })
  const seen = host.events.flatMap((event) => (event.type === 'dataset' ? [event.dataset] : []))
  expect(seen.some((set) => set.progress?.total === 2)).toBe(true)
  expect(seen.at(-1)?.status).toBe('ready')
})

test('a data set that cannot be fetched is asked for, and refused until it is added', async () => {
  const host = await startTestHost()
  expect(await dataset(host, 'imagenet-1k')).toMatchObject({ source: 'user', train: 1_281_167, downloadBytes: 0 })
  const fetching = host.client.datasets.fetch.mutate({ id: 'imagenet-1k' })
  await expect(fetching).rejects.toMatchObject({
    data: { report: { code: 'data-missing', fix: expect.stringContaining('datasets add PATH --id imagenet-1k') } },
  })
  expect((await dataset(host, 'imagenet-1k'))?.status).toBe('absent')
  const added = await host.client.datasets.add.mutate({ path: folderNamed('photographs'), id: 'imagenet-1k' })
  expect(added).toMatchObject({ id: 'imagenet-1k', label: 'ImageNet-1k', source: 'user', status: 'fetching' })
})

test("a user's folder gets an id from its name, and is there after a restart", async () => {
  const dataDir = temporaryFolder()
  const host = await startTestHost({ dataDir })
  const path = folderNamed('Cats & Dogs')
  const added = await host.client.datasets.add.mutate({ path })
  expect(added).toMatchObject({ id: 'cats-dogs', source: 'user', path })
  await datasetIn(host, 'cats-dogs', 'ready')
  await host.close()
  const again = await startTestHost({ dataDir })
  expect(await dataset(again, 'cats-dogs')).toMatchObject({ status: 'ready', path, train: 60_000 })
})

test('data that was prepared but is not in the history is taken over, and data that is gone is forgotten', async () => {
  const dataDir = temporaryFolder()
  const first = await startTestHost({ dataDir })
  await first.client.datasets.fetch.mutate({ id: 'mnist' })
  await datasetIn(first, 'mnist', 'ready')
  await first.close()
  rmSync(join(dataDir, 'reprise.db'))
  const second = await startTestHost({ dataDir })
  expect((await dataset(second, 'mnist'))?.status).toBe('ready')
  await second.close()
  rmSync(join(dataDir, 'datasets', 'mnist'), { recursive: true })
  const third = await startTestHost({ dataDir })
  expect((await dataset(third, 'mnist'))?.status).toBe('absent')
})

test('a folder that cannot be read says why, and does not start a run', async () => {
  const host = await startTestHost()
  await host.client.datasets.add.mutate({ path: folderNamed('broken') })
  const failed = await datasetIn(host, 'broken', 'failed')
  expect(failed.error).toMatchObject({ code: 'picture-broken', details: { path: 'train/frog/3.png' } })
})

test('a path that is not there is refused', async () => {
  const host = await startTestHost()
  const adding = host.client.datasets.add.mutate({ path: '/nowhere/at/all' })
  await expect(adding).rejects.toMatchObject({ data: { report: { code: 'data-missing', found: '/nowhere/at/all' } } })
})

test('a preparation that is cancelled leaves nothing', async () => {
  const host = await startTestHost()
  const { id } = await host.client.datasets.add.mutate({ path: folderNamed('slow') })
  await until(async () => (await dataset(host, id))?.progress?.done)
  await host.client.datasets.cancel.mutate({ id })
  await until(async () => (await dataset(host, id)) === undefined)
})

test('ids are plain and unlike those there are', () => {
  expect(datasetIdFor('/data/CIFAR 10.tar.gz', () => false)).toBe('cifar-10')
  expect(datasetIdFor('/data/Größe', () => false)).toBe('gr-e')
  expect(datasetIdFor('/data/...', () => false)).toBe('data-set')
  expect(datasetIdFor('/data/cats', (id) => ['cats', 'cats-2'].includes(id))).toBe('cats-3')
})
