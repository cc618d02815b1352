import { beforeEach, expect, test, vi } from 'vitest'
import type { DatasetSummary } from '../../src-main/shared/api.ts'
import { createMemoryClient, type MemoryClient } from '../client/memory-client.ts'
import { testContent, testEngine } from '../client/memory-engine.ts'
import { loadOverview, putOverview, useDatasetOverviewsStore } from './dataset-overviews-store.ts'
import { startEventFeed } from './event-feed.ts'

const id = 'pets'
let client: MemoryClient
const overview = () => useDatasetOverviewsStore.getState().overviews[id]
const version = () => useDatasetOverviewsStore.getState().pictureVersions[id] ?? 0

beforeEach(async () => {
  const engine = testEngine()
  engine.contents[id] = testContent(id)
  client = createMemoryClient(engine)
  startEventFeed(client)
  await loadOverview(id)
})

test('leaving a finding out changes counts and asks for the pictures again', async () => {
  const before = version()
  putOverview(await client.datasets.exclude({ id, finding: 'unreadable', excluded: true }))
  expect(overview()).toMatchObject({ excluded: 1, health: { findings: [{ excluded: 1 }] } })
  expect(overview()?.classes[1]).toMatchObject({ train: 1, excluded: 1 })
  expect(version()).toBe(before + 1)
  putOverview(await client.datasets.exclude({ id, finding: 'unreadable', excluded: false }))
  expect(overview()).toMatchObject({ excluded: 0 })
})

test('a check shows its progress, and its report once it ends', async () => {
  await client.datasets.check(id)
  expect(overview()?.checking).toMatchObject({ done: 0, total: 4 })
  client.engine.contents[id]?.overview.health?.findings.pop()
  await client.datasets.cancelCheck(id)
  await vi.waitFor(() => expect(overview()?.health?.findings).toEqual([]))
  expect(overview()?.checking).toBeNull()
})

test('a removed data set is forgotten', async () => {
  client.engine.datasets = [{ ...({} as DatasetSummary), id }]
  await client.datasets.remove(id)
  expect(overview()).toBeUndefined()
})

test('a data set that cannot be read says why, until it can', async () => {
  const { [id]: content } = client.engine.contents
  client.engine.contents = {}
  await loadOverview(id)
  expect(useDatasetOverviewsStore.getState().errors[id]).toMatchObject({ code: 'data-missing' })
  if (content) client.engine.contents[id] = content
  await loadOverview(id)
  expect(useDatasetOverviewsStore.getState().errors[id]).toBeUndefined()
})
