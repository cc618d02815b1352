import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type SpawnedHost, spawnHost } from '../../launch/spawn-host.ts'
import { createHostLog } from '../host-log.ts'
import { createGuard } from '../http/guard.ts'
import { connect, startTestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'
import { clientWith, codeOf, openSession, pageClient } from './page-client.ts'
import { ask, bearer, type HeaderLines, sendRaw, upgrade } from './raw-http.ts'

const jsonType: HeaderLines = [['Content-Type', 'application/json']]
const picture = '/datasets/mnist/pictures/0'

test('only the token itself opens anything', async () => {
  const { port, token } = await startTestHost()
  const wrong = [
    '',
    'x',
    token.slice(1),
    token.slice(0, -1),
    `${token}x`,
    `${token}=`,
    `x${token}`,
    token.toLowerCase(),
  ]
  const attempts: HeaderLines[] = [
    ...wrong.map((value) => bearer(value)),
    ...wrong.map((value): HeaderLines => [['Sec-WebSocket-Protocol', `reprise, token.${value}`]]),
    [['Authorization', `Bearer  ${token}`]],
    [['Authorization', `bearer ${token}`]],
    [['Authorization', `Bearer ${token} x`]],
    [['Authorization', `Basic ${Buffer.from(`:${token}`).toString('base64')}`]],
    [['Authorization', token]],
    [
      ['Cookie', `reprise-${port}=${token}`],
      ['Origin', `http://127.0.0.1:${port}`],
    ],
    [['X-Token', token]],
    [['Sec-WebSocket-Protocol', `reprise, ${token}`]],
    [['Sec-WebSocket-Protocol', `reprise, token.x, token.${token}`]],
  ]
  const statuses = await Promise.all(attempts.map(async (headers) => (await upgrade(port, { headers })).status))
  expect(statuses.map((status) => status === 401 || status === 400)).toEqual(attempts.map(() => true))
  const pictures = await Promise.all(
    attempts.map(async (headers) => (await ask(port, { target: picture, headers })).status),
  )
  expect(new Set(pictures)).toEqual(new Set([401]))
})

test('a token in an address opens nothing, so that none needs to be there', async () => {
  const { port, token } = await startTestHost()
  for (const query of [`token=${token}`, `access_token=${token}`, `authorization=Bearer%20${token}`]) {
    expect((await upgrade(port, { target: `/trpc?${query}` })).status).toBe(401)
    expect((await ask(port, { target: `${picture}?${query}` })).status).toBe(401)
    const session = await ask(port, { method: 'POST', target: `/session?${query}`, headers: jsonType, body: '{}' })
    expect([session.status, session.headers['set-cookie']]).toEqual([401, undefined])
  }
})

test('tokens of any length are compared as digests of one length', () => {
  const guard = createGuard(1, 'right', null)
  expect(['', 'r', 'righ', 'right!', 'x'.repeat(100_000), 'right\0'].map(guard.isToken)).not.toContain(true)
  expect(guard.isToken('right')).toBe(true)
})

test('wrong tokens are answered slowly, and a crowd of them is sent away, while the right one is let in', async () => {
  const { port, token } = await startTestHost()
  const begun = Date.now()
  const wrong = Promise.all(Array.from({ length: 48 }, (_, i) => upgrade(port, { headers: bearer(`guess-${i}`) })))
  expect((await upgrade(port, { headers: bearer(token) })).status).toBe(101)
  const statuses = (await wrong).map(({ status }) => status)
  expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(32)
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
  expect(Date.now() - begun).toBeGreaterThanOrEqual(200)
})

test('the cookie is for our own page alone', async () => {
  const host = await startTestHost()
  const { port, token } = host
  const own = `http://127.0.0.1:${port}`
  const set = await ask(port, {
    method: 'POST',
    target: '/session',
    headers: jsonType,
    body: JSON.stringify({ token }),
  })
  const [pair = '', ...attributes] = (set.headers['set-cookie'] ?? '').split('; ')
  expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict'])
  expect(pair).not.toContain(token)
  const status = async (headers: HeaderLines) => (await ask(port, { target: picture, headers })).status
  const cookie: HeaderLines = [['Cookie', pair]]
  // 404: let in, and there is no such data set.
  expect(await status([...cookie, ['Sec-Fetch-Site', 'same-origin']])).toBe(404)
  for (const site of ['cross-site', 'same-site', 'none', 'Same-Origin', '']) {
    expect([site, await status([...cookie, ['Sec-Fetch-Site', site]])]).toEqual([site, 401])
  }
  expect(await status(cookie)).toBe(401)
  expect((await upgrade(port, { headers: cookie })).status).toBe(401)
  expect((await upgrade(port, { headers: [...cookie, ['Origin', own]] })).status).toBe(101)
  expect((await upgrade(port, { headers: [...cookie, ['Origin', 'http://evil.example']] })).status).toBe(403)
})

test('a cookie of another port, another host or an earlier start is none', async () => {
  const [first, second] = [await startTestHost(), await startTestHost()]
  const pair = await openSession(first)
  const value = pair.split('=')[1] ?? ''
  const on = async (host: { port: number }, cookie: string) =>
    (
      await upgrade(host.port, {
        headers: [
          ['Cookie', cookie],
          ['Origin', `http://127.0.0.1:${host.port}`],
        ],
      })
    ).status
  expect(await on(first, pair)).toBe(101)
  expect(await on(first, `reprise-${second.port}=${value}`)).toBe(401)
  expect(await on(first, `reprise=${value}`)).toBe(401)
  expect(await on(second, pair)).toBe(401)
  expect(await on(second, `reprise-${second.port}=${value}`)).toBe(401)
})

test('a form of another site cannot open a session', async () => {
  const { port, token } = await startTestHost()
  const forms: [type: string | null, body: string][] = [
    ['application/x-www-form-urlencoded', `token=${token}`],
    ['multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n${token}\r\n--x--`],
    ['text/plain', JSON.stringify({ token })],
    ['text/plain;charset=utf-8', `{"token":"${token}","x":"="}`],
    [null, JSON.stringify({ token })],
    ['application/json-patch+json', JSON.stringify({ token })],
  ]
  for (const [type, body] of forms) {
    const headers: HeaderLines = type === null ? [] : [['Content-Type', type]]
    const answer = await ask(port, { method: 'POST', target: '/session', headers, body })
    expect([type, answer.status, answer.headers['set-cookie']]).toEqual([type, 415, undefined])
  }
  const odd = [
    `{"token":"${token}","__proto__":{"x":1}}`,
    `{"token":"${token}","more":1}`,
    `["${token}"]`,
    `{"token":{}}`,
  ]
  for (const body of odd) {
    const answer = await ask(port, { method: 'POST', target: '/session', headers: jsonType, body })
    expect([body, answer.status >= 400, answer.headers['set-cookie']]).toEqual([body, true, undefined])
  }
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'HEAD', 'PROPFIND']) {
    const answer = await ask(port, { method, target: '/session', headers: bearer(token) })
    expect([method, answer.headers['set-cookie']]).toEqual([method, undefined])
    expect(answer.text).not.toContain(token)
  }
})

test('a session of a page names no path outside the roots, that of a program of the owner does', async () => {
  const host = await startTestHost()
  const page = await pageClient(host)
  expect(await codeOf(page.datasets.look.query({ path: '/etc' }))).toBe('not-allowed')
  const owned = await ask(host.port, { method: 'POST', target: '/session', headers: bearer(host.token) })
  const cookie = owned.headers['set-cookie']?.split(';')[0] ?? ''
  const window = clientWith(host.port, { cookie, origin: `http://127.0.0.1:${host.port}` })
  expect(await codeOf(window.datasets.look.query({ path: '/etc' }))).toBe('no-class-folders')
})

/** Every kind of answer that somebody without a token can get. */
async function answersToStrangers(port: number, token: string) {
  const json = (body: string, more: HeaderLines = []) =>
    ask(port, { method: 'POST', target: '/session', headers: [...jsonType, ...more], body })
  return {
    page: await ask(port),
    missing: await ask(port, { target: '/assets/none.js' }),
    unauthorised: await ask(port, { target: picture }),
    wrongToken: await json('{"token":"x"}'),
    malformed: await json('{'),
    poisoned: await json('{"__proto__":{}}'),
    tooLarge: await json(`{"token":"${'x'.repeat(2 * 1024 ** 2)}"}`),
    wrongType: await ask(port, { method: 'POST', target: '/session', body: 'x' }),
    otherOrigin: await json('{}', [['Origin', 'null']]),
    otherHost: await ask(port, { host: 'evil.example' }),
    otherMethod: await ask(port, { method: 'PROPFIND' }),
    noSocket: await ask(port, { target: '/trpc', headers: bearer(token) }),
    badEscape: await ask(port, { target: '/datasets/%ff/pictures/0' }),
    longId: await ask(port, { target: `/datasets/${'x'.repeat(200)}/pictures/0` }),
    largeHeaders: await ask(port, { headers: [['X-Large', 'x'.repeat(40_000)]] }),
    noHttp: await sendRaw(port, 'HELO evil.example\r\n\r\n'),
    upgradeElsewhere: await upgrade(port, { target: '/' }),
    upgradeRefused: await upgrade(port),
  }
}

test('every answer carries the headers that lock a page down, and none tells a stranger about the machine', async () => {
  const host = await startTestHost()
  const { port, token, dataDir } = host
  const answers = await answersToStrangers(port, token)
  const expected = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  }
  for (const [name, { status, headers, text }] of Object.entries(answers)) {
    expect({ name, status, headers }).toMatchObject({ headers: expected })
    expect(headers['content-security-policy'], name).toContain("frame-ancestors 'none'")
    expect(headers.server ?? headers['x-powered-by'], name).toBeUndefined()
    expect(headers.location, name).toBeUndefined()
    for (const secret of [token, dataDir, import.meta.dirname, 'node_modules', '    at ', '.ts:', 'FST_']) {
      expect(text.includes(secret), `${name} tells ${secret}`).toBe(false)
    }
  }
  const statuses = Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]))
  expect(statuses).toEqual({
    page: 404,
    missing: 404,
    unauthorised: 401,
    wrongToken: 401,
    malformed: 400,
    poisoned: 400,
    tooLarge: 413,
    wrongType: 415,
    otherOrigin: 403,
    otherHost: 421,
    otherMethod: 404,
    noSocket: 426,
    badEscape: 400,
    longId: 404,
    largeHeaders: 431,
    noHttp: 400,
    upgradeElsewhere: 404,
    upgradeRefused: 401,
  })
})

test('no address leads a browser elsewhere', async () => {
  const { port } = await startTestHost()
  for (const target of ['//evil.example', '//evil.example/..', '/\\evil.example', '/%2f%2fevil.example', '/assets']) {
    const { status, headers } = await ask(port, { target })
    expect([target, status < 300 || status >= 400, headers.location]).toEqual([target, true, undefined])
  }
})

test('whatever is asked, no token reaches the log', async () => {
  const lines: string[] = []
  const host = await startTestHost({ log: createHostLog({ write: (line) => void lines.push(line) }) })
  const { port, token } = host
  const cookie = await openSession(host)
  const secrets = [token, cookie.split('=')[1] ?? '']
  for (const secret of secrets) {
    await upgrade(port, { target: `/trpc?token=${secret}` })
    await ask(port, { target: `/${secret}/%ff?x=${secret}`, headers: [...bearer(secret), ['Cookie', `a=${secret}`]] })
    await ask(port, { method: 'POST', target: '/session', headers: jsonType, body: `{"token":"${secret}"` })
    await sendRaw(port, `GET /${secret} HTTP/9.9\r\n\r\n`)
    await codeOf(host.client.runs.get.query({ id: secret }))
  }
  host.services.recipes.list = () => {
    throw Object.assign(new Error('failed'), { token, request: { headers: { cookie, authorization: token } } })
  }
  await codeOf(host.client.recipes.list.query())
  expect(lines.join('')).toContain('call failed')
  for (const secret of secrets) expect(lines.join('')).not.toContain(secret)
})

const entry = join(import.meta.dirname, '..', 'test-host', 'scripted-host.ts')

async function spawn(dataDir: string): Promise<SpawnedHost> {
  const host = await spawnHost({ entry, dataDir, attached: true })
  onTestFinished(async () => {
    host.process.kill('SIGKILL')
    await host.ended
  })
  return host
}

/** Every file below a folder. */
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

test.skipIf(process.platform !== 'linux')(
  'the token of a host process is in no argument, no environment and no file but host.json',
  async () => {
    const dataDir = temporaryFolder()
    const host = await spawn(dataDir)
    const { token, pid } = host.address
    const client = connect(host.address)
    const { id } = await client.runs.start.mutate({ recipeId: 'mnist-lenet5', name: 'wait', changes: {} })
    await until(async () => (await client.runs.get.query({ id })).epochs.length > 0)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    expect(children.length).toBeGreaterThan(0)
    for (const process of [String(pid), ...children]) {
      for (const place of ['cmdline', 'environ']) {
        expect(readFileSync(`/proc/${process}/${place}`, 'latin1')).not.toContain(token)
      }
    }
    const holders = () => filesOf(dataDir).filter((path) => readFileSync(path, 'latin1').includes(token))
    expect(holders()).toEqual([join(dataDir, 'host.json')])
    expect(statSync(join(dataDir, 'host.json')).mode & 0o077).toBe(0)
    // A crash writes what Node knows of it; the token is not among it.
    let said = ''
    host.process.stderr?.on('data', (chunk) => (said += chunk))
    host.process.kill('SIGABRT')
    await host.ended
    expect(said).not.toContain(token)
    expect(holders()).toEqual([join(dataDir, 'host.json')])
  },
)
