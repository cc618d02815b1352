// Hostile files given to a host with the product's own workers: nothing runs, nothing grows without bound, nothing becomes markup.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { parseRecipe } from '../../shared/recipe.ts'
import { checkpointEntrySchema } from '../../shared/saved-state.ts'
import type { WorkerEntries } from '../host-context.ts'
import { installedLibrary } from '../test-host/installed-library.ts'
import { scriptedEntries } from '../test-host/scripted-entries.ts'
import { startTestHost, type TestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'
import { ask, bearer } from './raw-http.ts'

const workers = join(import.meta.dirname, '..', '..', 'worker')
const entries: WorkerEntries = {
  ...scriptedEntries,
  prepareData: join(workers, 'prepare-data.ts'),
  examineData: join(workers, 'examine-data.ts'),
  changeData: join(workers, 'change-data.ts'),
}
const library = {
  ...installedLibrary,
  find: () => Promise.reject(new RepriseError({ code: 'libtensorflow-missing', message: 'Not here.' })),
}

const startWithRealWorkers = () =>
  startTestHost({ entries, library, timing: { batchMs: 5, liveMs: 5, shutdownMs: 5000 } })

const pictures = join(import.meta.dirname, '..', '..', '..', 'tools', 'oracle', 'values', 'pictures')
const sound = readFileSync(join(pictures, 'window-444.jpg'))

/** Adds a source and waits until it is ready or has failed. */
async function added(host: TestHost, path: string) {
  const { id } = await host.client.datasets.add.mutate({ path })
  return until(async () => {
    const found = (await host.client.datasets.list.query()).find((dataset) => dataset.id === id)
    return found?.status === 'ready' || found?.status === 'failed' ? found : null
  })
}

/** Waits for the check of a data set that is ready. */
const checked = (host: TestHost, id: string) =>
  until(async () => {
    const overview = await host.client.datasets.overview.query({ id })
    return overview.checking === null && (overview.health !== null || overview.checkError !== null) && overview
  })

const script = '<script>alert(1)</script>'
const html = '<img src=x onerror=alert(1)>'

test('markup in names and pictures stays text, and no picture is given as a document', {
  timeout: 60_000,
}, async () => {
  const root = join(temporaryFolder(), `${html}`)
  for (const name of ['=1+1', '"quoted"', '-1', "@SUM(A1)'"]) {
    mkdirSync(join(root, name), { recursive: true })
    for (const file of ['a.jpg', 'b.jpg'])
      writeFileSync(join(root, name, file), Buffer.concat([sound, Buffer.from(name + file)]))
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`
  writeFileSync(join(root, '-1', 'drawing.svg'), svg)
  writeFileSync(join(root, '-1', 'drawing.jpg'), svg)
  writeFileSync(join(root, '-1', 'page.jpg'), `<!doctype html>${script}`)
  const host = await startWithRealWorkers()
  const summary = await added(host, root)
  expect(summary).toMatchObject({ id: 'img-src-x-onerror-alert-1', label: html, status: 'ready' })
  await checked(host, summary.id)
  const { items } = await host.client.datasets.pictures.query({ id: summary.id, filter: {}, offset: 0, limit: 100 })
  const broken = items.filter(({ name }) => /drawing|page/.test(name))
  expect(broken.length).toBeGreaterThan(1)
  for (const { picture } of items) {
    for (const side of ['', '?side=128']) {
      const target = `/datasets/${summary.id}/pictures/${picture}${side}`
      const { status, headers } = await ask(host.port, { target, headers: bearer(host.token) })
      const isBroken = broken.some((item) => item.picture === picture)
      expect([target, status]).toEqual([target, isBroken ? 422 : 200])
      expect(headers['content-type']).toMatch(isBroken ? /^application\/json/ : /^image\/(png|jpeg|webp)$/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
    }
  }
  // Opened in a spreadsheet, no cell of the table is a formula; a class that is a number stays one.
  const table = await host.client.datasets.exportSplit.query({ id: summary.id })
  expect(table).toContain(",'=1+1,")
  expect(table).toContain(",'@SUM(A1)',")
  expect(table).toContain(',-1,')
  expect(table.split(/\r\n|,/).filter((cell) => /^"?[=+@]/.test(cell))).toEqual([])
})

test('archives and pictures that unpack to any size are named, and take no memory', { timeout: 90_000 }, async () => {
  const folder = temporaryFolder()
  const entry = { level: 0 } as const
  const pets = Object.fromEntries(
    ['cat/a.jpg', 'cat/b.jpg', 'dog/a.jpg', 'dog/b.jpg'].map((name, i) => [
      name,
      [new Uint8Array([...sound, i]), entry] as const,
    ]),
  )
  // A picture of 300 MB of zeros in 300 kB, and one whose header claims 60,000 x 60,000 pixels.
  const zeros = deflateRawSync(Buffer.alloc(300 * 1024 ** 2))
  const zip = Buffer.from(
    zipSync({ ...pets, 'dog/zeros.png': [new Uint8Array(zeros), entry], 'dog/wide.png': [wide(), entry] }),
  )
  claimDeflated(zip, 'dog/zeros.png', 300 * 1024 ** 2)
  const path = join(folder, 'bombs.zip')
  writeFileSync(path, zip)
  const host = await startWithRealWorkers()
  const summary = await added(host, path)
  expect(summary.status).toBe('ready')
  const { health } = await checked(host, summary.id)
  expect(health?.findings.find(({ kind }) => kind === 'unreadable')?.count).toBe(2)
  const { items } = await host.client.datasets.pictures.query({ id: summary.id, filter: {}, offset: 0, limit: 100 })
  for (const { picture, name } of items) {
    const target = `/datasets/${summary.id}/pictures/${picture}?side=64`
    const { status } = await ask(host.port, { target, headers: bearer(host.token) })
    expect([name, status]).toEqual([name, /zeros|wide/.test(name) ? 422 : 200])
  }
})

/** A PNG whose header is right and claims 3.6 thousand million pixels; nothing follows it. */
function wide(): Uint8Array {
  const header = Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600802000000', 'hex')
  const crc = Buffer.alloc(4)
  return new Uint8Array(Buffer.concat([header, crc, Buffer.alloc(64)]))
}

/** Makes a stored member of a zip one that is deflated to `size` bytes, in its own header and in the directory. */
function claimDeflated(zip: Buffer, name: string, size: number): void {
  for (let at = zip.indexOf(name); at >= 0; at = zip.indexOf(name, at + 1)) {
    const inDirectory = zip.readUInt32LE(Math.max(0, at - 46)) === 0x02014b50
    const header = at - (inDirectory ? 46 : 30)
    zip.writeUInt16LE(8, header + (inDirectory ? 10 : 8))
    zip.writeUInt32LE(size, header + (inDirectory ? 24 : 22))
  }
}

test('a data set that is a pickle names what it wants called, and calls nothing', { timeout: 60_000 }, async () => {
  const canary = join(temporaryFolder(), 'canary')
  const root = join(temporaryFolder(), 'cifar-10-batches-py')
  mkdirSync(root)
  const command = `touch ${canary}`
  const pickle = Buffer.concat([
    Buffer.from('\x80\x02cposix\nsystem\nX', 'latin1'),
    Buffer.from(Uint32Array.of(command.length).buffer),
    Buffer.from(`${command}\x85R.`, 'latin1'),
  ])
  for (const name of [
    'data_batch_1',
    'data_batch_2',
    'data_batch_3',
    'data_batch_4',
    'data_batch_5',
    'test_batch',
    'batches.meta',
  ]) {
    writeFileSync(join(root, name), pickle)
  }
  const host = await startWithRealWorkers()
  const summary = await added(host, root)
  expect(summary).toMatchObject({ status: 'failed', error: { code: 'data-format' } })
  expect(JSON.stringify(summary.error)).toContain('posix.system')
  expect(existsSync(canary)).toBe(false)
})

test('a CSV of pictures reaches no file outside its folder, and its cells stay text', { timeout: 60_000 }, async () => {
  const root = join(temporaryFolder(), 'listed')
  mkdirSync(root)
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
    writeFileSync(join(root, name), Buffer.concat([sound, Buffer.from(name)]))
  writeFileSync(join(root, '..', 'outside.jpg'), sound)
  const lines = [
    'a.jpg,=cmd|calc',
    'b.jpg,=cmd|calc',
    'c.jpg,plain',
    'd.jpg,plain',
    '../outside.jpg,plain',
    '/etc/passwd,plain',
  ]
  writeFileSync(join(root, 'labels.csv'), `image,label\n${lines.join('\n')}\n`)
  const host = await startWithRealWorkers()
  const look = await host.client.datasets.look.query({ path: root })
  expect(look.classes).toEqual(['=cmd|calc', 'plain'])
  const summary = await added(host, root)
  expect(summary.status).toBe('ready')
  const { items } = await host.client.datasets.pictures.query({ id: summary.id, filter: {}, offset: 0, limit: 100 })
  expect(items.map(({ name }) => name).sort()).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
})

test('a recipe with keys of a prototype changes none, and one that is no recipe is named', () => {
  const good = readFileSync(
    join(import.meta.dirname, '..', '..', '..', 'resources', 'recipes', 'mnist-lenet5.json'),
    'utf8',
  )
  const poisoned = [
    good.replace('{', '{"__proto__":{"polluted":1},'),
    good.replace('"config": {', '"config": {"__proto__":{"polluted":1},'),
    good.replace('{', '{"constructor":{"prototype":{"polluted":1}},'),
  ]
  for (const text of poisoned) {
    expect(text).not.toBe(good)
    try {
      expect(Object.keys(parseRecipe(text, 'x.json'))).not.toContain('__proto__')
    } catch (error) {
      expect(error).toMatchObject({ code: 'recipe-invalid' })
    }
  }
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

test('an entry of a checkpoint names a file beside it and no other', () => {
  const entry = {
    seed: 1,
    kind: 'state',
    step: 1,
    epoch: 1,
    bytes: 1,
    sha256: 'x',
    savedAt: 1,
    averaged: false,
    top1: null,
  }
  const takes = (file: string) => checkpointEntrySchema.safeParse({ ...entry, file }).success
  expect(takes('seed-1-step-100.safetensors')).toBe(true)
  const escapes = [
    '../seed-1.safetensors',
    '/etc/passwd',
    'a/b.safetensors',
    '..\\x.safetensors',
    'x.safetensors\0',
    'x.pth',
    '.safetensors',
    '',
  ]
  for (const file of escapes) expect([file, takes(file)]).toEqual([file, false])
})
