import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readManifest } from '../engine/data/dataset-manifest.ts'
import { draw, drawGrey, drawNoise } from '../engine/data/drawn-pictures-for-tests.ts'
import { loadPixelDataset } from '../engine/data/load-dataset.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import type { PrepareDataJob } from '../shared/worker-protocol.ts'
import { jobIn, recordingOptions } from './preparation-for-tests.ts'
import { prepareDataset } from './prepare-dataset.ts'

async function twoClasses(folder: string, each = 5, side = 8): Promise<string> {
  const root = join(folder, 'pets')
  const size = { width: side, height: side }
  for (let i = 0; i < each; i++) {
    await draw(join(root, 'cat', `${i}.png`), { ...size, colour: [250, i, 0] })
    await draw(join(root, 'dog', `${i}.png`), { ...size, colour: [0, i, 250] })
  }
  return root
}

async function prepare(folder: string, root: string, more: Partial<PrepareDataJob> = {}) {
  const job = jobIn(folder, { datasetId: 'pets', path: root, ...more })
  const prepared = await prepareDataset(job, recordingOptions(folder))
  const manifest = await readManifest(job.datasetsDir, 'pets')
  if (manifest?.storage !== 'pixels') throw new Error('the pictures are no raw pixels')
  return { ...prepared, dataset: await loadPixelDataset('pets', { datasetsDir: job.datasetsDir }), job, manifest }
}

describe('a folder of class folders', () => {
  it('becomes a data set with the folders as classes and a recorded split', async () => {
    const folder = temporaryFolder()
    const { data, shape, dataset, manifest } = await prepare(folder, await twoClasses(folder))
    expect(data).toMatchObject({ label: 'pets', classes: ['cat', 'dog'], train: 8, test: 2, benchmark: false })
    expect(shape).toEqual([8, 8, 3])
    expect([...dataset.test.labels]).toEqual([0, 1])
    expect(dataset.train.images[0]).toBe(250)
    expect(manifest.split).toEqual({ kind: 'ratio', testShare: 0.2, valShare: 0, seed: 1, stratified: true })
  })

  it('has the same fingerprint whenever it is read', async () => {
    const folder = temporaryFolder()
    const root = await twoClasses(folder)
    const first = await prepare(folder, root)
    const second = await prepare(folder, root)
    expect(second.data.fingerprint).toBe(first.data.fingerprint)
    await draw(join(root, 'cat', '0.png'), { colour: [1, 2, 3] })
    expect((await prepare(folder, root)).data.fingerprint).not.toBe(first.data.fingerprint)
  })

  it('keeps the split that train and val give', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'pets')
    for (const part of ['train', 'val']) {
      for (const name of ['cat', 'dog']) await draw(join(root, part, name, 'deeper', 'one.png'))
    }
    const { data, manifest } = await prepare(folder, root)
    expect(data).toMatchObject({ train: 2, test: 2 })
    expect(manifest.split).toEqual({ kind: 'given', valShare: 0, seed: 1 })
  })

  it('keeps validation pictures that lie beside test pictures apart, in the file of the training pictures', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'pets')
    for (const part of ['train', 'val', 'test']) {
      for (const name of ['cat', 'dog']) await draw(join(root, part, name, `${part}.png`))
    }
    const job = jobIn(folder, { datasetId: 'pets', path: root })
    expect((await prepareDataset(job, recordingOptions(folder))).data).toMatchObject({ train: 2, test: 2 })
    const manifest = await readManifest(job.datasetsDir, 'pets')
    expect(manifest).toMatchObject({ chosenParts: true, counts: { train: 2, val: 2, test: 2 }, train: { count: 4 } })
  })

  it('refuses a test folder with a class of its own', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'pets')
    for (const name of ['train/cat', 'train/dog', 'test/cat', 'test/horse']) await draw(join(root, name, 'one.png'))
    await expect(prepare(folder, root)).rejects.toMatchObject({ code: 'data-format', found: 'also horse' })
  })

  it('brings pictures of different sizes to one when it is asked to', async () => {
    const folder = temporaryFolder()
    const root = await twoClasses(folder)
    await draw(join(root, 'cat', 'wide.jpg'), { width: 90, height: 40, colour: [200, 0, 0] })
    const { shape, manifest } = await prepare(folder, root, { fit: 24 })
    expect(shape).toEqual([24, 24, 3])
    expect(manifest.resized).toMatch(/24 x 24/)
  })

  it('keeps grey pictures grey', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'grey')
    for (const name of ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png']) {
      await drawGrey(join(root, name), 4, Buffer.alloc(16, 77))
    }
    const { shape, dataset } = await prepare(folder, root)
    expect(shape).toEqual([4, 4, 1])
    expect([...new Set(dataset.train.images)]).toEqual([77])
  })

  it('turns pictures as their EXIF orientation says', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'turned')
    // Left half black, right half white, to be turned by 90 degrees clockwise: black above white.
    const halves = Buffer.from(Array.from({ length: 16 * 16 }, (_, i) => (i % 16 < 8 ? 0 : 255)))
    for (const name of ['a/1.jpg', 'a/2.jpg', 'b/1.jpg', 'b/2.jpg']) {
      await drawGrey(join(root, name), 16, halves, 6)
    }
    const { dataset } = await prepare(folder, root)
    const pixel = (y: number, x: number) => dataset.train.images[(y * 16 + x) * dataset.shape[2]] ?? -1
    expect([pixel(2, 2), pixel(2, 13), pixel(13, 2), pixel(13, 13)].map((value) => value > 127)).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})

describe('broken pictures', () => {
  async function withBroken(folder: string): Promise<string> {
    const root = await twoClasses(folder, 5, 48)
    await drawNoise(join(root, 'cat', 'cut.jpg'))
    truncateSync(join(root, 'cat', 'cut.jpg'), 700)
    await drawNoise(join(root, 'cat', 'cut.png'))
    truncateSync(join(root, 'cat', 'cut.png'), 3000)
    writeFileSync(join(root, 'dog', 'empty.png'), '')
    writeFileSync(join(root, 'dog', 'text.jpg'), 'this is no picture')
    return root
  }
  const paths = ['cat/cut.jpg', 'cat/cut.png', 'dog/empty.png', 'dog/text.jpg']

  it('are all named when they are refused', async () => {
    const folder = temporaryFolder()
    const root = await withBroken(folder)
    const error = await prepare(folder, root).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'picture-broken', message: '4 pictures cannot be read' })
    for (const path of paths) expect(error).toMatchObject({ found: expect.stringContaining(path) })
    expect(error).toMatchObject({ details: { broken: paths.map((path) => ({ path, reason: expect.any(String) })) } })
  })

  it('are left out and listed when they are skipped', async () => {
    const folder = temporaryFolder()
    const { data } = await prepare(folder, await withBroken(folder), { brokenPictures: 'skip' })
    expect(data.skipped.map(({ path }) => path)).toEqual(paths)
    expect(data.train + data.test).toBe(10)
  })

  it('may not be all there is of a class', async () => {
    const folder = temporaryFolder()
    const root = await twoClasses(folder)
    writeFileSync(join(root, 'dog', 'only.png'), 'broken')
    for (let i = 0; i < 5; i++) rmSync(join(root, 'dog', `${i}.png`))
    await expect(prepare(folder, root, { brokenPictures: 'skip' })).rejects.toMatchObject({
      code: 'data-missing',
      message: 'No training picture of dog can be read',
    })
  })
})

describe('a folder without class folders', () => {
  it('is refused with what was found in it', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'flat')
    await draw(join(root, 'one.png'))
    await draw(join(root, 'two.png'))
    mkdirSync(join(root, 'notes'))
    writeFileSync(join(root, 'readme.txt'), 'hello')
    await expect(prepare(folder, root)).rejects.toMatchObject({
      code: 'no-class-folders',
      found: `2 pictures, 1 folders (notes) and 1 other files in ${root}`,
    })
  })

  it('is refused when it holds one class only', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'one-class')
    await draw(join(root, 'cat', 'one.png'))
    await expect(prepare(folder, root)).rejects.toMatchObject({ code: 'no-class-folders' })
  })

  it('is refused when it is not there', async () => {
    const folder = temporaryFolder()
    await expect(prepare(folder, join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'data-missing' })
  })
})

describe('reading many pictures', () => {
  it('stops when it is cancelled', async () => {
    const folder = temporaryFolder()
    const root = await twoClasses(folder, 20)
    const cancellation = new AbortController()
    const options = { ...recordingOptions(folder), onProgress: () => cancellation.abort(), signal: cancellation.signal }
    const job = jobIn(folder, { datasetId: 'pets', path: root })
    await expect(prepareDataset(job, options)).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readManifest(job.datasetsDir, 'pets')).toBeNull()
  })

  it('does not begin on a disk that is too small', async () => {
    const folder = temporaryFolder()
    const root = await twoClasses(folder)
    const options = { ...recordingOptions(folder), freeBytes: async () => 100 }
    const job = jobIn(folder, { datasetId: 'pets', path: root })
    await expect(prepareDataset(job, options)).rejects.toMatchObject({ code: 'disk-too-small' })
  })
})
