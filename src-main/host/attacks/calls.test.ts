import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startTestHost, type TestHost, temporaryFolder } from '../test-host/start-test-host.ts'
import { codeOf } from './page-client.ts'
import { ask, bearer } from './raw-http.ts'

interface Reply {
  id: number | null
  result?: unknown
  error?: { message: string; data: { report?: { code: string; details?: unknown } } }
}

/** Sends messages as they are, one at a time, and gives the answer to each. */
async function speak({ port, token }: TestHost): Promise<(message: string) => Promise<Reply>> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers: { authorization: `Bearer ${token}` } })
  onTestFinished(() => socket.terminate())
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const ended = new Promise<never>((_, reject) => socket.once('close', () => reject(new Error('closed'))))
  ended.catch(() => {})
  return (message) => {
    const answered = new Promise<Reply>((resolve) => {
      socket.once('message', (data) => resolve(JSON.parse(String(data)) as Reply))
    })
    socket.send(message)
    return Promise.race([answered, ended])
  }
}

/** A call whose input is given as text, so that a test may write keys that an object literal cannot hold. */
const callText = (method: 'query' | 'mutation', path: string, input: string) =>
  `{"id":1,"jsonrpc":"2.0","method":"${method}","params":{"path":${JSON.stringify(path)},"input":${input}}}`

const poisons = ['"__proto__":{"polluted":1}', '"constructor":{"prototype":{"polluted":1}}', '"toString":"polluted"']

test('keys of a prototype reach no prototype, whatever call they come with', async () => {
  const host = await startTestHost()
  const say = await speak(host)
  const inputs: ['query' | 'mutation', path: string, rest: string][] = [
    ['mutation', 'settings.set', ''],
    ['query', 'folders.list', ''],
    ['query', 'runs.get', '"id":"r-0001",'],
    ['mutation', 'runs.stop', '"runId":"r-0001","mode":"now",'],
    ['query', 'datasets.pictures', '"id":"mnist","filter":{},"offset":0,"limit":1,'],
    ['mutation', 'datasets.add', '"path":"/tmp",'],
    ['query', 'preview.inputs', '"recipeId":"mnist-lenet5","step":0,"draw":0,'],
    ['query', 'events.subscribe', ''],
  ]
  for (const [method, path, rest] of inputs) {
    for (const poison of poisons) {
      const { error } = await say(callText(method, path, `{${rest}${poison}}`))
      expect([path, poison, error?.data.report?.code]).toEqual([path, poison, 'usage'])
    }
  }
  for (const poison of [
    ...poisons,
    '"__proto__.polluted":1',
    '"train.__proto__.polluted":1',
    '"constructor.prototype.polluted":1',
  ]) {
    const changes = `{"recipeId":"mnist-lenet5","changes":{${poison}}}`
    for (const [method, path] of [
      ['query', 'runs.preflight'],
      ['mutation', 'runs.start'],
    ] as const) {
      const { error } = await say(callText(method, path, changes))
      // A prototype as such is no change at all; any other key has to be one of the config.
      if (error) expect([poison, error.data.report?.code]).toEqual([poison, 'unknown-config-key'])
      else expect(poison).toContain('"__proto__":')
    }
  }
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  expect(String({})).toBe('[object Object]')
})

test('only procedures of the API can be called', async () => {
  const host = await startTestHost()
  const say = await speak(host)
  const paths = [
    '',
    '.',
    '__proto__',
    'constructor',
    'runs.__proto__',
    'runs.constructor',
    'toString',
    'runs',
    'runs.list.list',
    '../settings.get',
    'hasOwnProperty',
    '_def.procedures',
    'createCaller',
  ]
  for (const path of paths) {
    for (const method of ['query', 'mutation', 'subscription'] as const) {
      const text = callText('query', path, '{}').replace('"method":"query"', `"method":"${method}"`)
      expect([path, (await say(text)).error?.data.report?.code]).toEqual([path, 'usage'])
    }
  }
  const wrongKind = await say(callText('query', 'settings.set', '{"background":true}'))
  expect(wrongKind.error?.data.report?.code).toBe('usage')
  expect((await host.client.settings.get.query()).background).toBe(false)
})

test('what is no call is answered without a word of the inside, and the connection goes on', async () => {
  const host = await startTestHost()
  const say = await speak(host)
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const messages = [
    '',
    'null',
    '1',
    '"PING"',
    '{}',
    '[null]',
    '[[]]',
    '{"id":null,"method":"query","params":{"path":"runs.list"}}',
    '{"id":{},"method":"query","params":{"path":"runs.list"}}',
    '{"id":1,"method":"eval","params":{"path":"runs.list"}}',
    '{"id":1,"method":"query"}',
    '{"id":1,"method":"query","params":{"path":7}}',
    '{"id":1,"method":"query","params":null}',
    '{"id":1,"method":"__proto__","params":{"path":"runs.list"}}',
    `{"id":1,"method":"query","params":{"path":"${'x'.repeat(10_000)}"}}`,
    '{"id":1,"method":"query","params":{"path":"runs.get","input":{"id":{"$ne":null}}}}',
    callText('query', 'runs.preflight', `{"recipeId":"mnist-lenet5","changes":{"seeds.count":${deep}}}`),
    deep,
    '\u0000',
  ]
  for (const message of messages) {
    const { error } = await say(message)
    const shown = message.slice(0, 60)
    expect([shown, error?.data.report?.code !== 'internal']).toEqual([shown, true])
    expect(error, shown).toBeDefined()
    for (const inside of ['    at ', 'node_modules', host.token]) {
      expect(JSON.stringify(error).includes(inside), `${shown} tells ${inside}`).toBe(false)
    }
  }
  expect((await say(callText('query', 'settings.get', 'null'))).result).toBeDefined()
})

const escapes = [
  '../../etc/passwd',
  '..',
  '.',
  '/etc',
  'mnist/../../..',
  '..\\..',
  '%2e%2e',
  'r-0001/../..',
  'r-0001\0',
  ' r-0001',
  'file:///etc',
  'R-0001',
  'r-1',
  `r-${'9'.repeat(30)}`,
  '-1',
  '1e3',
  "1' OR '1'='1",
  '__proto__',
  'constructor',
]

test('ids of runs, data sets, pictures and recipes name nothing else', async () => {
  const dataDir = temporaryFolder()
  const host = await startTestHost({ dataDir })
  const { client } = host
  mkdirSync(join(dataDir, 'precious'))
  writeFileSync(join(dataDir, 'precious', 'manifest.json'), '{"id":"precious"}')
  const before = readdirSync(dataDir)
  for (const id of [...escapes, '../precious']) {
    const runs = [
      client.runs.get.query({ id }),
      client.runs.curves.query({ id, maxPoints: 10 }),
      client.runs.log.query({ id }),
      client.runs.rename.mutate({ id, name: 'x' }),
      client.runs.remove.mutate({ id }),
      client.runs.restore.mutate({ id }),
      client.runs.stop.mutate({ runId: id, mode: 'bin' }),
    ]
    for (const call of runs) expect([id, await codeOf(call)]).toEqual([id, 'unknown-run'])
    const dataSets = [
      client.datasets.overview.query({ id }),
      client.datasets.pictures.query({ id, filter: {}, offset: 0, limit: 1 }),
      client.datasets.fetch.mutate({ id }),
      client.datasets.check.mutate({ id }),
      client.datasets.remove.mutate({ id }),
      client.datasets.exportSplit.query({ id }),
      client.datasets.exclude.mutate({ id, pictures: [0], excluded: true }),
    ]
    for (const call of dataSets) expect([id, await codeOf(call)]).toEqual([id, 'unknown-dataset'])
    if (!/^[a-z0-9-]+$/.test(id) || id.startsWith('-')) {
      expect([id, await codeOf(client.datasets.add.mutate({ id, path: dataDir }))]).toEqual([id, 'usage'])
    }
    expect([id, await codeOf(client.recipes.get.query({ id }))]).toEqual([id, 'unknown-recipe'])
    expect([id, await codeOf(client.runs.start.mutate({ recipeId: id, changes: {} }))]).toEqual([id, 'unknown-recipe'])
    const changes = { 'data.dataset': id }
    expect([id, await codeOf(client.runs.start.mutate({ recipeId: 'mnist-lenet5', changes }))]).not.toEqual([id, null])
  }
  expect(readdirSync(dataDir)).toEqual(before)
  expect(existsSync(join(dataDir, 'precious', 'manifest.json'))).toBe(true)
})

test('pictures are named by number alone, in an address of any spelling', async () => {
  const { port, token } = await startTestHost()
  const targets = [
    '/datasets/../../etc/passwd/pictures/0',
    '/datasets/%2e%2e%2f%2e%2e%2fetc/pictures/0',
    '/datasets/%252e%252e/pictures/0',
    '/datasets/..%5c..%5cetc/pictures/0',
    '/datasets/mnist%00/pictures/0',
    '/datasets/mnist/pictures/..%2f..%2fmanifest.json',
    '/datasets/mnist/pictures/%2e%2e%2fhost.json',
    '/datasets/mnist/pictures/0%00.png',
    '/datasets/mnist/pictures/0/../../../host.json',
    '/datasets/mnist/pictures/-0',
    '/datasets/mnist/pictures/0x0',
    '/datasets/mnist/pictures/9999999999',
    '/datasets/__proto__/pictures/0',
    '/datasets//pictures/0',
  ]
  for (const target of targets) {
    const { status, body, headers } = await ask(port, { target, headers: bearer(token) })
    expect([target, [400, 403, 404].includes(status)]).toEqual([target, true])
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(body).not.toContain('root:')
  }
})
