import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ErrorReport } from '../../shared/errors.ts'
import type { AppRouter } from '../api/router.ts'
import { collectEvents, connect, startTestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** fetch would not let a test choose Host and Origin. */
function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** The status with which a WebSocket is refused, or 101 when it opens. */
function upgrade(port: number, headers: Record<string, string>, protocols: string[] = []): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, protocols, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (asked, answer) => {
      resolve(answer.statusCode ?? 0)
      asked.destroy()
    })
    socket.on('error', reject)
  })
}

const json = { 'content-type': 'application/json' }
const session = (port: number, token: string, headers: object = {}) =>
  ask(port, '/session', { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ token }) })

test('the token is traded for a cookie that scripts and other sites cannot use', async () => {
  const { port, token } = await startTestHost()
  const answer = await session(port, token, { origin: `http://127.0.0.1:${port}` })
  expect(answer.status).toBe(204)
  const cookie = String(answer.headers['set-cookie'])
  expect(cookie).toMatch(new RegExp(`^reprise-${port}=`))
  expect(cookie).toContain('HttpOnly')
  expect(cookie).toContain('SameSite=Strict')
  expect(cookie).not.toContain(token)
  const headers = { cookie: cookie.split(';')[0] ?? '', origin: `http://127.0.0.1:${port}` }
  expect(await upgrade(port, headers)).toBe(101)
})

test('a wrong token gets no cookie and no API', async () => {
  const { port } = await startTestHost()
  const answer = await session(port, 'wrong')
  expect(answer.status).toBe(401)
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(JSON.parse(answer.body).error.code).toBe('unauthorized')
  expect(await upgrade(port, { authorization: 'Bearer wrong' })).toBe(401)
  expect(await upgrade(port, {}, ['reprise', 'token.wrong'])).toBe(401)
  expect(await upgrade(port, {})).toBe(401)
})

test('the token opens the API as a bearer and as a subprotocol', async () => {
  const { port, token } = await startTestHost()
  expect(await upgrade(port, { authorization: `Bearer ${token}` })).toBe(101)
  expect(await upgrade(port, {}, ['reprise', `token.${token}`])).toBe(101)
})

test('another Host is not served, whatever it brings', async () => {
  const { port, token } = await startTestHost()
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1']) {
    expect((await ask(port, '/', { headers: { host } })).status).toBe(421)
    expect(await upgrade(port, { host, authorization: `Bearer ${token}` })).toBe(421)
  }
})

test('pages of another origin may not call', async () => {
  const { port, token } = await startTestHost()
  for (const origin of ['http://evil.example', `http://127.0.0.1:${port + 1}`, 'null']) {
    expect((await session(port, token, { origin })).status).toBe(403)
    expect(await upgrade(port, { origin, authorization: `Bearer ${token}` })).toBe(403)
  }
})

test('a cookie without an origin opens nothing', async () => {
  const { port, token } = await startTestHost()
  const cookie = String((await session(port, token)).headers['set-cookie']).split(';')[0] ?? ''
  expect(await upgrade(port, { cookie })).toBe(401)
})

test('the interface is served with a strict policy, and its addresses lead to its page', async () => {
  const uiDir = temporaryFolder()
  mkdirSync(join(uiDir, 'assets'))
  writeFileSync(join(uiDir, 'index.html'), '<!doctype html><title>Reprise</title>')
  writeFileSync(join(uiDir, 'assets', 'app.js'), 'export {}')
  const { port } = await startTestHost({ uiDir })
  for (const path of ['/', '/runs/r-0001/verdict?seed=4', '/recipes']) {
    const page = await ask(port, path)
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store'])
    expect(page.body).toContain('Reprise')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port}`)
    expect(page.headers['x-content-type-options']).toBe('nosniff')
  }
  const script = await ask(port, '/assets/app.js')
  expect(script.headers['cache-control']).toContain('immutable')
  expect((await ask(port, '/assets/none.js')).status).toBe(404)
  expect((await ask(port, '/%2e%2e/%2e%2e/etc/passwd')).body).not.toContain('root:')
})

test('without a built interface the host says what to do', async () => {
  const { port } = await startTestHost()
  const answer = await ask(port, '/')
  expect(answer.status).toBe(404)
  expect(answer.body).toContain('npm start')
})

test('a message that is too large ends the connection', async () => {
  const { port, token } = await startTestHost()
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers: { authorization: `Bearer ${token}` } })
  const code = await new Promise<number>((resolve, reject) => {
    socket.on('open', () => socket.send('x'.repeat(2 * 1024 ** 2)))
    socket.on('close', resolve)
    socket.on('error', reject)
  })
  expect(code).toBe(1009)
})

test('events reach two windows', async () => {
  const host = await startTestHost()
  const second = await collectEvents(connect(host))
  await host.client.runs.start.mutate({ recipeId: 'mnist-lenet5', name: 'finish', changes: {} })
  const finished = (events: typeof second) =>
    events.some((event) => event.type === 'run' && event.run.status === 'finished')
  await until(() => finished(host.events) && finished(second))
  expect(second).toEqual(host.events)
  expect(new Set(second.map((event) => event.type))).toEqual(
    new Set(['run', 'live', 'steps', 'epoch', 'log', 'dataset']),
  )
  expect(second.map((event) => event.seq)).toEqual(second.map((_, index) => (second[0]?.seq ?? 0) + index))
})

test('a window that comes back gets the events it missed', async () => {
  const host = await startTestHost()
  await host.client.runs.start.mutate({ recipeId: 'mnist-lenet5', name: 'finish', changes: {} })
  await until(() => host.events.some((event) => event.type === 'run' && event.run.status === 'finished'))
  const [first, ...rest] = host.events
  const again = await collectEvents(connect(host), String(first?.seq))
  await until(() => again.length === rest.length)
  expect(again).toEqual(rest)
})

test('errors reach a client as they were thrown', async () => {
  const { client } = await startTestHost()
  const reportOf = async (call: Promise<unknown>): Promise<ErrorReport> => {
    const error = await call.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof TRPCClientError)) throw new Error('the call did not fail')
    return (error as TRPCClientError<AppRouter>).data?.report as ErrorReport
  }
  const unknown = await reportOf(client.recipes.get.query({ id: 'nothing' }))
  expect(unknown.code).toBe('unknown-recipe')
  expect(unknown.expected).toContain('mnist-lenet5')
  expect(unknown.found).toBe('nothing')
  expect(unknown.fix).toContain('reprise recipes')
  const malformed = await reportOf(client.runs.curves.query({ id: 'r-0001', maxPoints: -1 }))
  expect(malformed.code).toBe('usage')
  expect(malformed.message).toContain('maxPoints')
})

test('a port that is taken is named', async () => {
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port))
  })
  const report = await startTestHost({ port }).catch((error: ErrorReport) => error)
  other.close()
  expect(report).toMatchObject({ code: 'port-in-use', message: `Port ${port} is taken by another program.` })
})

test('a client that was refused and holds its connection does not keep the host from ending', async () => {
  const host = await startTestHost()
  const socket = createConnection({ port: host.port, host: '127.0.0.1', allowHalfOpen: true })
  const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
  socket.on('error', () => {})
  socket.write(`GET /trpc HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`)
  socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
  expect(await answered).toContain('401')
  await host.close()
  socket.destroy()
})
