// "Looks like CIFAR-10: 49,978 of 50,000 match": data that is nearly a benchmark, as far as this machine can tell.
import { createHash } from 'node:crypto'
import type { ImageSet, SourceData } from '../engine/data/dataset.ts'
import { readCachedSets } from '../engine/data/dataset-cache.ts'
import { readManifest } from '../engine/data/dataset-manifest.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { DatasetOverview } from '../shared/dataset-views.ts'
import { type DatasetName, type DatasetRecord, datasets } from '../shared/registry/datasets.ts'

export type Likeness = DatasetOverview['benchmark']

/** Sizes of both parts may differ by this share from those of the benchmark. */
const nearCount = 0.1
/** Where no picture can be compared, sizes must be nearer. */
const nearestCount = 0.02
/** So many test pictures must be the benchmark's. */
const leastMatching = 0.5

const benchmarks = () =>
  (Object.entries(datasets) as [DatasetName, DatasetRecord][]).filter(([, record]) => record.benchmark)

/**
 * The benchmark that raw pixels are (`known`), or look like. Pictures are compared one by one with those of a benchmark that is prepared
 * under `datasetsDir`; of one whose content the app does not know, sizes and classes alone can be.
 */
export async function benchmarkLikeness(
  source: Pick<SourceData, 'shape' | 'classes' | 'train' | 'test'>,
  known: DatasetName | null,
  datasetsDir: string,
): Promise<Likeness> {
  const near = benchmarks().filter(
    ([, { shape, train, test }]) =>
      shape.join() === source.shape.join() &&
      isNear(source.train.count, train, nearCount) &&
      isNear(source.test.count, test, nearCount),
  )
  for (const [id, record] of near) {
    if (id === known) {
      const { train, test } = source
      return likeness(id, record, { train: train.count, test: test.count }, { train: train.count, test: test.count })
    }
    const prepared = await preparedSets(id, datasetsDir)
    if (prepared === null) continue
    const matching = {
      train: matchingPictures(source.train, prepared.train),
      test: matchingPictures(source.test, prepared.test),
    }
    const isLike = matching.test >= leastMatching * record.test
    if (isLike) return likeness(id, record, { train: source.train.count, test: source.test.count }, matching)
  }
  const [unknown] = near.filter(
    ([, { content: none, classes, train, test }]) =>
      none === null &&
      classes.length === source.classes.length &&
      isNear(source.train.count, train, nearestCount) &&
      isNear(source.test.count, test, nearestCount),
  )
  return unknown === undefined
    ? null
    : likeness(...unknown, { train: source.train.count, test: source.test.count }, { train: null, test: null })
}

/** The benchmark of files that the numbers of classes and pictures speak for; the index has its parts. */
export function fileLikeness(index: PictureIndex, classes: number): Likeness {
  const found = {
    train: index.partRows('train').count + index.partRows('val').count,
    test: index.partRows('test').count,
  }
  const match = benchmarks().find(
    ([, record]) =>
      record.shape[0] === 0 &&
      record.classes.length === classes &&
      isNear(found.train, record.train, nearestCount) &&
      isNear(found.test, record.test, nearestCount),
  )
  return match === undefined ? null : likeness(...match, found, { train: null, test: null })
}

const isNear = (found: number, expected: number, share: number) => Math.abs(found - expected) <= share * expected

function likeness(
  id: string,
  { label, train, test }: DatasetRecord,
  found: { train: number; test: number },
  matching: { train: number | null; test: number | null },
): NonNullable<Likeness> {
  const count = (part: 'train' | 'test', expected: number) => ({
    matching: matching[part],
    found: found[part],
    expected,
  })
  const isWhole = (part: 'train' | 'test', expected: number) => matching[part] === expected && found[part] === expected
  return {
    id,
    label,
    train: count('train', train),
    test: count('test', test),
    exact: isWhole('train', train) && isWhole('test', test),
  }
}

/** Null where the benchmark is not prepared, or its files cannot be read. */
async function preparedSets(id: string, datasetsDir: string): Promise<{ train: ImageSet; test: ImageSet } | null> {
  try {
    const manifest = await readManifest(datasetsDir, id)
    if (manifest?.storage !== 'pixels' || manifest.benchmark !== id) return null
    return await readCachedSets(datasetsDir, manifest, false)
  } catch {
    return null
  }
}

/** How many pictures of `set` are in `benchmark`, by their pixels alone; each of the benchmark's counts once. */
export function matchingPictures(set: ImageSet, benchmark: ImageSet): number {
  const left = new Map<string, number>()
  for (const digest of pixelDigests(benchmark)) left.set(digest, (left.get(digest) ?? 0) + 1)
  let matching = 0
  for (const digest of pixelDigests(set)) {
    const count = left.get(digest) ?? 0
    if (count === 0) continue
    left.set(digest, count - 1)
    matching += 1
  }
  return matching
}

function* pixelDigests({ images, count }: ImageSet): Generator<string> {
  const bytes = count === 0 ? 0 : images.length / count
  for (let i = 0; i < count; i++) {
    yield createHash('sha256')
      .update(images.subarray(i * bytes, (i + 1) * bytes))
      .digest()
      .toString('latin1')
  }
}
