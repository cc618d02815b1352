import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../shared/errors.ts'
import { openHostLog } from '../host-log.ts'
import { release, startScripted, trainingRun } from '../test-host/scripted-runs.ts'
import { noSmallDisk, smallDisk } from '../test-host/small-disk.ts'
import { runIn, startTestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'
import { databaseName, lockDataFolder, openDatabase } from './database.ts'

/** Holds the history as a database browser or a backup would, until released. */
function holdHistory(dataDir: string): () => void {
  const other = new Database(join(dataDir, databaseName))
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  return () => void other.exec('ROLLBACK')
}

test('a run goes on while another program holds the history, and nothing that it reports is lost', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'wait', { changes: { 'seeds.count': 1 } })
  await trainingRun(host, id)
  const letGo = holdHistory(host.dataDir)
  release(host, id)
  const told = () => host.services.notices().map(({ kind }) => kind)
  await until(() => told().includes('history-unwritable'))
  // Windows can read meanwhile.
  expect((await host.client.runs.get.query({ id })).status).toBe('running')
  letGo()
  const run = await runIn(host, id, 'finished')
  await until(() => told().includes('history-recovered'))
  expect(run.error).toBeNull()
  expect(run.epochs.map(({ step, final }) => [step, final])).toEqual([
    [10, false],
    [20, false],
    [20, true],
  ])
  const [curve] = await host.client.runs.curves.query({ id, maxPoints: 1000 })
  expect(curve?.points.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  expect(host.services.notices()[0]?.values.reason).toContain('Another program holds the history open.')
  await runIn(host, await startScripted(host, 'finish'), 'finished')
}, 20_000)

test('what a user asks for while the history is held is refused with a way out, and works afterwards', async () => {
  const host = await startTestHost()
  const id = await startScripted(host, 'finish')
  await runIn(host, id, 'finished')
  const letGo = holdHistory(host.dataDir)
  const refusal = await host.client.runs.rename.mutate({ id, name: 'new' }).catch((error) => error.data.report)
  expect(refusal).toMatchObject({ code: 'history-unwritable', message: 'Another program holds the history open.' })
  expect(refusal.fix).toContain('Close the program')
  letGo()
  expect((await host.client.runs.rename.mutate({ id, name: 'new' })).name).toBe('new')
})

const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return toErrorReport(error)
  }
  return null
}

test('a host that finds the history held says so, and starts when it is free', async () => {
  const dataDir = temporaryFolder()
  openDatabase(dataDir).close()
  const letGo = holdHistory(dataDir)
  await expect(startTestHost({ dataDir })).rejects.toMatchObject({ code: 'history-unwritable' })
  letGo()
  await startTestHost({ dataDir })
}, 20_000)

/** A data folder in which nothing can be written, whoever asks; null where that cannot be made here. */
function readOnlyFolder(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-read-only-'))
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o500)
    onTestFinished(() => rmdirSync(folder))
    return process.platform === 'win32' ? null : folder
  }
  onTestFinished(() => rmdirSync(folder))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return folder
}

test('a data folder that is read-only is refused with what to do', async (context) => {
  const folder = readOnlyFolder()
  if (folder === null) return context.skip('no read-only folder can be made here')
  const refused = { code: 'history-unwritable', fix: expect.stringContaining('REPRISE_HOME') }
  expect(codeOf(() => openDatabase(folder))).toMatchObject(refused)
  expect(codeOf(() => lockDataFolder(folder))).toMatchObject(refused)
  await expect(startTestHost({ dataDir: folder })).rejects.toMatchObject(refused)
  await expect(startTestHost({ dataDir: join(folder, 'data') })).rejects.toMatchObject(refused)
})

test('a host whose disk is full does not start, and says that', async (context) => {
  const disk = smallDisk(1024 ** 2)
  if (disk === null) return context.skip(noSmallDisk)
  openDatabase(disk.folder).close()
  disk.fill()
  await expect(startTestHost({ dataDir: disk.folder })).rejects.toMatchObject({ code: 'disk-full' })
  disk.free()
  await startTestHost({ dataDir: disk.folder })
}, 20_000)

test('the log of a host goes on after its disk was full', (context) => {
  const disk = smallDisk(256 * 1024)
  if (disk === null) return context.skip(noSmallDisk)
  const log = openHostLog(disk.folder)
  log.info('before')
  disk.fill()
  for (let line = 0; line < 50; line += 1) log.info({ line }, 'x'.repeat(300))
  disk.free()
  log.info('after')
  const lines = readFileSync(join(disk.folder, 'logs', 'host.ndjson'), 'utf8')
    .trim()
    .split('\n')
  expect(JSON.parse(lines[0] ?? '').msg).toBe('before')
  expect(JSON.parse(lines.at(-1) ?? '').msg).toBe('after')
})

test('the process of a host on a read-only data folder says why it ends', async (context) => {
  const folder = readOnlyFolder()
  if (folder === null) return context.skip('no read-only folder can be made here')
  const entry = join(import.meta.dirname, '../test-host/scripted-host.ts')
  const host = spawn(process.execPath, [entry], { env: { ...process.env, REPRISE_HOME: folder } })
  onTestFinished(() => void host.kill('SIGKILL'))
  const line = await new Promise<string>((resolve) => createInterface({ input: host.stdout }).once('line', resolve))
  expect(JSON.parse(line)).toMatchObject({ type: 'failed', error: { code: 'history-unwritable' } })
}, 20_000)
