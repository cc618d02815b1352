// Pictures decoded once: the pixels are those of the files (resized as Pillow does: transforms/resample.test.ts), whatever
// happens meanwhile.
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keptSize, predictedBytes } from '../../shared/picture-cache.ts'
import type { FileDataset, FileSet } from './dataset.ts'
import { decodeRgb } from './decode-picture.ts'
import { type DecodeOptions, decodeDataset, sampleSizes } from './decoded-cache.ts'
import { type DecodedPlace, openDecoded } from './decoded-pictures.ts'
import { writeFileDataset } from './files-for-tests.ts'
import { temporaryFolder } from './temporary-folder.ts'
import type { Picture } from './transforms/picture.ts'
import { resize } from './transforms/resample.ts'

const [train, test_] = [7, 3]

async function made() {
  const folder = temporaryFolder()
  const { dataset, paths } = await writeFileDataset(join(folder, 'source'), train, test_)
  const progress: number[] = []
  const options = (kind: 'memory' | 'disk', more: Partial<DecodeOptions> = {}): DecodeOptions => ({
    choice: { kind, bytes: 400_000 },
    shortSide: 0,
    datasetsDir: join(folder, 'datasets'),
    signal: new AbortController().signal,
    onProgress: (done) => progress.push(done),
    ...more,
  })
  const original = (i: number) => decodeRgb(readFileSync(join(dataset.root, paths[i] ?? '')))
  const decodedFolder = join(folder, 'datasets', 'files', 'decoded')
  return { dataset, paths, progress, options, original, decodedFolder }
}

/** Pictures of both sets in order; null where one is still in its file. */
function picturesOf({ decoded, ...dataset }: FileDataset): (Picture | null)[] {
  if (decoded === null) throw new Error('nothing is decoded')
  const reader = openDecoded(decoded)
  const of = (set: FileSet) =>
    Array.from({ length: set.count }, (_, i) => {
      const location = set.location(i)
      return location.kind === 'decoded' ? reader.read(location as DecodedPlace) : null
    })
  const pictures = [...of(dataset.train), ...of(dataset.test)]
  reader.close()
  return pictures
}

const plain = (picture: Picture | null) => picture && { ...picture, data: Buffer.from(picture.data) }

test.each(['memory', 'disk'] as const)('%s holds what decoding gives, and broken pictures stay files', async (kind) => {
  const { dataset, paths, progress, options, original } = await made()
  writeFileSync(join(dataset.root, paths[2] ?? ''), 'no picture')
  const pictures = picturesOf(await decodeDataset(dataset, options(kind)))
  expect(progress.at(-1)).toBe(train + test_)
  for (const [i, picture] of pictures.entries()) {
    if (i === 2) expect(picture).toBeNull()
    else expect(plain(picture)).toEqual(plain(await original(i)))
  }
})

test.each(['memory', 'disk'] as const)('%s holds larger pictures at the shorter side asked for', async (kind) => {
  const { dataset, options, original } = await made()
  const shortSide = 90
  const pictures = picturesOf(await decodeDataset(dataset, options(kind, { shortSide })))
  let resized = 0
  for (const [i, picture] of pictures.entries()) {
    const whole = await original(i)
    const { height, width } = keptSize(whole, shortSide)
    resized += height === whole.height ? 0 : 1
    const expected = height === whole.height ? whole : resize(whole, height, width, 'bilinear')
    expect(plain(picture)).toEqual(plain(expected))
  }
  expect(resized).toBeGreaterThan(2)
  expect(resized).toBeLessThan(train + test_)
})

test('where memory does not suffice, the rest stays in files', async () => {
  const { dataset, options } = await made()
  // The ten pictures take about 300,000 bytes, and the memory grows to twice of what was predicted at most.
  const decoded = await decodeDataset(dataset, options('memory', { choice: { kind: 'memory', bytes: 40_000 } }))
  const left = picturesOf(decoded).filter((picture) => picture === null).length
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(train + test_)
})

test('a file is found again, made anew when it is damaged, and apart for another transform or content', async () => {
  const { dataset, progress, options, decodedFolder } = await made()
  const first = picturesOf(await decodeDataset(dataset, options('disk'))).map(plain)
  const [name = ''] = readdirSync(decodedFolder)
  expect(readdirSync(decodedFolder)).toEqual([name])
  const decodedOnce = progress.length
  expect(picturesOf(await decodeDataset(dataset, options('disk'))).map(plain)).toEqual(first)
  expect(progress).toHaveLength(decodedOnce)

  const path = join(decodedFolder, name)
  const whole = readFileSync(path)
  const damages = [
    () => truncateSync(path, whole.length - 1),
    () => truncateSync(path, 0),
    () => writeFileSync(path, whole.subarray(1)),
    () => writeFileSync(path, whole.with(whole.length - 60, (whole.at(-60) ?? 0) ^ 1)),
    () => writeFileSync(path, Buffer.concat([Buffer.alloc(4), whole])),
  ]
  for (const [i, damage] of damages.entries()) {
    damage()
    expect(picturesOf(await decodeDataset(dataset, options('disk'))).map(plain)).toEqual(first)
    expect(progress).toHaveLength((i + 2) * decodedOnce)
  }
  await decodeDataset(dataset, options('disk', { shortSide: 80 }))
  const other = { ...dataset, summary: { ...dataset.summary, fingerprint: 'g' } }
  await decodeDataset(other, options('disk'))
  expect(readdirSync(decodedFolder)).toHaveLength(3)
})

test('of two runs at once one decodes and the other waits', async () => {
  const { dataset, progress, options } = await made()
  const [a, b] = await Promise.all([decodeDataset(dataset, options('disk')), decodeDataset(dataset, options('disk'))])
  expect(progress).toHaveLength(train + test_)
  expect(picturesOf(a).map(plain)).toEqual(picturesOf(b).map(plain))
})

test('a maker that died is not waited for', async () => {
  const { dataset, options, decodedFolder } = await made()
  const { decoded } = await decodeDataset(dataset, options('disk'))
  const claim = `${decoded?.kind === 'file' ? decoded.path : ''}.making`
  mkdirSync(decodedFolder, { recursive: true })
  writeFileSync(claim, '')
  truncateSync(claim.slice(0, -'.making'.length), 3)
  const longAgo = new Date(Date.now() - 120_000)
  utimesSync(claim, longAgo, longAgo)
  expect(picturesOf(await decodeDataset(dataset, options('disk')))).not.toContain(null)
  expect(readdirSync(decodedFolder)).toHaveLength(1)
})

test('files that no run has used for a week go when another one is made', async () => {
  const { dataset, options, decodedFolder } = await made()
  await decodeDataset(dataset, options('disk'))
  const [old = ''] = readdirSync(decodedFolder)
  await decodeDataset(dataset, options('disk', { shortSide: 90 }))
  writeFileSync(join(decodedFolder, 'x.pictures.7.part'), '')
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
  for (const name of readdirSync(decodedFolder)) utimesSync(join(decodedFolder, name), daysAgo(6), daysAgo(6))
  utimesSync(join(decodedFolder, old), daysAgo(8), daysAgo(8))
  await decodeDataset(dataset, options('disk', { shortSide: 80 }))
  const left = readdirSync(decodedFolder)
  expect(left).toHaveLength(2)
  expect(left).not.toContain(old)
  // Its use counts, not its age.
  for (const name of left) utimesSync(join(decodedFolder, name), daysAgo(8), daysAgo(8))
  await decodeDataset(dataset, options('disk', { shortSide: 80 }))
  await decodeDataset(dataset, options('disk', { shortSide: 70 }))
  expect(readdirSync(decodedFolder)).toHaveLength(2)
})

test.each(['memory', 'disk'] as const)('a cancelled %s leaves nothing behind', async (kind) => {
  const { dataset, options, decodedFolder } = await made()
  const stop = new AbortController()
  const decoding = decodeDataset(dataset, options(kind, { signal: stop.signal, onProgress: () => stop.abort() }))
  await expect(decoding).rejects.toMatchObject({ code: 'cancelled' })
  if (kind === 'disk') expect(readdirSync(decodedFolder)).toEqual([])
})

test('the size is predicted from a sample', async () => {
  const { dataset, options } = await made()
  const predicted = predictedBytes(await sampleSizes(dataset), train + test_, 0)
  const { decoded } = await decodeDataset(dataset, options('disk'))
  const bytes = statSync(decoded?.kind === 'file' ? decoded.path : '').size
  // All ten are in the sample; the file has its table too.
  expect(bytes - predicted).toBeGreaterThan(0)
  expect(bytes - predicted).toBeLessThan(16 * (train + test_) + 100)
})
