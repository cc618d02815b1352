import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentDigest, sha256Hex } from '../engine/data/content-digest.ts'
import { listManifests, readManifest } from '../engine/data/dataset-manifest.ts'
import { loadPixelDataset } from '../engine/data/load-dataset.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { datasets } from '../shared/registry/datasets.ts'
import { jobIn, recordingOptions, samplesDir } from './preparation-for-tests.ts'
import { prepareDataset } from './prepare-dataset.ts'

const sample = 'fashion-mnist-sample'

async function preparedSample() {
  const folder = temporaryFolder()
  const job = jobIn(folder, { datasetId: sample })
  const options = recordingOptions(folder)
  const prepared = await prepareDataset(job, options)
  return { folder, job, options, prepared, cache: join(job.datasetsDir, sample) }
}

function cacheFile(cache: string, prefix: string): string {
  return join(cache, readdirSync(cache).find((name) => name.startsWith(prefix)) ?? 'none')
}

/** The four IDX files of a data set of 2 x 2 pictures whose pixels are `first`, first + 1, ... */
async function writeIdx(folder: string, train: number, test: number, labels = train): Promise<void> {
  await mkdir(folder, { recursive: true })
  const images = (count: number, first: number) =>
    Uint8Array.of(
      0,
      0,
      8,
      3,
      0,
      0,
      0,
      count,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      2,
      ...Array.from({ length: count * 4 }, (_, i) => first + i),
    )
  const labelFile = (count: number) =>
    Uint8Array.of(0, 0, 8, 1, 0, 0, 0, count, ...Array.from({ length: count }, (_, i) => i % 3))
  await writeFile(join(folder, 'train-images'), images(train, 0))
  await writeFile(join(folder, 'train-labels'), labelFile(labels))
  await writeFile(join(folder, 't10k-images'), images(test, 100))
  await writeFile(join(folder, 't10k-labels'), labelFile(test))
}

describe('the shipped sample', () => {
  it('is prepared without network and is what the registry says', async () => {
    const { prepared, options, job } = await preparedSample()
    const record = datasets[sample]
    expect(options.network).toEqual([])
    expect(prepared.shape).toEqual([28, 28, 1])
    expect(prepared.data).toMatchObject({ id: sample, label: record.label, train: 6000, test: 1000, benchmark: false })
    expect(prepared.data.classes).toEqual(record.classes)
    const { train, test, mean, std } = await loadPixelDataset(sample, { datasetsDir: job.datasetsDir })
    expect({ train: sha256Hex(train.images), test: sha256Hex(test.images) }).toEqual(record.sha256)
    expect({ train: contentDigest(train), test: contentDigest(test) }).toEqual(record.content)
    expect([...train.labels.subarray(0, 5)]).toEqual([9, 0, 0, 3, 0])
    expect(mean[0]).toBeCloseTo(record.mean[0], 2)
    expect(std[0]).toBeCloseTo(record.std[0], 2)
  })

  it('is recognised when the user brings the same files under another name', async () => {
    const folder = temporaryFolder()
    const job = jobIn(folder, { datasetId: 'mine', path: join(samplesDir, 'fashion-mnist') })
    const { data } = await prepareDataset(job, recordingOptions(folder))
    expect(data).toMatchObject({ id: 'mine', label: datasets[sample].label, classes: datasets[sample].classes })
  })
})

describe('a prepared data set', () => {
  it('is left alone when it is whole', async () => {
    const { job, options, cache } = await preparedSample()
    const before = statSync(join(cache, 'manifest.json')).mtimeMs
    await prepareDataset(job, options)
    expect(statSync(join(cache, 'manifest.json')).mtimeMs).toBe(before)
  })

  it('loads only so many pictures, and is then another data set', async () => {
    const { job, prepared } = await preparedSample()
    const { train, test, summary } = await loadPixelDataset(sample, { datasetsDir: job.datasetsDir, limitTrain: 10 })
    expect([train.count, train.images.length, train.labels.length, test.count]).toEqual([10, 7840, 10, 1000])
    expect(summary).toMatchObject({ train: 10, test: 1000, benchmark: false })
    expect(summary.fingerprint).not.toBe(prepared.data.fingerprint)
  })

  it('that lost bytes is noticed when it is loaded, and prepared again', async () => {
    const { job, options, cache, prepared } = await preparedSample()
    truncateSync(cacheFile(cache, 'train-images'), 1000)
    await expect(loadPixelDataset(sample, { datasetsDir: job.datasetsDir })).rejects.toMatchObject({
      code: 'data-truncated',
      expected: '4704000 bytes',
      found: '1000 bytes',
    })
    expect(await prepareDataset(job, options)).toEqual(prepared)
    expect((await loadPixelDataset(sample, { datasetsDir: job.datasetsDir })).train.count).toBe(6000)
  })

  it('with a changed byte is noticed by its hash', async () => {
    const { job, options, cache } = await preparedSample()
    const file = cacheFile(cache, 'test-labels')
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(1, 10, 20))
    await prepareDataset(job, options)
    const manifest = await readManifest(job.datasetsDir, sample)
    expect(manifest).toMatchObject({ test: { labels: { sha256: sha256Hex(readFileSync(file)) } } })
  })

  it("of the user's own is not replaced by guesswork when a byte changed", async () => {
    const folder = temporaryFolder()
    await writeIdx(join(folder, 'idx'), 6, 3)
    const options = recordingOptions(folder)
    const job = jobIn(folder, { datasetId: 'mine' })
    await prepareDataset({ ...job, path: join(folder, 'idx') }, options)
    writeFileSync(cacheFile(join(job.datasetsDir, 'mine'), 'train-labels'), Uint8Array.of(2, 2, 2, 2, 2, 2))
    await expect(prepareDataset(job, options)).rejects.toMatchObject({ code: 'hash-mismatch' })
  })

  it('is listed, and a damaged description is not', async () => {
    const { job, cache } = await preparedSample()
    expect((await listManifests(job.datasetsDir)).map(({ id }) => id)).toEqual([sample])
    writeFileSync(join(cache, 'manifest.json'), '{"version":1')
    expect(await listManifests(job.datasetsDir)).toEqual([])
    await expect(loadPixelDataset(sample, { datasetsDir: job.datasetsDir })).rejects.toMatchObject({
      code: 'data-format',
    })
  })
})

describe('files of the user', () => {
  it('become a data set of their own', async () => {
    const folder = temporaryFolder()
    await writeIdx(join(folder, 'idx'), 6, 3)
    const job = jobIn(folder, { datasetId: 'mine', path: join(folder, 'idx') })
    const { data, shape } = await prepareDataset(job, recordingOptions(folder))
    expect(shape).toEqual([2, 2, 1])
    expect(data).toMatchObject({ label: 'idx', train: 6, test: 3, classes: ['0', '1', '2'], benchmark: false })
    const { test } = await loadPixelDataset('mine', { datasetsDir: job.datasetsDir })
    expect([...test.images.subarray(0, 4)]).toEqual([100, 101, 102, 103])
  })

  it('whose counts do not fit each other are refused', async () => {
    const folder = temporaryFolder()
    await writeIdx(join(folder, 'idx'), 6, 3, 5)
    const job = jobIn(folder, { datasetId: 'mine', path: join(folder, 'idx') })
    await expect(prepareDataset(job, recordingOptions(folder))).rejects.toMatchObject({
      code: 'data-format',
      expected: '6 labels',
      found: '5 labels',
    })
  })

  it('that were cut off are refused, and what was ready stays ready', async () => {
    const folder = temporaryFolder()
    await writeIdx(join(folder, 'idx'), 6, 3)
    const job = jobIn(folder, { datasetId: 'mine', path: join(folder, 'idx') })
    const options = recordingOptions(folder)
    await prepareDataset(job, options)
    truncateSync(join(folder, 'idx', 'train-images'), 30)
    await expect(prepareDataset(job, options)).rejects.toMatchObject({ code: 'data-truncated', found: '30 bytes' })
    expect((await loadPixelDataset('mine', { datasetsDir: job.datasetsDir })).train.count).toBe(6)
  })

  it('that are not the benchmark they are said to be are refused with the counts', async () => {
    const folder = temporaryFolder()
    await writeIdx(join(folder, 'idx'), 6, 3)
    const job = jobIn(folder, { datasetId: 'mnist', path: join(folder, 'idx') })
    await expect(prepareDataset(job, recordingOptions(folder))).rejects.toMatchObject({
      code: 'data-fingerprint',
      expected: '60000 + 10000 pictures of 28 x 28 x 1',
      found: '6 + 3 pictures of 2 x 2 x 1',
    })
  })

  it('are not written to a disk that is too small', async () => {
    const folder = temporaryFolder()
    const job = jobIn(folder, { datasetId: sample })
    const options = { ...recordingOptions(folder), freeBytes: async () => 1000 }
    await expect(prepareDataset(job, options)).rejects.toMatchObject({ code: 'disk-too-small', found: '1 MB free' })
    expect(await readManifest(job.datasetsDir, sample)).toBeNull()
  })
})

describe('preparation', () => {
  it('ends when it is cancelled', async () => {
    const folder = temporaryFolder()
    const cancelled = { ...recordingOptions(folder), signal: AbortSignal.abort() }
    const job = jobIn(folder, { datasetId: sample })
    await expect(prepareDataset(job, cancelled)).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readManifest(job.datasetsDir, sample)).toBeNull()
  })

  it('does not know what nobody named', async () => {
    const folder = temporaryFolder()
    const job = jobIn(folder, { datasetId: 'imagenet' })
    await expect(prepareDataset(job, recordingOptions(folder))).rejects.toMatchObject({ code: 'unknown-dataset' })
    await expect(loadPixelDataset('imagenet', { datasetsDir: job.datasetsDir })).rejects.toMatchObject({
      code: 'unknown-dataset',
    })
    await expect(loadPixelDataset('mnist', { datasetsDir: job.datasetsDir })).rejects.toMatchObject({
      code: 'data-missing',
    })
  })

  it('refuses ids that are no folder names', async () => {
    const folder = temporaryFolder()
    const job = jobIn(folder, { datasetId: '../elsewhere' })
    await expect(prepareDataset(job, recordingOptions(folder))).rejects.toMatchObject({ code: 'usage' })
  })
})
