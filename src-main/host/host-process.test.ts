import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readHostAddress } from '../launch/host-address.ts'
import { type SpawnedHost, type SpawnHostOptions, spawnHost } from '../launch/spawn-host.ts'
import type { RunDetail } from '../shared/api.ts'
import { RepriseError } from '../shared/errors.ts'
import { openDatabase } from './db/database.ts'
import { readMigrations } from './db/migrations.ts'
import { connect, temporaryFolder, until } from './test-host/start-test-host.ts'

const entry = join(import.meta.dirname, 'test-host', 'scripted-host.ts')

async function spawn(dataDir: string, options: SpawnHostOptions = {}): Promise<SpawnedHost> {
  const host = await spawnHost({ entry, dataDir, attached: true, ...options })
  onTestFinished(async () => {
    host.process.kill('SIGKILL')
    await host.ended
  })
  return host
}

const clientOf = (host: SpawnedHost) => connect(host.address)

async function startRun(host: SpawnedHost, name: string): Promise<string> {
  const run = await clientOf(host).runs.start.mutate({ recipeId: 'mnist-lenet5', name, changes: {} })
  return run.id
}

function runOf(host: SpawnedHost, id: string, when: (run: RunDetail) => boolean): Promise<RunDetail> {
  const client = clientOf(host)
  return until(async () => {
    const run = await client.runs.get.query({ id })
    return when(run) ? run : null
  })
}

const trains = (run: RunDetail) => run.status === 'running' && run.epochs.length > 0

async function errorOf(promise: Promise<unknown>): Promise<RepriseError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof RepriseError) return error
  throw error ?? new Error('it did not fail')
}

test('a host says how it is reached, and leaves nothing when it ends', async () => {
  const dataDir = temporaryFolder()
  const host = await spawn(dataDir)
  expect(host.url).toBe(`http://127.0.0.1:${host.address.port}/#${host.address.token}`)
  expect(readHostAddress(dataDir)).toMatchObject({ pid: host.process.pid, port: host.address.port })
  if (process.platform !== 'win32') expect(statSync(join(dataDir, 'host.json')).mode & 0o777).toBe(0o600)
  await host.stop()
  expect(await host.ended).toBe(0)
  expect(readHostAddress(dataDir)).toBeNull()
  expect(readFileSync(join(dataDir, 'logs', 'host.ndjson'), 'utf8')).not.toContain(host.address.token)
})

test('the next start takes the same port', async () => {
  const dataDir = temporaryFolder()
  const first = await spawn(dataDir)
  await first.stop()
  const second = await spawn(dataDir)
  expect(second.address.port).toBe(first.address.port)
  expect(second.address.token).not.toBe(first.address.token)
})

test('a second instance is refused, and names the first without its token', async () => {
  const dataDir = temporaryFolder()
  const first = await spawn(dataDir)
  const error = await errorOf(spawn(dataDir))
  expect(error.code).toBe('second-instance')
  expect(error.details).toMatchObject({ pid: first.address.pid, port: first.address.port })
  expect(JSON.stringify(error)).not.toContain(first.address.token)
})

test('a wrong argument, a taken port and a newer database fail with their reason', async () => {
  const dataDir = temporaryFolder()
  const first = await spawn(dataDir)
  const { port } = first.address
  expect((await errorOf(spawn(temporaryFolder(), { port }))).code).toBe('port-in-use')
  expect((await errorOf(spawn(temporaryFolder(), { port: 99_999 }))).code).toBe('usage')
  const newer = temporaryFolder()
  openDatabase(newer, [...readMigrations(), { name: '999_future.sql', sql: 'SELECT 1' }]).close()
  expect((await errorOf(spawn(newer))).code).toBe('database-newer')
})

test('after a host was killed its run says why it ended, its history is whole, and the queue waits for the user', async () => {
  const dataDir = temporaryFolder()
  const first = await spawn(dataDir)
  const done = await startRun(first, 'finish')
  await runOf(first, done, (run) => run.status === 'finished')
  const orphan = await startRun(first, 'wait')
  const waiting = await startRun(first, 'finish')
  const before = await runOf(first, orphan, trains)
  first.process.kill('SIGKILL')
  await first.ended
  expect(readHostAddress(dataDir)).toBeNull()

  const second = await spawn(dataDir)
  const after = await runOf(second, orphan, () => true)
  expect(after.status).toBe('failed')
  expect(after.error?.code).toBe('worker-died')
  expect(after.error?.message).toContain('at step 10 of seed 1')
  expect(after.epochs).toEqual(before.epochs)
  expect(after.finishedAt).not.toBeNull()
  const whole = await runOf(second, done, () => true)
  expect(whole.verdict?.values).toHaveLength(3)
  expect(after.interruption).toMatchObject({ cause: 'host-died', step: 10, saved: { step: 10 } })
  expect((await runOf(second, waiting, () => true)).status).toBe('queued')
  expect(await clientOf(second).runs.holdQueue.mutate({ held: false })).toEqual({ held: false, reason: null })
  await runOf(second, waiting, (run) => run.status === 'finished')
  expect((await clientOf(second).runs.list.query()).map((run) => run.id)).toEqual([waiting, orphan, done])
})

test('a host that is told to end stops its run, which keeps its checkpoint, and the queue waits for the next start', async () => {
  const dataDir = temporaryFolder()
  const first = await spawn(dataDir)
  const id = await startRun(first, 'wait')
  const waiting = await startRun(first, 'finish')
  await runOf(first, id, trains)
  first.process.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  const second = await spawn(dataDir)
  const run = await runOf(second, id, () => true)
  expect(run.status).toBe('stopped')
  expect(run.error?.code).toBe('cancelled')
  expect(run.checkpoints.map(({ step }) => step)).toEqual([5, 10])
  await runOf(second, waiting, (other) => other.status === 'finished')
})

test('an attached host ends with the process that started it', async () => {
  const host = await spawn(temporaryFolder())
  host.process.stdin?.end()
  expect(await host.ended).toBe(0)
})

test('in the background, by the choice of the user, training goes on to its end and while a window is open', async () => {
  const dataDir = temporaryFolder()
  const host = await spawn(dataDir)
  const client = clientOf(host)
  await client.settings.set.mutate({ background: true })
  const id = await startRun(host, 'wait')
  await runOf(host, id, trains)
  const window = new AbortController()
  const finished = new Promise<void>((resolve) => {
    const subscription = client.events.subscribe.subscribe(undefined, {
      onStarted: () => host.process.stdin?.end(),
      onData: ({ data }) => data.type === 'run' && data.run.status === 'finished' && resolve(),
    })
    window.signal.addEventListener('abort', () => subscription.unsubscribe())
  })
  writeFileSync(join(dataDir, 'runs', id, 'release'), '')
  await finished
  expect(host.process.exitCode).toBeNull()
  window.abort()
  expect(await host.ended).toBe(0)
})
