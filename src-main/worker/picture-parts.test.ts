// What a run loads of a data set whose parts are kept in an index: in files and as raw pixels.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileDataset } from '../engine/data/files-for-tests.ts'
import { type LoadOptions, loadDataset } from '../engine/data/load-dataset.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import { changeDataset } from '../preparation/dataset-changes.ts'
import { jobIn, recordingOptions } from '../preparation/preparation-for-tests.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import type { SplitRecipe } from '../shared/dataset-views.ts'
import { partReader, pictureNames } from './picture-parts.ts'

const holdOut: SplitRecipe = { kind: 'given', valShare: 0.25, seed: 1 }

async function filesIn(folder: string) {
  const source = join(folder, 'source')
  const { paths } = await writeFileDataset(source, 16, 6)
  await prepareDataset(jobIn(folder, { datasetId: 'mine', path: source }), recordingOptions(folder))
  const datasetsDir = join(folder, 'datasets')
  const load = (more: Partial<LoadOptions> = {}) =>
    loadDataset('mine', { datasetsDir, readParts: partReader(datasetsDir), ...more })
  return { source, paths, datasetsDir, load }
}

test('files: parts, labels and places of the index, in its order', async () => {
  const { paths, datasetsDir, load } = await filesIn(temporaryFolder())
  const dataset = await load()
  if (dataset.storage !== 'files') throw new Error('no files')
  expect(dataset.summary).toMatchObject({ train: 16, test: 6, classes: ['bluish', 'reddish'] })
  const listed = (set: typeof dataset.train) =>
    Array.from({ length: set.count }, (_, i) => {
      const location = set.location(i)
      const path = 'path' in location ? location.path : ''
      expect(path).toContain(dataset.summary.classes[set.labels[i] ?? -1])
      return path
    })
  expect(listed(dataset.train).sort()).toEqual(paths.slice(0, 16).sort())
  expect(listed(dataset.test).sort()).toEqual(paths.slice(16).sort())
  const names = pictureNames(datasetsDir, 'mine', [...dataset.test.pictures, 999])
  expect(names.slice(0, -1).sort()).toEqual(paths.slice(16).sort())
  expect(names.at(-1)).toBe('picture 999')
})

test('files: excluded pictures, a part held out and limits', async () => {
  const { datasetsDir, load } = await filesIn(temporaryFolder())
  const whole = await load()
  await expect(load({ judgeOn: 'val' })).rejects.toMatchObject({ code: 'config-out-of-range', found: '0' })
  await changeDataset(datasetsDir, 'mine', { kind: 'split', split: holdOut })
  await changeDataset(datasetsDir, 'mine', { kind: 'exclude', pictures: [0], excluded: true })
  const [judged, chosen] = [await load(), await load({ judgeOn: 'val' })]
  expect(judged.summary.train + chosen.summary.test).toBe(15 + (judged.summary.test === 5 ? 1 : 0))
  expect(chosen.summary.test).toBeGreaterThan(2)
  if (judged.storage !== 'files' || chosen.storage !== 'files') throw new Error('no files')
  expect(chosen.train.pictures).toEqual(judged.train.pictures)
  const held = new Set(chosen.test.pictures)
  for (const set of [judged.train, judged.test]) {
    for (const picture of set.pictures) expect(held.has(picture) || picture === 0).toBe(false)
  }
  const limited = await load({ limitTrain: 5, limitTest: 2 })
  expect(limited.summary).toMatchObject({ train: 5, test: 2, benchmark: false, benchmarkTest: null })
  const prints = [whole, judged, chosen, limited].map(({ summary }) => summary.fingerprint)
  expect(new Set(prints).size).toBe(4)
})

test('files: pictures that a check found broken are refused, left out, or kept to be replaced', async () => {
  const { paths, datasetsDir, load } = await filesIn(temporaryFolder())
  const index = openPictureIndex(join(datasetsDir, 'mine', indexFile), { readonly: false })
  const problem = 'it ends early'
  const none = { digest: null, perceptual: null, sums: [], squares: [], pixels: 0 }
  const sight = {
    format: 'jpeg',
    width: 9,
    height: 9,
    mode: 'rgb',
    depth: 8,
    alpha: false,
    frames: 1,
    orientation: 1,
  } as const
  index.setExamination(3, { ...sight, problem }, none)
  const name = index.get(3)?.name ?? ''
  index.close()
  expect(paths).toContain(name)
  await expect(load({ brokenPictures: 'refuse' })).rejects.toMatchObject({
    code: 'picture-broken',
    found: `${name} (${problem})`,
  })
  const [skipped, kept] = [await load({ brokenPictures: 'skip' }), await load({ brokenPictures: 'replace' })]
  expect(skipped.summary.train + skipped.summary.test).toBe(21)
  expect(skipped.summary.skipped).toEqual([{ path: name, reason: problem }])
  expect(kept.summary.train + kept.summary.test).toBe(22)
  expect(kept.summary.skipped).toEqual([])
  expect(skipped.summary.fingerprint).not.toBe(kept.summary.fingerprint)
})

test('raw pixels: exclusions and a part held out take effect, in memory that threads can share too', async () => {
  const folder = temporaryFolder()
  const [images, labels] = [new Uint8Array(12 * 4), Uint8Array.from({ length: 12 }, (_, i) => i % 2)]
  for (let i = 0; i < images.length; i++) images[i] = i
  const idx = (magic: number, sizes: number[], values: Uint8Array) => {
    const header = Buffer.alloc(4 + 4 * sizes.length)
    header.writeUInt32BE(magic)
    for (const [i, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * i)
    return Buffer.concat([header, values])
  }
  const source = temporaryFolder()
  for (const [part, count] of [
    ['train', 12],
    ['t10k', 4],
  ] as const) {
    writeFileSync(join(source, `${part}-images-idx3-ubyte`), idx(2051, [count, 2, 2], images.subarray(0, 4 * count)))
    writeFileSync(join(source, `${part}-labels-idx1-ubyte`), idx(2049, [count], labels.subarray(0, count)))
  }
  await prepareDataset(jobIn(folder, { datasetId: 'small', path: source }), recordingOptions(folder))
  const datasetsDir = join(folder, 'datasets')
  const load = (more: Partial<LoadOptions> = {}) =>
    loadDataset('small', { datasetsDir, readParts: partReader(datasetsDir), ...more })
  const whole = await load()
  if (whole.storage !== 'pixels') throw new Error('no pixels')
  expect([whole.train.count, whole.test.count, whole.train.images.buffer instanceof SharedArrayBuffer]).toEqual([
    12,
    4,
    false,
  ])
  await changeDataset(datasetsDir, 'small', { kind: 'exclude', pictures: [1, 13], excluded: true })
  const excluded = await load({ shared: () => true })
  if (excluded.storage !== 'pixels') throw new Error('no pixels')
  expect(excluded.train.images.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(excluded.test.images.buffer).toBe(excluded.train.images.buffer)
  expect([...excluded.train.images]).toEqual([...images.subarray(0, 4), ...images.subarray(8)])
  expect([...excluded.test.images]).toEqual([...images.subarray(0, 4), ...images.subarray(8, 16)])
  expect([...excluded.train.labels]).toEqual([0, ...labels.subarray(2)])
  const limited = await load({ limitTrain: 2 })
  if (limited.storage !== 'pixels') throw new Error('no pixels')
  expect([...limited.train.images]).toEqual([...images.subarray(0, 4), ...images.subarray(8, 12)])

  await changeDataset(datasetsDir, 'small', { kind: 'split', split: holdOut })
  const chosen = await load({ judgeOn: 'val' })
  if (chosen.storage !== 'pixels') throw new Error('no pixels')
  const first = (set: typeof chosen.train) => Array.from({ length: set.count }, (_, i) => set.images[4 * i] ?? -1)
  const all = [...first(chosen.train), ...first(chosen.test)].sort((a, b) => a - b)
  expect(all).toEqual([0, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44])
  expect(chosen.test.count).toBeGreaterThan(0)
  expect(chosen.summary.benchmarkTest).toBeNull()
})
