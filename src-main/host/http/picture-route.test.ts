import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startTestHost, type TestHost, until } from '../test-host/start-test-host.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

function get({ port }: TestHost, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

async function hostWithPictures(): Promise<{ host: TestHost; token: Record<string, string> }> {
  const host = await startTestHost()
  await host.client.datasets.fetch.mutate({ id: 'mnist' })
  await until(
    async () => (await host.client.datasets.list.query()).find(({ id }) => id === 'mnist')?.status === 'ready',
  )
  return { host, token: { authorization: `Bearer ${host.token}` } }
}

const codeOf = ({ body }: Answer) => (JSON.parse(String(body)) as { error: { code: string } }).error.code
const pngSize = (body: Buffer) => [body.readUInt32BE(16), body.readUInt32BE(20)]

test('a picture is given in its own size and enlarged, and not again to who has it', async () => {
  const { host, token } = await hostWithPictures()
  const own = await get(host, '/datasets/mnist/pictures/3', token)
  expect([own.status, own.headers['content-type'], own.headers['cache-control']]).toEqual([
    200,
    'image/png',
    'private, no-cache',
  ])
  expect(pngSize(own.body)).toEqual([28, 28])
  const large = await get(host, '/datasets/mnist/pictures/3?side=128', token)
  expect(pngSize(large.body)).toEqual([112, 112])
  const etag = String(large.headers.etag)
  const again = await get(host, '/datasets/mnist/pictures/3?side=128', { ...token, 'if-none-match': etag })
  expect([again.status, again.body.length]).toEqual([304, 0])
  const other = await get(host, '/datasets/mnist/pictures/2?side=128', { ...token, 'if-none-match': etag })
  expect(other.status).toBe(200)
})

test('without a token or a session of our own page there is no picture', async () => {
  const { host } = await hostWithPictures()
  const path = '/datasets/mnist/pictures/0'
  const refused = await get(host, path, {})
  expect([refused.status, codeOf(refused)]).toEqual([401, 'unauthorized'])
  expect((await get(host, path, { authorization: 'Bearer wrong' })).status).toBe(401)
  const session = await fetch(`http://127.0.0.1:${host.port}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: host.token }),
  })
  const cookie = String(session.headers.get('set-cookie')).split(';')[0] ?? ''
  expect((await get(host, path, { cookie })).status).toBe(401)
  expect((await get(host, path, { cookie, 'sec-fetch-site': 'same-site' })).status).toBe(401)
  expect((await get(host, path, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  expect((await get(host, path, { cookie: 'reprise=x', 'sec-fetch-site': 'same-origin' })).status).toBe(401)
})

test('only pictures by number of data sets by id are there, in the sizes that are made', async () => {
  const { host, token } = await hostWithPictures()
  for (const path of [
    '/datasets/mnist/pictures/4',
    '/datasets/mnist/pictures/99999999999',
    '/datasets/mnist/pictures/-1',
    '/datasets/mnist/pictures/1e0',
    '/datasets/mnist/pictures/manifest.json',
    '/datasets/cifar10/pictures/0',
    '/datasets/nothing/pictures/0',
    '/datasets/..%2f..%2fetc/pictures/0',
    '/datasets/mnist/pictures/..%2f..%2fmanifest.json',
    '/datasets/%2e%2e/pictures/0',
  ]) {
    const answer = await get(host, path, token)
    expect([path, answer.status, answer.headers['content-type']]).toEqual([
      path,
      404,
      'application/json; charset=utf-8',
    ])
    expect(['data-missing', 'unknown-dataset']).toContain(codeOf(answer))
  }
  for (const side of ['1', '100', '4096', '-64', 'x', '64&side=128']) {
    const answer = await get(host, `/datasets/mnist/pictures/0?side=${side}`, token)
    expect([side, answer.status]).toEqual([side, 400])
  }
})

test('a client that goes takes its question back', async () => {
  const { host, token } = await hostWithPictures()
  await new Promise<void>((resolve) => {
    const asked = request({ port: host.port, host: '127.0.0.1', path: '/datasets/mnist/pictures/0', headers: token })
    asked.on('error', () => resolve())
    asked.end()
    setTimeout(() => asked.destroy(new Error('gone')), 20)
  })
  expect((await get(host, '/datasets/mnist/pictures/0', token)).status).toBe(200)
})
