import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import type { DatasetManifest } from '../../engine/data/dataset-manifest.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import { runIn, startTestHost, type TestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'

async function reportOf(call: Promise<unknown>): Promise<ErrorReport | null> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof TRPCClientError ? (error.data as { report: ErrorReport }).report : null
}

/** A folder that the scripted worker takes, added and ready. */
async function hostWith(id: string, options: Parameters<typeof startTestHost>[0] = {}): Promise<TestHost> {
  const host = await startTestHost(options)
  const path = join(temporaryFolder(), 'pictures')
  mkdirSync(path)
  await host.client.datasets.add.mutate({ path, id })
  await until(async () => (await summary(host, id))?.status === 'ready')
  return host
}

const summary = async (host: TestHost, id: string) =>
  (await host.client.datasets.list.query()).find((set) => set.id === id)
const overview = (host: TestHost, id: string) => host.client.datasets.overview.query({ id })
const checked = (host: TestHost, id: string) =>
  until(async () => {
    const { health, checking } = await overview(host, id)
    return health !== null && checking === null
  })

test('a data set that was added is checked by itself, and the report is kept with it', async () => {
  const dataDir = temporaryFolder()
  const host = await hostWith('mine', { dataDir })
  await checked(host, 'mine')
  const found = await overview(host, 'mine')
  expect(found).toMatchObject({
    storage: 'pixels',
    reader: 'class-folders',
    reason: 'test',
    pictures: 4,
    checking: null,
    checkError: null,
    usedBy: [],
    excluded: 0,
    split: { kind: 'given' },
    health: { pictures: 2, findings: [{ kind: 'unreadable', count: 1, excluded: 0 }] },
  })
  expect(found.classes).toEqual([
    { name: 'a', train: 2, val: 0, test: 1, excluded: 0 },
    { name: 'b', train: 1, val: 0, test: 0, excluded: 0 },
  ])
  expect(await summary(host, 'mine')).toMatchObject({ storage: 'pixels', health: { problems: 1, warnings: 0 } })
  const events = host.events.filter((event) => event.type === 'dataset-check')
  expect(events[0]).toMatchObject({ id: 'mine', checking: { done: 0 } })
  expect(events.at(-1)).toMatchObject({ id: 'mine', checking: null })
  await host.close()
  const again = await startTestHost({ dataDir })
  expect((await overview(again, 'mine')).health?.findings).toHaveLength(1)
})

test('a data set that was fetched is checked when it is asked for', async () => {
  const host = await startTestHost()
  await host.client.datasets.fetch.mutate({ id: 'mnist' })
  await until(async () => (await summary(host, 'mnist'))?.status === 'ready')
  expect(await overview(host, 'mnist')).toMatchObject({ health: null, checking: null, reader: null })
  await host.client.datasets.check.mutate({ id: 'mnist' })
  await checked(host, 'mnist')
})

test('a check that crashes is told, and can be started again', async () => {
  const host = await hostWith('crash-mine')
  const crashed = await until(async () => {
    const found = await overview(host, 'crash-mine')
    return found.checkError && found
  })
  expect(crashed).toMatchObject({ health: null, checking: null, checkError: { code: 'worker-died' } })
  expect(crashed.checkError?.found).toContain('Segmentation fault')
  const { client } = await hostWith('refuse-mine')
  const refused = await until(async () => (await client.datasets.overview.query({ id: 'refuse-mine' })).checkError)
  expect(refused).toMatchObject({ code: 'data-missing', message: 'The folder is gone.' })
})

test('a check that is cancelled, or that the end of the host cut off, starts anew', async () => {
  const dataDir = temporaryFolder()
  const host = await hostWith('wait-mine', { dataDir })
  const running = async (on: TestHost) => (await overview(on, 'wait-mine')).checking?.total === 2
  await until(() => running(host))
  const change = host.client.datasets.exclude.mutate({ id: 'wait-mine', pictures: [0], excluded: true })
  expect(await reportOf(change)).toMatchObject({ code: 'not-allowed', message: expect.stringContaining('checked') })
  await host.client.datasets.cancelCheck.mutate({ id: 'wait-mine' })
  await until(async () => (await overview(host, 'wait-mine')).checking === null)
  expect(await overview(host, 'wait-mine')).toMatchObject({ health: null, checkError: null })
  await host.client.datasets.check.mutate({ id: 'wait-mine' })
  await until(() => running(host))
  await host.close()
  const again = await startTestHost({ dataDir })
  expect(await overview(again, 'wait-mine')).toMatchObject({ checking: null, checkError: null })
  await again.client.datasets.check.mutate({ id: 'wait-mine' })
  await until(() => running(again))
})

test('pictures come in pages, by part, class, finding and name', async () => {
  const host = await hostWith('mine')
  await checked(host, 'mine')
  const page = (filter: Parameters<typeof host.client.datasets.pictures.query>[0]['filter'], offset = 0, limit = 500) =>
    host.client.datasets.pictures.query({ id: 'mine', filter, offset, limit })
  const names = async (...asked: Parameters<typeof page>) => (await page(...asked)).items.map(({ name }) => name)
  expect(await page({})).toMatchObject({
    total: 4,
    items: [{ picture: 0, name: 'train 0', part: 'train' }, {}, {}, {}],
  })
  expect(await names({}, 1, 2)).toEqual(['train 1', 'train 2'])
  expect(await names({ part: 'test' })).toEqual(['test 0'])
  expect(await names({ label: 1 })).toEqual(['train 1'])
  expect(await names({ finding: 'unreadable' })).toEqual(['train 0'])
  expect(await names({ text: 'N 2' })).toEqual(['train 2'])
  const tooMany = host.client.datasets.pictures.query({ id: 'mine', filter: {}, offset: 0, limit: 501 })
  expect(await reportOf(tooMany)).toMatchObject({ code: 'usage', message: expect.stringContaining('limit') })
})

test('the pictures of a finding are left out and taken back, which changes the fingerprint', async () => {
  const host = await hostWith('mine')
  await checked(host, 'mine')
  const before = await overview(host, 'mine')
  const out = await host.client.datasets.exclude.mutate({ id: 'mine', finding: 'unreadable', excluded: true })
  expect(out).toMatchObject({ excluded: 1, health: { findings: [{ excluded: 1 }] } })
  expect(out.fingerprint).not.toBe(before.fingerprint)
  // All pictures of the problem are left out: it does no harm any more.
  expect(await summary(host, 'mine')).toMatchObject({
    excluded: 1,
    health: { problems: 0, warnings: 0 },
    changes: { leftOutTrain: 1 },
  })
  expect(host.events.some((event) => event.type === 'dataset' && event.dataset.excluded === 1)).toBe(true)
  const back = await host.client.datasets.exclude.mutate({ id: 'mine', pictures: [0], excluded: false })
  expect(back.excluded).toBe(0)
  const both = { id: 'mine', finding: 'unreadable' as const, pictures: [0], excluded: true }
  expect(await reportOf(host.client.datasets.exclude.mutate(both))).toMatchObject({ code: 'usage' })
})

test('a check and a removal wait for a change that is under way, which writes the same files', async () => {
  const host = await hostWith('mine')
  await checked(host, 'mine')
  const exclude = (excluded: boolean) => host.client.datasets.exclude.mutate({ id: 'mine', pictures: [0], excluded })
  const [, leftOut] = await Promise.all([
    exclude(true),
    host.client.datasets.check.mutate({ id: 'mine' }).then(() => {
      const manifest = readFileSync(join(host.dataDir, 'datasets', 'mine', 'manifest.json'), 'utf8')
      return (JSON.parse(manifest) as DatasetManifest).leftOut
    }),
  ])
  expect(leftOut).toMatchObject({ train: 1 })
  await until(async () => (await overview(host, 'mine')).checking === null)
  const [report] = await Promise.all([reportOf(exclude(false)), host.client.datasets.remove.mutate({ id: 'mine' })])
  // The change itself came to its end, and found the data set gone.
  expect(['unknown-dataset', 'data-missing']).toContain(report?.code)
  expect(existsSync(join(host.dataDir, 'datasets', 'mine'))).toBe(false)
})

test('a split is checked, kept and exported', async () => {
  const host = await hostWith('mine')
  await checked(host, 'mine')
  const split = { kind: 'given', valShare: 0.2, seed: 7 } as const
  expect((await host.client.datasets.setSplit.mutate({ id: 'mine', split })).split).toEqual(split)
  const nothingLeft = { kind: 'ratio', testShare: 0.5, valShare: 0.5, seed: 1, stratified: true } as const
  const wrong = host.client.datasets.setSplit.mutate({ id: 'mine', split: nothingLeft })
  expect(await reportOf(wrong)).toMatchObject({ code: 'usage', message: expect.stringContaining('valShare') })
  const table = await host.client.datasets.exportSplit.query({ id: 'mine' })
  expect(table.split('\r\n')).toEqual([
    'name,class,part,excluded',
    'train 0,a,train,0',
    'train 1,b,train,0',
    'train 2,a,train,0',
    'test 0,a,test,0',
    '',
  ])
})

test('a data set is removed with what was prepared and nothing else, unless a run uses it', async () => {
  const host = await hostWith('mine')
  await checked(host, 'mine')
  const { path } = await overview(host, 'mine')
  const changes = { 'data.dataset': 'mine' }
  const run = await host.client.runs.start.mutate({ recipeId: 'mnist-lenet5', name: 'wait', changes })
  await runIn(host, run.id, 'running')
  expect((await overview(host, 'mine')).usedBy).toEqual([{ id: run.id, name: 'wait', trains: true }])
  const early = await reportOf(host.client.datasets.remove.mutate({ id: 'mine' }))
  expect(early).toMatchObject({ code: 'not-allowed', fix: expect.stringContaining(run.id) })
  await host.client.runs.stop.mutate({ runId: run.id, mode: 'now' })
  await runIn(host, run.id, 'stopped')
  await host.client.datasets.remove.mutate({ id: 'mine' })
  expect(await summary(host, 'mine')).toBeUndefined()
  expect(existsSync(join(host.dataDir, 'datasets', 'mine'))).toBe(false)
  expect(existsSync(String(path))).toBe(true)
  expect(host.events.some((event) => event.type === 'dataset-removed' && event.id === 'mine')).toBe(true)
  expect(await reportOf(overview(host, 'mine'))).toMatchObject({ code: 'unknown-dataset' })
})

test('a known data set is absent after its removal, and no other folder can be named', async () => {
  const host = await startTestHost()
  await host.client.datasets.fetch.mutate({ id: 'mnist' })
  await until(async () => (await summary(host, 'mnist'))?.status === 'ready')
  await host.client.datasets.remove.mutate({ id: 'mnist' })
  expect(await summary(host, 'mnist')).toMatchObject({ status: 'absent', storage: null, fingerprint: null })
  for (const id of ['..', '../runs', '', 'mnist/../..']) {
    expect(await reportOf(host.client.datasets.remove.mutate({ id }))).toMatchObject({ code: 'unknown-dataset' })
  }
  expect(existsSync(join(host.dataDir, 'runs'))).toBe(true)
})

test('what is not ready has no overview', async () => {
  const host = await startTestHost()
  expect(await reportOf(overview(host, 'mnist'))).toMatchObject({ code: 'data-missing', found: 'absent' })
  const path = join(temporaryFolder(), 'slow')
  mkdirSync(path)
  await host.client.datasets.add.mutate({ path, id: 'slow' })
  expect(await reportOf(overview(host, 'slow'))).toMatchObject({ code: 'not-allowed' })
  expect(await reportOf(host.client.datasets.remove.mutate({ id: 'slow' }))).toMatchObject({ code: 'not-allowed' })
})
