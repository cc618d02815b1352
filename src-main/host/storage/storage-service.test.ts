import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { HostEvent } from '../../shared/api.ts'
import { openDatabase } from '../db/database.ts'
import { createHistory } from '../db/history.ts'
import { createEventBus } from '../event-bus.ts'
import { createHostLog } from '../host-log.ts'
import type { ClockReading } from '../machine/clocks.ts'
import { startScripted } from '../test-host/scripted-runs.ts'
import { noSmallDisk, smallDisk } from '../test-host/small-disk.ts'
import { runIn, startTestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'
import { recipeNamed } from '../test-host/stored-run.ts'
import { createStorage } from './storage-service.ts'

const recipe = recipeNamed('mnist-lenet5')
const dayMs = 86_400_000

/** A data folder with runs of 100 bytes times their number; those in `bin` were removed at 1000 ms. */
function folderWith(
  { runs, bin = [], trains = [] }: { runs: number[]; bin?: number[]; trains?: number[] },
  data = temporaryFolder(),
) {
  const folders = { data, runs: join(data, 'runs'), datasets: join(data, 'datasets'), resources: '' }
  const history = createHistory(openDatabase(data))
  onTestFinished(() => void history.db.close())
  mkdirSync(folders.datasets)
  for (const run of runs) {
    const folder = join(folders.runs, `r-000${run}`, 'checkpoints')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'seed-1.safetensors'), Buffer.alloc(100 * run))
    history.runs.insert({ run, name: `run ${run}`, recipe, config: recipe.config, changes: 0, createdAt: 1 })
    history.seeds.insert(run, [1])
    history.runs.update(run, { status: 'stopped', ...(bin.includes(run) ? { removedAt: 1000 } : {}) })
  }
  const clock: ClockReading = { wallMs: 5000, monotonicMs: 0, uptimeSeconds: 0 }
  const pass = (seconds: number) => {
    clock.wallMs += seconds * 1000
    clock.monotonicMs += seconds * 1000
    clock.uptimeSeconds += seconds
  }
  const bus = createEventBus()
  const published: HostEvent[] = []
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  void (async () => {
    for await (const event of bus.subscribe(ended.signal)) published.push(event)
  })()
  const open = () => {
    const storage = createStorage({
      context: {
        history,
        folders,
        freeBytes: async () => 7000,
        events: bus,
        log: createHostLog({ write: () => {} }),
      },
      binDays: () => 30,
      trains: (run) => trains.includes(run),
      clocks: () => ({ ...clock }),
    })
    onTestFinished(storage.close)
    return storage
  }
  return { history, folders, published, open, clock, pass }
}

const folderNames = (folder: string) => readdirSync(folder).sort()

test('the use of the disk is told apart, and links count nothing', async () => {
  const { folders, open } = folderWith({ runs: [1, 2, 3], bin: [2] })
  writeFileSync(join(folders.datasets, 'pixels'), Buffer.alloc(5000))
  const outside = join(temporaryFolder(), 'large')
  writeFileSync(outside, Buffer.alloc(1_000_000))
  symlinkSync(outside, join(folders.datasets, 'link'))
  symlinkSync(temporaryFolder(), join(folders.runs, 'r-0003', 'folder-link'))
  const use = await open().service.use()
  expect(use).toMatchObject({ freeBytes: 7000, datasetsBytes: 5000, runsBytes: 400, binBytes: 200 })
  expect(use.historyBytes).toBeGreaterThan(4096)
  expect(use.totalBytes).toBeGreaterThan(1e6)
})

test('a run is measured once it is asked for, and again when told', async () => {
  const { open, folders } = folderWith({ runs: [1] })
  const storage = open()
  expect(await until(() => storage.diskBytes(1))).toBe(100)
  writeFileSync(join(folders.runs, 'r-0001', 'more'), Buffer.alloc(11))
  expect(storage.diskBytes(1)).toBe(100)
  await storage.measure(1)
  expect(storage.diskBytes(1)).toBe(111)
})

test('a run that trains is measured again after a while', async () => {
  const { open, folders, pass } = folderWith({ runs: [1], trains: [1] })
  const storage = open()
  expect(await until(() => storage.diskBytes(1))).toBe(100)
  writeFileSync(join(folders.runs, 'r-0001', 'more'), Buffer.alloc(11))
  pass(61)
  expect(storage.diskBytes(1)).toBe(100)
  expect(await until(() => storage.diskBytes(1) === 111)).toBe(true)
})

test('the bin tells sizes and when each run is deleted', async () => {
  const { open } = folderWith({ runs: [1, 2], bin: [2] })
  expect(await open().service.bin()).toEqual([
    { runId: 'r-0002', name: 'run 2', recipeId: recipe.id, removedAt: 1000, deletedAt: 1000 + 30 * dayMs, bytes: 200 },
  ])
})

test('emptying the bin deletes its runs, their rows and folders, and no others', async () => {
  const { history, folders, open, published } = folderWith({ runs: [1, 2, 3, 4], bin: [2, 3] })
  history.logs.append(2, { at: 1, level: 'info', text: 'gone' })
  const storage = open()
  expect(await storage.service.emptyBin(['r-0003'])).toBe(300)
  expect(folderNames(folders.runs)).toEqual(['r-0001', 'r-0002', 'r-0004'])
  expect(await storage.service.emptyBin()).toBe(200)
  expect(folderNames(folders.runs)).toEqual(['r-0001', 'r-0004'])
  expect(history.runs.get(2)).toBeNull()
  expect(history.logs.list(2)).toEqual([])
  expect(history.seeds.list(2)).toEqual([])
  expect(history.runs.list({ bin: false }).map(({ run }) => run)).toEqual([4, 1])
  await until(() => published.length === 2)
  expect(published.map((event) => event.type === 'run-removed' && event.runId)).toEqual(['r-0003', 'r-0002'])
})

test('a run outside the bin, or one that trains, is not deleted, and none of the others then', async () => {
  const { folders, open } = folderWith({ runs: [1, 2, 3], bin: [2, 3], trains: [3] })
  const { service } = open()
  const refused = (ids: string[]) => service.emptyBin(ids).catch((error) => error.code)
  expect(await refused(['r-0002', 'r-0001'])).toBe('not-allowed')
  expect(await refused(['r-0002', 'r-0003'])).toBe('not-allowed')
  expect(await refused(['r-0002', 'r-0009'])).toBe('unknown-run')
  expect(await refused(['r-0002', '../../home'])).toBe('unknown-run')
  expect(folderNames(folders.runs)).toHaveLength(3)
  await service.emptyBin()
  expect(folderNames(folders.runs)).toEqual(['r-0001', 'r-0003'])
})

test('a run that is restored while the bin is emptied stays', async () => {
  const { history, folders, open } = folderWith({ runs: [1], bin: [1] })
  const emptied = open().service.emptyBin()
  history.runs.update(1, { removedAt: null })
  expect(await emptied).toBe(0)
  expect(folderNames(folders.runs)).toEqual(['r-0001'])
  expect(history.runs.get(1)?.removedAt).toBeNull()
})

test('links are deleted, never what they point to', async () => {
  const { folders, open } = folderWith({ runs: [1, 2], bin: [1, 2] })
  const kept = temporaryFolder()
  writeFileSync(join(kept, 'thesis.tex'), 'years of work')
  symlinkSync(kept, join(folders.runs, 'r-0001', 'out'))
  renameSync(join(folders.runs, 'r-0002'), join(kept, 'moved'))
  symlinkSync(join(kept, 'moved'), join(folders.runs, 'r-0002'))
  await open().service.emptyBin()
  expect(folderNames(folders.runs)).toEqual([])
  expect(folderNames(kept)).toEqual(['moved', 'thesis.tex'])
  expect(existsSync(join(kept, 'moved', 'checkpoints', 'seed-1.safetensors'))).toBe(true)
})

test('a run whose row cannot be deleted stays whole in the bin', async () => {
  const { history, folders, open } = folderWith({ runs: [1], bin: [1] })
  const storage = open()
  await storage.measure(1)
  history.db.pragma('query_only = ON')
  await expect(storage.service.emptyBin()).rejects.toBeInstanceOf(Database.SqliteError)
  history.db.pragma('query_only = OFF')
  expect(folderNames(folders.runs)).toEqual(['r-0001'])
  expect(history.runs.get(1)?.removedAt).toBe(1000)
})

test('the bin can be emptied on a full disk', async (context) => {
  const disk = smallDisk(2 * 1024 ** 2)
  if (disk === null) return context.skip(noSmallDisk)
  const { history, folders, open } = folderWith({ runs: [1, 2], bin: [2] }, disk.folder)
  history.db.transaction(() => {
    for (let line = 0; line < 2000; line += 1) history.logs.append(2, { at: 1, level: 'info', text: 'x'.repeat(100) })
  })()
  writeFileSync(join(folders.runs, 'r-0002', 'large'), Buffer.alloc(600_000))
  disk.fill()
  expect(() => history.runs.delete(2)).toThrow(Database.SqliteError)
  const { service } = open()
  expect(await service.emptyBin()).toBe(600_200)
  expect(folderNames(folders.runs)).toEqual(['r-0001'])
  expect(history.runs.get(2)).toBeNull()
})

test.each(['before its row was deleted', 'after its row was deleted'])(
  'a deletion that broke off %s is finished at the next start',
  async (moment) => {
    const { history, folders, open } = folderWith({ runs: [1, 2], bin: [2] })
    renameSync(join(folders.runs, 'r-0002'), join(folders.runs, '.deleting-r-0002'))
    if (moment.startsWith('after')) history.runs.delete(2)
    open()
    expect(history.runs.get(2)).toBeNull()
    await until(() => folderNames(folders.runs).length === 1)
    expect(folderNames(folders.runs)).toEqual(['r-0001'])
  },
)

test('a half-deleted folder of a run that is not in the bin gets its name back', () => {
  const { folders, open } = folderWith({ runs: [1] })
  renameSync(join(folders.runs, 'r-0001'), join(folders.runs, '.deleting-r-0001'))
  open()
  expect(folderNames(folders.runs)).toEqual(['r-0001'])
})

test('a run is deleted when its days in the bin are over, not before', async () => {
  const { folders, open, pass } = folderWith({ runs: [1, 2], bin: [2] })
  const storage = open()
  pass(29.9 * 86_400)
  await storage.sweepBin()
  expect(folderNames(folders.runs)).toHaveLength(2)
  pass(0.1 * 86_400)
  await storage.sweepBin()
  expect(folderNames(folders.runs)).toEqual(['r-0001'])
})

test('a clock that jumps deletes nothing', async () => {
  const { folders, open, clock } = folderWith({ runs: [2], bin: [2] })
  const storage = open()
  clock.wallMs += 365 * dayMs
  await storage.sweepBin()
  expect(folderNames(folders.runs)).toHaveLength(1)
  clock.wallMs = 10
  await storage.sweepBin()
  expect(folderNames(folders.runs)).toHaveLength(1)
  expect((await storage.service.bin())[0]?.deletedAt).toBe(10 + 30 * dayMs)
})

test('a window sees the bin, empties it, and other windows are told', async () => {
  const host = await startTestHost()
  const kept = await startScripted(host, 'finish', { changes: { 'seeds.count': 1 } })
  const removed = await startScripted(host, 'finish', { changes: { 'seeds.count': 1 } })
  await runIn(host, kept, 'finished')
  await runIn(host, removed, 'finished')
  await host.client.runs.remove.mutate({ id: removed })
  const bin = await host.client.storage.bin.query()
  expect(bin.map(({ runId, bytes }) => [runId, bytes > 0])).toEqual([[removed, true]])
  const before = await host.client.storage.use.query()
  expect(before.binBytes).toBe(bin[0]?.bytes)
  expect(before.runsBytes).toBeGreaterThan(0)
  expect(await until(async () => (await host.client.runs.get.query({ id: kept })).diskBytes)).toBe(before.runsBytes)

  const refused = await host.client.storage.emptyBin.mutate({ ids: [kept] }).catch((error) => error.data.report.code)
  expect(refused).toBe('not-allowed')
  expect(await host.client.storage.emptyBin.mutate({})).toBe(before.binBytes)
  expect(await host.client.storage.use.query()).toMatchObject({ binBytes: 0, runsBytes: before.runsBytes })
  const gone = await host.client.runs.get.query({ id: removed }).catch((error) => error.data.report.code)
  expect(gone).toBe('unknown-run')
  const told = () => host.events.filter((event) => event.type === 'run-removed' && event.runId === removed)
  await until(() => told().length === 2)
})
