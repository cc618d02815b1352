import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type SpawnedHost, spawnHost } from '../launch/spawn-host.ts'
import { type CookieJar, openHostSession } from './host-session.ts'

const home = mkdtempSync(join(tmpdir(), 'reprise-session-'))
const entry = join(import.meta.dirname, '../host/test-host/scripted-host.ts')
let host: SpawnedHost

beforeAll(async () => {
  host = await spawnHost({ entry, dataDir: home, attached: true })
})
afterAll(async () => {
  await host.stop()
  rmSync(home, { recursive: true, force: true })
})

test("the window's cookie opens the API to our own page, scripts cannot read it, and it is not the token", async () => {
  const { port, token } = host.address
  const kept: Parameters<CookieJar['set']>[0][] = []
  await openHostSession({ port, token }, { set: async (cookie) => void kept.push(cookie) })
  const [cookie] = kept
  expect(cookie).toMatchObject({ url: `http://127.0.0.1:${port}/`, httpOnly: true, sameSite: 'strict' })
  expect(cookie?.value).not.toContain(token)
  const headers = { cookie: `${cookie?.name}=${cookie?.value}`, origin: `http://127.0.0.1:${port}` }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.terminate()
})

test('a wrong token and a host that is gone open none', async () => {
  const jar: CookieJar = { set: () => Promise.reject(new Error('no cookie is to be kept')) }
  const { port } = host.address
  await expect(openHostSession({ port, token: 'wrong' }, jar)).rejects.toMatchObject({ found: 'status 401' })
  await expect(openHostSession({ port: 1, token: 'x' }, jar)).rejects.toMatchObject({ code: 'host-unreachable' })
})
