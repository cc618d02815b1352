import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type DatasetManifest, readManifest, summaryOf } from '../engine/data/dataset-manifest.ts'
import { draw } from '../engine/data/drawn-pictures-for-tests.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { PrepareDataJob } from '../shared/worker-protocol.ts'
import { changeDataset, ensureIndex, keepCheck } from './dataset-changes.ts'
import { jobIn, recordingOptions, samplesDir } from './preparation-for-tests.ts'
import { prepareDataset } from './prepare-dataset.ts'

/** Pictures of unlike sizes: `each` in cat and dog. */
async function pets(folder: string, each = 5): Promise<string> {
  const root = join(folder, 'pets')
  for (let i = 0; i < each; i++) {
    await draw(join(root, 'cat', `${i}.png`), { width: 40 + i, height: 30 })
    await draw(join(root, 'dog', `${i}.jpg`), { width: 70, height: 90 + i })
  }
  return root
}

interface Ready {
  job: PrepareDataJob
  manifest: DatasetManifest
  index: PictureIndex
}

const ready = async (job: PrepareDataJob): Promise<Ready> => {
  const manifest = await readManifest(job.datasetsDir, job.datasetId)
  if (manifest === null) throw new Error('nothing was prepared')
  const index = openPictureIndex(join(job.datasetsDir, job.datasetId, indexFile), { readonly: true })
  onTestFinished(() => index.close())
  return { job, manifest, index }
}

async function prepare(folder: string, path: string, more: Partial<PrepareDataJob> = {}) {
  const job = jobIn(folder, { datasetId: 'pets', path, ...more })
  const options = recordingOptions(folder)
  const prepared = await prepareDataset(job, options)
  return { ...(await ready(job)), ...prepared, options }
}

const partsOf = (index: PictureIndex) => index.page({}, 0, 1000).pictures.map(({ part }) => part)

describe('pictures of unlike sizes', () => {
  it('stay where they are, and the index says where', async () => {
    const folder = temporaryFolder()
    const root = await pets(folder)
    const { data, shape, manifest, index } = await prepare(folder, root)
    expect(shape).toEqual([0, 0, 3])
    expect(data).toMatchObject({ label: 'pets', classes: ['cat', 'dog'], train: 8, test: 2, benchmark: false })
    expect(manifest).toMatchObject({ storage: 'files', root, reader: 'class-folders', mean: [], content: null })
    expect(index.get(7)).toMatchObject({
      name: 'dog/2.jpg',
      location: { kind: 'file', path: 'dog/2.jpg' },
      bytes: readFileSync(join(root, 'dog/2.jpg')).length,
      label: 1,
      given: null,
      group: 'dog',
    })
    expect(manifest.split).toEqual({ kind: 'ratio', testShare: 0.2, valShare: 0, seed: 1, stratified: true })
  })

  it('are not opened beyond a sample', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'pets')
    for (const name of ['cat', 'dog']) {
      mkdirSync(join(root, name), { recursive: true })
      for (let i = 0; i < 200; i++) writeFileSync(join(root, name, `${i}.png`), 'no picture')
    }
    // Only the sample is read: were all, every one would be told as broken.
    const { data } = await prepare(folder, root)
    expect(data).toMatchObject({ train: 320, test: 80, skipped: [] })
  })

  it('that nearly all share a size stay files too', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'pets')
    for (let i = 0; i < 100; i++) await draw(join(root, i < 50 ? 'cat' : 'dog', `${i}.png`))
    await draw(join(root, 'dog', 'odd.png'), { width: 9 })
    expect((await prepare(folder, root)).manifest.storage).toBe('files')
  })

  it('keep given parts', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'pets')
    for (const part of ['train', 'val']) {
      for (const name of ['cat', 'dog']) await draw(join(root, part, name, '1.png'), { width: 100, height: 65 })
    }
    const { manifest, index } = await prepare(folder, root)
    expect(manifest.split).toEqual({ kind: 'given', valShare: 0, seed: 1 })
    expect(partsOf(index)).toEqual(['train', 'train', 'test', 'test'])
  })

  it('have a fingerprint of names, sizes, labels and parts', async () => {
    const folder = temporaryFolder()
    const root = await pets(folder)
    const first = await prepare(folder, root)
    const second = await prepare(folder, root)
    expect(second.data.fingerprint).toBe(first.data.fingerprint)
    renameSync(join(root, 'cat/0.png'), join(root, 'cat/00.png'))
    const third = await prepare(folder, root)
    expect(third.data.fingerprint).not.toBe(first.data.fingerprint)
    expect(third.index.get(0)?.name).not.toBe(first.index.get(7)?.name)
  })

  it('are refused as a data set whose counts are others', async () => {
    const folder = temporaryFolder()
    const adding = prepare(folder, await pets(folder), { datasetId: 'imagenet-1k' })
    await expect(adding).rejects.toMatchObject({ code: 'data-fingerprint', expected: '1281167 + 50000 pictures' })
  })
})

describe('listing that was interrupted', () => {
  async function interrupted(folder: string, root: string) {
    const cancellation = new AbortController()
    const options = { ...recordingOptions(folder), signal: cancellation.signal }
    options.onProgress = ({ text, done }) => {
      if (text === 'Looking at pictures' || done >= 10) cancellation.abort()
    }
    const job = jobIn(folder, { datasetId: 'pets', path: root })
    await expect(prepareDataset(job, options)).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readManifest(job.datasetsDir, 'pets')).toBeNull()
  }

  it('goes on with what was listed', async () => {
    const folder = temporaryFolder()
    const root = await pets(folder, 8)
    await interrupted(folder, root)
    const { index, options } = await prepare(folder, root)
    expect(options.progress).toContainEqual(expect.objectContaining({ text: 'Going on listing pictures' }))
    expect(index.count()).toBe(16)
    expect(index.get(15)?.name).toBe('dog/7.jpg')
  })

  it('begins again where the source has changed', async () => {
    const folder = temporaryFolder()
    const root = await pets(folder, 8)
    await interrupted(folder, root)
    rmSync(join(root, 'cat/0.png'))
    const { index, options } = await prepare(folder, root)
    expect(options.progress.map(({ text }) => text)).toContain('The source has changed: listing pictures anew')
    expect(index.count()).toBe(15)
    expect(index.get(0)?.name).toBe('cat/1.png')
  })
})

describe('changes', () => {
  it('of the split give other parts and another fingerprint, and can be taken back', async () => {
    const folder = temporaryFolder()
    const { job, manifest: before, index } = await prepare(folder, await pets(folder, 10))
    const split = { kind: 'k-fold', folds: 5, fold: 1, valShare: 0.25, seed: 3, stratified: true } as const
    const changed = await changeDataset(job.datasetsDir, 'pets', { kind: 'split', split })
    expect(changed).toMatchObject({ split, counts: { train: 12, val: 4, test: 4 } })
    expect(changed).toEqual(await readManifest(job.datasetsDir, 'pets'))
    expect(changed.fingerprint).not.toBe(before.fingerprint)
    expect(summaryOf(changed)).toMatchObject({
      train: 12,
      test: 4,
      changes: { split: true, leftOutTrain: 0, leftOutTest: 0 },
    })
    expect(partsOf(index).filter((part) => part === 'val').length).toBe(4)
    const back = await changeDataset(job.datasetsDir, 'pets', { kind: 'split', split: before.split })
    expect(back).toEqual(before)
    expect(summaryOf(back).changes).toBeUndefined()
  })

  it('that cannot be made leave everything as it was', async () => {
    const folder = temporaryFolder()
    const { job, manifest, index } = await prepare(folder, await pets(folder))
    const before = partsOf(index)
    const split = { kind: 'group', testShare: 0.5, valShare: 0, seed: 1, expression: '(no such thing)' } as const
    const change = changeDataset(job.datasetsDir, 'pets', { kind: 'split', split })
    await expect(change).rejects.toMatchObject({ code: 'config-out-of-range' })
    expect(await readManifest(job.datasetsDir, 'pets')).toEqual(manifest)
    expect(partsOf(index)).toEqual(before)
  })

  it('of what is left out are part of the fingerprint, and undone by taking back', async () => {
    const folder = temporaryFolder()
    const { job, manifest: before, index } = await prepare(folder, await pets(folder))
    const exclude = (pictures: number[], excluded: boolean) =>
      changeDataset(job.datasetsDir, 'pets', { kind: 'exclude', pictures, excluded })
    const [tested] = index.partRows('test').pictures
    const [trained] = index.partRows('train').pictures
    const without = await exclude([tested ?? 0, trained ?? 0], true)
    expect(without).toMatchObject({ counts: { train: 7, test: 1 }, leftOut: { train: 1, test: 1 } })
    expect(without.fingerprint).not.toBe(before.fingerprint)
    expect(summaryOf(without).changes).toEqual({ leftOutTrain: 1, leftOutTest: 1, split: false })
    expect(await exclude([tested ?? 0, trained ?? 0], false)).toEqual(before)
  })

  it('by a finding leave out its pictures', async () => {
    const folder = temporaryFolder()
    const { job } = await prepare(folder, await pets(folder))
    const index = openPictureIndex(join(job.datasetsDir, 'pets', indexFile), { readonly: false })
    const finding = {
      kind: 'copies',
      severity: 'warning',
      count: 1,
      values: {},
      listed: true,
      excludable: true,
    } as const
    index.setFinding({ ...finding, excluded: 0 }, [{ picture: 3, twin: 4, score: 1 }])
    index.close()
    await changeDataset(job.datasetsDir, 'pets', { kind: 'exclude', finding: 'copies', excluded: true })
    const { index: after } = await ready(job)
    expect([3, 4].map((picture) => after.get(picture)?.excluded)).toEqual([true, false])
    expect(after.findings()[0]?.excluded).toBe(1)
  })

  it('that a crash kept out of the manifest are made good', async () => {
    const folder = temporaryFolder()
    const { job, manifest: before } = await prepare(folder, await pets(folder))
    const changed = await changeDataset(job.datasetsDir, 'pets', { kind: 'exclude', pictures: [0], excluded: true })
    writeFileSync(join(job.datasetsDir, 'pets', 'manifest.json'), JSON.stringify(before))
    expect(await ensureIndex(job.datasetsDir, before)).toEqual(changed)
    expect(await readManifest(job.datasetsDir, 'pets')).toEqual(changed)
  })

  it('by a check add statistics and the hash of what is in use', async () => {
    const folder = temporaryFolder()
    const { job } = await prepare(folder, await pets(folder))
    const check = async () => {
      const index = openPictureIndex(join(job.datasetsDir, 'pets', indexFile), { readonly: false })
      for (let i = 0; i < index.count(); i++) {
        const examination = {
          format: 'png',
          width: 1,
          height: 1,
          mode: 'rgb',
          depth: 8,
          alpha: false,
          frames: 1,
        } as const
        const traces = { perceptual: null, sums: [], squares: [], pixels: 1 }
        index.setExamination(
          i,
          { ...examination, orientation: 1, problem: null },
          { ...traces, digest: new Uint8Array(32).fill(i) },
        )
      }
      index.close()
      return keepCheck(job.datasetsDir, 'pets', { mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.2] })
    }
    const checked = await check()
    expect(checked).toMatchObject({ mean: [0.5, 0.4, 0.3], content: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const { content } = summaryOf(checked)
    const exclude = (excluded: boolean) =>
      changeDataset(job.datasetsDir, 'pets', { kind: 'exclude', pictures: [1], excluded })
    expect(summaryOf(await exclude(true)).content).not.toBe(content)
    expect(summaryOf(await exclude(false)).content).toBe(content)
  })
})

describe('raw pixels', () => {
  const sample = 'fashion-mnist-sample'
  async function preparedSample(folder: string) {
    const job = jobIn(folder, { datasetId: sample })
    await prepareDataset(job, recordingOptions(folder))
    return ready(job)
  }

  it('have an index too, and the fingerprint that they always had', async () => {
    const { manifest, index } = await preparedSample(temporaryFolder())
    expect(index.count()).toBe(7000)
    expect(index.get(6001)).toMatchObject({ name: 'test/1', part: 'test', location: { set: 'test', index: 1 } })
    // Of version 0.1.0.
    expect(manifest.fingerprint).toBe('4392d177f0f031f153eab42fa59d0af3c70457ceb764ca60d39bc9987297055c')
    expect(manifest.chosenParts).toBe(false)
  })

  it('prepared by version 0.1.0 are understood, and get their index when they are asked for', async () => {
    const folder = temporaryFolder()
    const { job, manifest } = await preparedSample(folder)
    const cache = join(job.datasetsDir, sample)
    if (manifest.storage !== 'pixels') throw new Error('the sample is no raw pixels')
    const { id, label, classes, shape, mean, std, labelBits, train, test, fingerprint, benchmark } = manifest
    const { recognisedBy, resized, skipped, path, preparedAt } = manifest
    const first = { version: 1, id, label, classes, shape, mean, std, labelBits, train, test, fingerprint, benchmark }
    const split = { kind: 'stratified', testShare: 0.2, seed: 1 }
    writeFileSync(
      join(cache, 'manifest.json'),
      JSON.stringify({ ...first, split, recognisedBy, resized, skipped, path, preparedAt }),
    )
    for (const ending of ['', '-wal', '-shm']) rmSync(join(cache, `${indexFile}${ending}`), { force: true })
    const old = await readManifest(job.datasetsDir, sample)
    expect(old).toMatchObject({
      storage: 'pixels',
      counts: { train: 6000, test: 1000 },
      chosenParts: false,
      fingerprint,
    })
    await prepareDataset(job, recordingOptions(folder))
    const { index, manifest: now } = await ready(job)
    expect([index.partRows('train').count, index.partRows('test').count]).toEqual([6000, 1000])
    expect(now).toMatchObject({ fingerprint, chosenParts: false })
  })

  it('split anew have other parts than their two files', async () => {
    const folder = temporaryFolder()
    const { job, index } = await preparedSample(folder)
    const split = { kind: 'given', valShare: 0.1, seed: 1 } as const
    const changed = await changeDataset(job.datasetsDir, sample, { kind: 'split', split })
    expect(changed).toMatchObject({ chosenParts: true, counts: { train: 5401, val: 599, test: 1000 } })
    expect(index.partRows('val').count).toBe(599)
  })

  it('of a source keep their size', async () => {
    const folder = temporaryFolder()
    const job = jobIn(folder, { datasetId: 'mine', path: join(samplesDir, 'fashion-mnist'), fit: 16 })
    await expect(prepareDataset(job, recordingOptions(folder))).rejects.toMatchObject({ code: 'usage' })
  })
})
