import { hostname, networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { readListenAddress } from '../http/listen-address.ts'
import { startTestHost } from '../test-host/start-test-host.ts'
import { clientWith, codeOf, pageClient } from './page-client.ts'
import { answers, ask, bearer, type HeaderLines, sendRaw, upgrade } from './raw-http.ts'

/** An address of this machine that other machines reach. */
const outerAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

test('nothing but the loopback answers', async () => {
  const { port } = await startTestHost()
  expect(await answers(port, '127.0.0.1')).toBe(true)
  const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const reachable = [...others.map(({ address }) => address), '127.0.0.2', '::1'].filter((at) => at !== '127.0.0.1')
  for (const address of reachable) expect([address, await answers(port, address)]).toEqual([address, false])
})

test('only its own name is served, in the form that browsers send it', async () => {
  const { port, token } = await startTestHost()
  const foreign = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    '127.0.0.1:1',
    `127.0.0.1.:${port}`,
    `localhost.:${port}`,
    `LOCALHOST:${port}`,
    `user@127.0.0.1:${port}`,
    `127.0.0.1:${port}@evil.example`,
    `127.0.0.1:${port},evil.example`,
    `127.0.0.1:${port}#evil.example`,
    `127.0.0.1:0${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `0.0.0.0:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `0x7f.0.0.1:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `${hostname()}:${port}`,
    '',
  ]
  for (const host of foreign) {
    const page = await ask(port, { host, headers: bearer(token) })
    const socket = await upgrade(port, { host, headers: bearer(token) })
    expect([host, page.status, socket.status]).toEqual([host, 421, 421])
    expect(page.headers['content-security-policy']).toContain("connect-src 'none'")
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    expect((await upgrade(port, { host, headers: bearer(token) })).status).toBe(101)
  }
})

test('a request that can be read in two ways is not served', async () => {
  const { port, token } = await startTestHost()
  const own = `127.0.0.1:${port}`
  const twice = (first: string, second: string): HeaderLines => [['Host', first], ['Host', second], ...bearer(token)]
  for (const headers of [twice(own, 'evil.example'), twice('evil.example', own), twice(own, own)]) {
    expect((await ask(port, { host: null, headers })).status).toBe(421)
    expect((await ask(port, { host: null, target: '/trpc', headers })).status).toBe(421)
  }
  for (const target of [`http://evil.example/`, `http://${own}/`, `http://${own}/trpc`, '*', 'evil.example', '?x']) {
    const answer = await ask(port, { target, headers: bearer(token) })
    expect([target, answer.status >= 400 && answer.status < 500]).toEqual([target, true])
    expect((await upgrade(port, { target, headers: bearer(token) })).status).not.toBe(101)
  }
  expect((await ask(port, { method: 'CONNECT', target: 'evil.example:443' })).status).not.toBe(200)
  expect((await ask(port, { host: null })).status).toBe(400)
  expect((await sendRaw(port, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(421)
})

test('a proxy header does not change whom a request is for', async () => {
  const { port } = await startTestHost()
  const headers: HeaderLines = ['X-Forwarded-Host', 'Forwarded', 'X-Original-Host'].map((name) => [
    name,
    `127.0.0.1:${port}`,
  ])
  expect((await ask(port, { host: 'evil.example', headers })).status).toBe(421)
})

test('no other origin may ask anything, whatever it brings', async () => {
  const { port, token } = await startTestHost()
  const own = `http://127.0.0.1:${port}`
  const foreign = [
    'null',
    '',
    'http://evil.example',
    `http://127.0.0.1:${port + 1}`,
    'http://127.0.0.1',
    `https://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `${own}.evil.example`,
    `${own}/`,
    `${own}, http://evil.example`,
    'file://',
    'chrome-extension://abcdef',
  ]
  for (const origin of foreign) {
    const headers: HeaderLines = [['Origin', origin], ...bearer(token)]
    const session = await ask(port, {
      method: 'POST',
      target: '/session',
      headers: [...headers, ['Content-Type', 'application/json']],
      body: JSON.stringify({ token }),
    })
    expect([origin, session.status, session.headers['set-cookie']]).toEqual([origin, 403, undefined])
    expect((await ask(port, { target: '/datasets/mnist/pictures/0', headers })).status).toBe(403)
    expect((await upgrade(port, { headers })).status).toBe(403)
  }
  const twice: HeaderLines = [['Origin', own], ['Origin', 'http://evil.example'], ...bearer(token)]
  expect((await upgrade(port, { headers: twice })).status).toBe(403)
})

test('another site is told nothing that lets its scripts read an answer', async () => {
  const { port } = await startTestHost()
  const asked: HeaderLines = [
    ['Origin', 'http://evil.example'],
    ['Access-Control-Request-Method', 'POST'],
    ['Access-Control-Request-Headers', 'content-type'],
    ['Access-Control-Request-Private-Network', 'true'],
  ]
  for (const target of ['/session', '/trpc', '/']) {
    const { status, headers } = await ask(port, { method: 'OPTIONS', target, headers: asked })
    expect(status).toBe(403)
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  }
})

test.skipIf(outerAddress === undefined)(
  '--listen lets other machines in by token, under its own names only',
  async () => {
    const address = outerAddress ?? ''
    const host = await startTestHost({ listen: address })
    const { port, token } = host
    expect([await answers(port, address), await answers(port, '127.0.0.1')]).toEqual([true, true])
    expect((await host.client.machine.info.query()).openTo).toBe(`http://${address}:${port}`)
    expect(host.open?.warning).toContain(`ssh -L ${port}:127.0.0.1:${port}`)
    for (const name of [`${address}:${port}`, `${hostname().toLowerCase()}:${port}`]) {
      expect((await upgrade(port, { address, host: name, headers: bearer(token) })).status).toBe(101)
      expect((await upgrade(port, { address, host: name })).status).toBe(401)
      expect((await upgrade(port, { address, host: name, headers: bearer('x') })).status).toBe(401)
    }
    for (const name of ['evil.example', `evil.example:${port}`, `${address}.evil.example:${port}`]) {
      expect((await upgrade(port, { address, host: name, headers: bearer(token) })).status).toBe(421)
    }
    const origin: HeaderLines = [['Origin', 'http://evil.example'], ...bearer(token)]
    expect((await upgrade(port, { address, host: `${address}:${port}`, headers: origin })).status).toBe(403)
  },
)

test.skipIf(outerAddress === undefined)('the token of another machine gives no path outside the roots', async () => {
  const address = outerAddress ?? ''
  const host = await startTestHost({ listen: '0.0.0.0' })
  const far = clientWith(host.port, { authorization: `Bearer ${host.token}` }, address)
  expect(await codeOf(far.datasets.look.query({ path: '/etc' }))).toBe('not-allowed')
  expect(await codeOf(host.client.datasets.look.query({ path: '/etc' }))).not.toBe('not-allowed')
})

test('a second address of the loopback is served beside the first, and is open to nobody else', async () => {
  const host = await startTestHost({ listen: '127.0.0.2' })
  const { port, token } = host
  for (const address of ['127.0.0.1', '127.0.0.2']) {
    expect((await upgrade(port, { address, host: `${address}:${port}`, headers: bearer(token) })).status).toBe(101)
  }
  expect(host.open).toBeNull()
  expect((await (await pageClient(host)).machine.info.query()).openTo).toBeNull()
})

test('--listen takes an address that this machine has', async () => {
  for (const name of ['localhost', 'evil.example', '', '0.0.0.0/0', '127.0.0.1:80']) {
    expect(() => readListenAddress(name)).toThrow('--listen')
  }
  // TEST-NET-3 (RFC 5737) belongs to no machine.
  await expect(startTestHost({ listen: '203.0.113.1' })).rejects.toMatchObject({ code: 'usage' })
})
