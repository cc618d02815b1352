import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { archiveDownload } from './archive-download.ts'

const content = Buffer.from('libtensorflow '.repeat(20_000))
const md5 = createHash('md5').update(content).digest('base64')

/** A server on this machine, and a path for the download; both go when the test ends. */
async function setUp(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const folder = await mkdtemp(join(tmpdir(), 'reprise-archive-'))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lib.tar.gz`
  return { url, path: join(folder, 'lib.tar.gz'), onBytes: () => {}, signal: undefined }
}

it('goes on where a broken connection stopped', async () => {
  const ranges: (string | undefined)[] = []
  let broken: ServerResponse | undefined
  const request = await setUp((req, res) => {
    ranges.push(req.headers.range)
    const start = Number(/bytes=(\d+)-/.exec(req.headers.range ?? '')?.[1] ?? 0)
    res.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, 'x-goog-hash': `md5=${md5}` })
    if (ranges.length > 1) return res.end(content.subarray(start))
    broken = res
    res.write(content.subarray(0, 100_000))
  })
  await archiveDownload({ ...request, onBytes: () => broken?.destroy() })
  expect(await readFile(request.path)).toEqual(content)
  expect(ranges[0]).toBeUndefined()
  expect(ranges[1]).toMatch(/^bytes=\d+-$/)
})

it('starts afresh when the server does not take ranges', async () => {
  const request = await setUp((_req, res) => res.writeHead(200, { 'content-length': content.length }).end(content))
  await writeFile(`${request.path}.part`, 'something older')
  await archiveDownload(request)
  expect(await readFile(request.path)).toEqual(content)
})

it('refuses a file that differs from the hash that the server names', async () => {
  const request = await setUp((_req, res) =>
    res.writeHead(200, { 'content-length': content.length, 'x-goog-hash': 'crc32c=AAAAAA==,md5=AAAA' }).end(content),
  )
  await expect(archiveDownload(request)).rejects.toMatchObject({ code: 'hash-mismatch' })
})

it('names the status of a refusal', async () => {
  const request = await setUp((_req, res) => res.writeHead(403).end())
  await expect(archiveDownload(request)).rejects.toMatchObject({ code: 'download-failed', found: 'HTTP status 403' })
})

it('says that there is no network when nobody listens', async () => {
  const request = await setUp((_req, res) => res.end())
  const url = 'http://127.0.0.1:9/lib.tar.gz'
  const refused = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))
  await expect(archiveDownload({ ...request, url, fetch: refused })).rejects.toMatchObject({ code: 'no-network' })
})
