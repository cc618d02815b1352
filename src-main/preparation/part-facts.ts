// What a manifest says of the parts of its data set, as the index has them now.
import { createHash } from 'node:crypto'
import { testBenchmark } from '../engine/data/benchmark.ts'
import { fingerprintOf } from '../engine/data/content-digest.ts'
import type { DatasetManifest } from '../engine/data/dataset-manifest.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { SplitRecipe } from '../shared/dataset-views.ts'

const chunkPictures = 8192
const parts = ['train', 'val', 'test'] as const

/**
 * The manifest with counts, fingerprint and benchmark of the parts and exclusions in the index. As long as training and test
 * pictures are those that were prepared as raw pixels, the fingerprint is that of their content, as it always was.
 */
export function withParts<M extends DatasetManifest>(manifest: M, index: PictureIndex, split: SplitRecipe): M {
  const counts = { train: 0, val: 0, test: 0 }
  const leftOut = { train: 0, val: 0, test: 0 }
  for (const { part, excluded, count } of index.classCounts()) {
    if (part !== null) (excluded ? leftOut : counts)[part] += count
  }
  const facts = { split, counts, leftOut }
  if (manifest.storage === 'files') {
    const { classes, source } = manifest
    const fingerprint = digestOf({ classes, source, parts: partsDigest(index) })
    // Given test pictures are the same whatever is held out of the others.
    const sameTest = split.kind === 'given' && leftOut.test === 0
    const benchmarkTest = sameTest ? (manifest.recognisedTest?.benchmark ?? null) : null
    return { ...manifest, ...facts, chosenParts: true, benchmarkTest, fingerprint }
  }
  const { shape, classes, train, test } = manifest
  const content = fingerprintOf(shape, classes, train.content, test.content)
  const same = setsInUse(index)
  return {
    ...manifest,
    ...facts,
    chosenParts: !(same.train && same.test),
    benchmarkTest: same.test ? (manifest.recognisedTest?.benchmark ?? testBenchmark(test.content)) : null,
    fingerprint: same.train && same.test ? content : digestOf({ content, parts: partsDigest(index) }),
  }
}

/** Whether training and test part are the two sets of raw pixels, whole and with nothing else. */
function setsInUse(index: PictureIndex): { train: boolean; test: boolean } {
  const same = { train: true, test: true }
  for (const chunk of index.scan(chunkPictures)) {
    for (const { location, part, excluded } of chunk) {
      const set = location.kind === 'pixels' ? location.set : null
      const used = excluded ? null : part
      if (set === used) continue
      for (const name of [set, used]) if (name === 'train' || name === 'test') same[name] = false
    }
  }
  return same
}

/** Of which pictures are in which part; left out ones are in none. */
function partsDigest(index: PictureIndex): string {
  const codes = new Uint8Array(index.count())
  for (const [at, part] of parts.entries()) {
    for (const picture of index.partRows(part).pictures) codes[picture] = at + 1
  }
  return createHash('sha256').update(codes).digest('hex')
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/**
 * What a check adds for files: one hash over part, label and pixels of all pictures in use, whatever their order. Null where
 * one was not examined.
 */
export function checkedContent(index: PictureIndex): string | null {
  const used = new Set<number>()
  for (const part of parts) for (const picture of index.partRows(part).pictures) used.add(picture)
  const hashes: string[] = []
  for (const { picture, label, part, traces } of index.traces()) {
    if (!used.has(picture)) continue
    if (traces === null) return null
    // A picture that cannot be decoded has no pixels: its label alone counts.
    const hash = createHash('sha256').update(`${part} ${label} `)
    hashes.push(
      hash
        .update(traces.digest ?? new Uint8Array())
        .digest()
        .toString('latin1'),
    )
  }
  const digest = createHash('sha256')
  for (const hash of hashes.sort()) digest.update(hash, 'latin1')
  return digest.digest('hex')
}
