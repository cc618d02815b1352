import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { HostServices } from '../api/services.ts'
import { createHostLog } from '../host-log.ts'
import type { HttpLimits } from '../http/limits.ts'
import { startHttpServer } from '../http/server.ts'
import { startTestHost } from '../test-host/start-test-host.ts'
import { answers, ask, bearer, openConnection, readAll, sendRaw, upgrade } from './raw-http.ts'

const token = 'right'

/** A server whose services do what a test says. */
async function serve(services: object = {}, limits: Partial<HttpLimits> = {}): Promise<number> {
  const server = await startHttpServer({
    host: { datasets: {}, ...services } as HostServices,
    token,
    uiDir: '/nowhere',
    log: createHostLog({ write: () => {} }),
    port: { preferred: null },
    listen: null,
    limits,
  })
  onTestFinished(() => server.close())
  return server.port
}

interface Reply {
  id: number
  result?: { type: string }
  error?: { data: { report: { code: string; message: string } } }
}

/** An open socket and what it has received. */
async function openSocket(port: number): Promise<{ socket: WebSocket; replies: Reply[]; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers: { authorization: `Bearer ${token}` } })
  onTestFinished(() => socket.terminate())
  const replies: Reply[] = []
  socket.on('message', (data) => replies.push(...[JSON.parse(String(data))].flat()))
  socket.on('error', () => {})
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, replies, closed }
}

const call = (id: number, path = 'machine.info', method = 'query') =>
  JSON.stringify({ id, jsonrpc: '2.0', method, params: { path } })

const errorsOf = (replies: readonly Reply[]) => replies.filter(({ error }) => error !== undefined)

async function untilTrue(look: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await look())) await wait(5)
}

test('a request that two servers would end at different places is refused, and its connection closed', async () => {
  const port = await serve()
  const start = `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  const hidden = `GET /hidden HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
  const smuggled = [
    `${start}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${start}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${hidden}`,
    `${start}Content-Length: 0\r\nContent-Length: 50\r\n\r\n${hidden}`,
    `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
    `${start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${start}Content-Length: +2\r\n\r\n{}${hidden}`,
    `${start}Content-Length: 0x2\r\n\r\n{}${hidden}`,
    `${start}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${hidden}`,
    `${start}X: a\r\n b\r\nContent-Length: 0\r\n\r\n${hidden}`.replace('X: a', 'X: a\rb'),
    `${start}X: \0\r\nContent-Length: 0\r\n\r\n${hidden}`,
  ]
  for (const bytes of smuggled) {
    const { status, text, closed } = await sendRaw(port, bytes)
    const what = bytes.slice(start.length, start.length + 60)
    expect([what, status, text.match(/HTTP\/1\.1/g)?.length, closed]).toEqual([what, 400, 1, true])
  }
})

test('headers, addresses and bodies over the limit are refused before they are kept', async () => {
  const port = await serve()
  expect((await ask(port, { headers: [['X', 'x'.repeat(20_000)]] })).status).toBe(431)
  expect((await ask(port, { target: `/${'x'.repeat(20_000)}` })).status).toBe(431)
  const many = Array.from({ length: 3000 }, (_, i) => [`X-${i}`, 'x'] as const)
  expect((await ask(port, { headers: many })).status).toBe(431)
  const json = [['Content-Type', 'application/json']] as const
  expect(
    (await ask(port, { method: 'POST', target: '/session', headers: json, body: ' '.repeat(1024 ** 2 + 1) })).status,
  ).toBe(413)
  const chunk = `${(65_536).toString(16)}\r\n${' '.repeat(65_536)}\r\n`
  const head = `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  expect((await sendRaw(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`)).status).toBe(413)
})

test('a client that sends slowly or nothing at all is not waited for', async () => {
  const port = await serve({}, { headersMs: 150, requestMs: 300, checkMs: 30, keepAliveMs: 100 })
  const host = `Host: 127.0.0.1:${port}\r\n`
  const ended = async (first: string, drip: string) => {
    const socket = await openConnection(port)
    const timer = setInterval(() => socket.write(drip), 20)
    if (first !== '') socket.write(first)
    const answer = await readAll(socket, 5000)
    clearInterval(timer)
    return [answer.closed, answer.status]
  }
  expect(await ended('', '')).toEqual([true, 408])
  expect(await ended(`GET / HTTP/1.1\r\n${host}`, 'X: x\r\n')).toEqual([true, 408])
  const body = `POST /session HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n`
  expect(await ended(body, ' ')).toEqual([true, 408])
  const idle = await openConnection(port)
  idle.write(`GET / HTTP/1.1\r\n${host}\r\n`)
  expect(await readAll(idle, 5000)).toMatchObject({ closed: true, status: 404 })
})

test('a handshake opens a socket only where the API is, and a refused one is closed', async () => {
  const port = await serve()
  for (const target of ['/', '/session', '/datasets/mnist/pictures/0', '/trpc/', '/trpc/more', '/assets/x.js']) {
    const { status, closed } = await upgrade(port, { target, headers: bearer(token) })
    expect([target, status, closed]).toEqual([target, 404, true])
  }
  expect(await upgrade(port)).toMatchObject({ status: 401, closed: true })
  const other = await ask(port, {
    target: '/trpc',
    headers: [
      ['Connection', 'Upgrade'],
      ['Upgrade', 'h2c'],
    ],
  })
  expect(other).toMatchObject({ status: 401, closed: true })
  const noKey = await ask(port, {
    target: '/trpc',
    headers: [['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ...bearer(token)],
  })
  expect(noKey).toMatchObject({ status: 400, closed: true })
})

test('connections are bounded, and a place that is given up is free again', async () => {
  const port = await serve({}, { connections: 8 })
  const held = await Promise.all(Array.from({ length: 8 }, () => openConnection(port)))
  const refused = await ask(port).catch(() => ({ status: 0 }))
  expect(refused.status).toBe(0)
  for (const socket of held) socket.destroy()
  await untilTrue(async () => (await ask(port).catch(() => ({ status: 0 }))).status === 404)
})

test('windows are bounded', async () => {
  const port = await serve({}, { sockets: 2 })
  await openSocket(port)
  const second = await openSocket(port)
  expect((await upgrade(port, { headers: bearer(token) })).status).toBe(503)
  second.socket.close()
  await untilTrue(async () => (await upgrade(port, { headers: bearer(token) })).status === 101)
})

test('a message over the limit ends its connection, in one piece or in many', async () => {
  const port = await serve({}, { messageBytes: 10_000 })
  const endOf = async (send: (socket: WebSocket) => void) => {
    const { socket, closed } = await openSocket(port)
    send(socket)
    return closed
  }
  const pieces = (socket: WebSocket, count: number, piece: string) => {
    for (let i = 0; i < count; i++) socket.send(piece, { fin: false })
  }
  expect(await endOf((socket) => socket.send('x'.repeat(10_001)))).toBe(1009)
  expect(await endOf((socket) => pieces(socket, 11, 'x'.repeat(1000)))).toBe(1009)
  expect(await endOf((socket) => pieces(socket, 300, ''))).toBe(1008)
  expect(await endOf((socket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false }))).toBe(1007)
  // A frame that is not masked, as no browser sends it (RFC 6455, 5.1).
  expect(
    await endOf((socket) => (socket as unknown as { _socket: NodeJS.WritableStream })._socket.write('\x81\x01x')),
  ).toBe(1002)
  expect((await openSocket(port)).socket.readyState).toBe(WebSocket.OPEN)
})

test('calls under way are bounded for a connection and for all of them, and those beyond are told', async () => {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let running = 0
  const info = async () => {
    running += 1
    await released
  }
  const port = await serve({ machine: { info } })
  const flood = async () => {
    const { socket, replies } = await openSocket(port)
    for (let id = 1; id <= 150; id++) socket.send(call(id))
    return { replies }
  }
  const first = await flood()
  await untilTrue(() => first.replies.length === 50)
  expect(running).toBe(100)
  expect(errorsOf(first.replies)[0]?.error?.data.report).toMatchObject({ code: 'usage' })
  const others = [await flood(), await flood(), await flood(), await flood()]
  await untilTrue(() => others.at(-1)?.replies.length === 150)
  expect(running).toBe(400)
  release()
  await untilTrue(() => first.replies.length === 150)
  const after = await openSocket(port)
  after.socket.send(call(1))
  await untilTrue(() => after.replies.length === 1)
  expect(errorsOf(after.replies)).toEqual([])
})

test('a batch and subscriptions are bounded, and one that is given up is free again', async () => {
  const events = {
    async *subscribe(signal: AbortSignal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      yield* []
    },
  }
  const port = await serve({ machine: { info: async () => 1 }, events }, { batch: 10 })
  const { socket, replies } = await openSocket(port)
  socket.send(`[${Array.from({ length: 11 }, (_, id) => call(id)).join(',')}]`)
  await untilTrue(() => replies.length === 11)
  expect(errorsOf(replies)).toHaveLength(11)
  replies.length = 0
  for (let id = 1; id <= 9; id++) socket.send(call(id, 'events.subscribe', 'subscription'))
  await untilTrue(() => replies.length >= 9)
  expect(errorsOf(replies)).toHaveLength(1)
  socket.send(JSON.stringify({ id: 1, jsonrpc: '2.0', method: 'subscription.stop' }))
  await untilTrue(() => replies.some(({ result }) => result?.type === 'stopped'))
  replies.length = 0
  socket.send(call(20, 'events.subscribe', 'subscription'))
  await untilTrue(() => replies.some(({ id }) => id === 20))
  expect(errorsOf(replies)).toEqual([])
})

test('a client that asks much and reads nothing loses its connection', async () => {
  const answer = 'x'.repeat(1024 ** 2)
  const port = await serve({ machine: { info: async () => answer } }, { unreadBytes: 8 * 1024 ** 2, checkMs: 20 })
  const { socket, closed } = await openSocket(port)
  socket.pause()
  for (let id = 1; id <= 90; id++) socket.send(call(id))
  await wait(300)
  socket.resume()
  expect(await closed).toBe(1006)
})

test('a flood of messages leaves the host answering others, and every one of them is answered', async () => {
  const host = await startTestHost()
  const { socket, replies } = await openSocketOf(host)
  const begun = performance.now()
  for (let id = 1; id <= 10_000; id++) socket.send(call(id, 'settings.get'))
  await host.client.recipes.list.query()
  await untilTrue(() => replies() === 10_000)
  expect(performance.now() - begun).toBeLessThan(20_000)
  expect(await answers(host.port, '127.0.0.1')).toBe(true)
})

async function openSocketOf({ port, token }: { port: number; token: string }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers: { authorization: `Bearer ${token}` } })
  onTestFinished(() => socket.terminate())
  let count = 0
  socket.on('message', () => (count += 1))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, replies: () => count }
}
