import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SpawnedHost, spawnHost } from '../launch/spawn-host.ts'
import { RepriseError } from '../shared/errors.ts'
import { keepTrainingInBackground, readSettings, stopRun, trainingRun } from './host-requests.ts'

const home = mkdtempSync(join(tmpdir(), 'reprise-desktop-'))
const entry = join(import.meta.dirname, '../host/test-host/scripted-host.ts')
let host: SpawnedHost

beforeAll(async () => {
  host = await spawnHost({ entry, dataDir: home, attached: true })
})
afterAll(async () => {
  await host.stop()
  rmSync(home, { recursive: true, force: true })
})

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof RepriseError ? error.code : error),
  )

test('the shell reads and changes what it needs of the settings', async () => {
  expect((await readSettings(host.address)).language).toBe('system')
  expect((await keepTrainingInBackground(host.address)).background).toBe(true)
  expect((await readSettings(host.address)).background).toBe(true)
})

test('nothing trains on a new data folder', async () => {
  expect(await trainingRun(host.address)).toBe(null)
})

test("the host's own errors keep their code", async () => {
  expect(await codeOf(stopRun(host.address, 'r-9999'))).toBe('unknown-run')
})

test('a wrong token, or a host that is gone, is unreachable', async () => {
  expect(await codeOf(readSettings({ ...host.address, token: 'wrong' }))).toBe('host-unreachable')
  expect(await codeOf(readSettings({ port: 1, token: 'any' }))).toBe('host-unreachable')
})
