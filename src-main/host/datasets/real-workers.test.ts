// The whole way of a small folder of pictures with the real workers: looked at, added, checked, shown, changed, previewed, removed.
import { cpSync, existsSync, mkdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import type { WorkerEntries } from '../host-context.ts'
import { installedLibrary } from '../test-host/installed-library.ts'
import { startTestHost, type TestHost, temporaryFolder, until } from '../test-host/start-test-host.ts'

const workers = join(import.meta.dirname, '..', '..', 'worker')
const entries: WorkerEntries = {
  train: join(workers, 'main.ts'),
  prepareData: join(workers, 'prepare-data.ts'),
  examineData: join(workers, 'examine-data.ts'),
  changeData: join(workers, 'change-data.ts'),
  pictures: join(workers, 'pictures.ts'),
  sourceLooks: join(workers, 'source-looks.ts'),
  preview: join(workers, 'preview.ts'),
  proveResume: join(workers, 'prove-resume.ts'),
  probe: join(workers, 'probe.ts'),
}
const library = {
  ...installedLibrary,
  find: () => Promise.reject(new RepriseError({ code: 'libtensorflow-missing', message: 'Not here.' })),
}

const sources = join(import.meta.dirname, '..', '..', '..', 'tools', 'oracle', 'values', 'pictures')
const classes: Record<string, string[]> = {
  colour: ['window-420.jpg', 'window-422.jpg', 'window-444.jpg', 'window-rgb.jpg', 'window-restarts.jpg'],
  other: ['window-grey.jpg', 'window-progressive.jpg', 'window-444.jpg', 'cut-off.jpg', 'window-422.jpg'],
}

/** Two classes of five pictures; two lie in both classes, one is cut off. */
function smallFolder(): string {
  const root = join(temporaryFolder(), 'windows')
  for (const [name, files] of Object.entries(classes)) {
    mkdirSync(join(root, name), { recursive: true })
    for (const file of files) {
      const target = join(root, name, file)
      cpSync(join(sources, file === 'cut-off.jpg' ? 'window-420.jpg' : file), target)
      if (file === 'cut-off.jpg') truncateSync(target, 300)
    }
  }
  return root
}

const picture = (host: TestHost, number: number, side: number) =>
  fetch(`http://127.0.0.1:${host.port}/datasets/windows/pictures/${number}?side=${side}`, {
    headers: { authorization: `Bearer ${host.token}` },
  })

test('a folder of pictures goes all the way', { timeout: 180_000 }, async () => {
  const host = await startTestHost({ entries, library, timing: { batchMs: 5, liveMs: 5, shutdownMs: 5000 } })
  const { datasets, preview } = host.client
  const path = smallFolder()

  const look = await datasets.look.query({ path })
  expect(look).toMatchObject({ path, reader: 'class-folders', storage: 'files', label: 'windows', needsBoxRule: false })
  expect(look.classes).toEqual(['colour', 'other'])

  await datasets.add.mutate({ path })
  const summary = await until(async () => {
    const found = (await datasets.list.query()).find(({ id }) => id === 'windows')
    return found?.status === 'ready' || found?.status === 'failed' ? found : null
  })
  expect(summary).toMatchObject({ status: 'ready', storage: 'files', reader: 'class-folders', error: null })
  const checked = await until(async () => {
    const found = await datasets.overview.query({ id: 'windows' })
    return found.checking === null && found
  })
  expect(checked.checkError).toBeNull()
  expect(checked).toMatchObject({ path, pictures: 10, excluded: 0, split: { kind: 'ratio' } })
  expect(checked.classes.map(({ name, train, val, test }) => [name, train + val + test])).toEqual([
    ['colour', 5],
    ['other', 5],
  ])
  const counts = Object.fromEntries((checked.health?.findings ?? []).map(({ kind, count }) => [kind, count]))
  expect(counts.unreadable).toBe(1)
  expect(counts['label-conflict']).toBeGreaterThan(0)

  const broken = await datasets.pictures.query({
    id: 'windows',
    filter: { finding: 'unreadable' },
    offset: 0,
    limit: 9,
  })
  expect(broken.items.map(({ name, problem }) => [name, problem !== null])).toEqual([['other/cut-off.jpg', true]])
  const all = await datasets.pictures.query({ id: 'windows', filter: {}, offset: 0, limit: 500 })
  const sound = all.items.find(({ name }) => name === 'colour/window-444.jpg')
  const thumbnail = await picture(host, sound?.picture ?? -1, 64)
  expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect(String(Buffer.from(await thumbnail.arrayBuffer()).subarray(8, 12))).toBe('WEBP')
  expect((await picture(host, 10, 64)).status).toBe(404)

  const excluded = await datasets.exclude.mutate({ id: 'windows', finding: 'unreadable', excluded: true })
  expect(excluded.excluded).toBe(1)
  expect(excluded.fingerprint).not.toBe(checked.fingerprint)
  const split = { kind: 'k-fold', folds: 3, fold: 1, valShare: 0, seed: 5, stratified: true } as const
  expect((await datasets.setSplit.mutate({ id: 'windows', split })).split).toEqual(split)

  const inputs = await preview.inputs.query({
    recipeId: 'cifar10-resnet20',
    changes: {
      'data.dataset': 'windows',
      'augment.crop': 'random-resized',
      'augment.pad': 0,
      'input.normalization': 'channel',
      'train.batchSize': 4,
      'augment.mixup': 1,
      'evaluation.resize': 36,
    },
    step: 1,
    draw: 3,
  })
  expect(inputs).toMatchObject({ step: 1, height: 32, width: 32, mixing: 'mixup' })
  expect(inputs.inputs.length).toBeGreaterThan(0)
  for (const { image, name, targets } of inputs.inputs) {
    expect(image).toMatch(/^data:image\/png;base64,iVBORw0KGgo/)
    expect(name).toMatch(/^(colour|other)\/window-/)
    expect(targets.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5)
  }

  await datasets.remove.mutate({ id: 'windows' })
  expect(existsSync(join(host.dataDir, 'datasets', 'windows'))).toBe(false)
  expect(existsSync(join(path, 'colour', 'window-420.jpg'))).toBe(true)
})

test('what a source is not is told by the look, and a look that is left ends', async () => {
  const host = await startTestHost({ entries })
  const empty = temporaryFolder()
  await expect(host.client.datasets.look.query({ path: empty })).rejects.toMatchObject({
    data: { report: { code: 'no-class-folders' } },
  })
  const leave = new AbortController()
  const left = host.client.datasets.look.query({ path: empty }, { signal: leave.signal })
  leave.abort()
  await expect(left).rejects.toThrow()
  expect((await host.client.datasets.look.query({ path: smallFolder() })).reader).toBe('class-folders')
})
