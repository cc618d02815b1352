// Prepared data on disk: raw bytes per set, named by their hash, and a manifest that is replaced last, so that a
// crash at any moment leaves either the old data set or the new one.
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, RepriseError } from '../../shared/errors.ts'
import { bytesOf, channelStatistics, contentDigest, fingerprintOf, sha256Hex } from './content-digest.ts'
import type { ImageSet, SourceData } from './dataset.ts'
import {
  type DatasetManifest,
  datasetFolder,
  manifestFile,
  type PixelManifest,
  untouchedParts,
} from './dataset-manifest.ts'

type CachedSet = PixelManifest['train']

/** Bytes; the system reads at most 2 GB at once. */
const readAtOnce = 2 ** 28

export interface CacheIdentity {
  id: string
  label: string
  benchmark: string | null
  benchmarkTest: string | null
  recognisedTest: PixelManifest['recognisedTest']
  path: string | null
  likeness: PixelManifest['likeness']
}

/**
 * Writes both sets into datasetsDir/<id>/ under names of their own, and returns the manifest that `writeManifest` shall put
 * beside them.
 * Throws `disk-full` when the disk fills up meanwhile.
 */
export async function writeCache(
  datasetsDir: string,
  identity: CacheIdentity,
  source: SourceData,
  content: { train: string; test: string } = { train: contentDigest(source.train), test: contentDigest(source.test) },
): Promise<PixelManifest> {
  const folder = datasetFolder(datasetsDir, identity.id)
  const statistics = channelStatistics(source.train.images, source.shape[2])
  try {
    await mkdir(folder, { recursive: true })
    const manifest: PixelManifest = {
      version: 2,
      storage: 'pixels',
      ...identity,
      classes: source.classes,
      shape: source.shape,
      ...statistics,
      labelBits: source.train.labels instanceof Uint16Array ? 16 : 8,
      train: await writeSet(folder, 'train', source.train, content.train),
      test: await writeSet(folder, 'test', source.test, content.test),
      fingerprint: fingerprintOf(source.shape, source.classes, content.train, content.test),
      ...untouchedParts(
        source.split,
        { train: source.train.count, test: source.test.count },
        identity.benchmarkTest,
        identity.recognisedTest,
      ),
      bytes: source.train.images.length + source.test.images.length,
      reader: source.reader,
      recognisedBy: source.recognisedBy,
      resized: source.resized,
      skipped: source.skipped,
      preparedAt: new Date().toISOString(),
    }
    return manifest
  } catch (error) {
    throw diskFull(error, identity.label, folder)
  }
}

/** Puts a manifest in the place of the one before, and removes files of raw pixels that it does not name. */
export async function writeManifest(datasetsDir: string, manifest: DatasetManifest): Promise<void> {
  const folder = datasetFolder(datasetsDir, manifest.id)
  try {
    await replaceFile(folder, manifestFile, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
    await removeOthers(folder, manifest)
  } catch (error) {
    throw diskFull(error, manifest.label, folder)
  }
}

/** A full disk named as such; anything else unchanged. */
function diskFull(error: unknown, label: string, folder: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error
  return new RepriseError(
    {
      code: 'disk-full',
      message: `The disk filled up while ${label} was written`,
      found: folder,
      fix: 'Free some space, or move the data folder to a larger disk, then prepare the data set again.',
    },
    { cause: error },
  )
}

/** Throws `data-truncated` when a file of the cache is missing or has the wrong size. */
export async function checkCacheSizes(datasetsDir: string, manifest: PixelManifest): Promise<void> {
  const folder = datasetFolder(datasetsDir, manifest.id)
  for (const { file, bytes } of cacheFiles(manifest)) {
    const size = await stat(join(folder, file)).then(
      (entry) => entry.size,
      () => null,
    )
    if (size !== bytes) throw damaged('data-truncated', manifest, file, `${bytes} bytes`, sizeText(size))
  }
}

/** Throws `data-truncated` or `hash-mismatch` when the cache is not byte for byte what was written. */
export async function checkCacheHashes(datasetsDir: string, manifest: PixelManifest): Promise<void> {
  await checkCacheSizes(datasetsDir, manifest)
  const folder = datasetFolder(datasetsDir, manifest.id)
  for (const { file, sha256 } of cacheFiles(manifest)) {
    const found = sha256Hex(await readFile(join(folder, file)))
    if (found !== sha256) throw damaged('hash-mismatch', manifest, file, `sha256 ${sha256}`, `sha256 ${found}`)
  }
}

/**
 * Reads both sets into one buffer: the pictures of the training set, then those of the test set. `shared` makes it one that
 * threads can read too. Throws `data-truncated` when a file has the wrong size.
 */
export async function readCachedSets(
  datasetsDir: string,
  manifest: PixelManifest,
  shared: boolean,
): Promise<{ train: ImageSet; test: ImageSet }> {
  const folder = datasetFolder(datasetsDir, manifest.id)
  const bytes = manifest.train.images.bytes + manifest.test.images.bytes
  const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
  const labels = await readCachedLabels(datasetsDir, manifest)
  const read = async (name: 'train' | 'test', offset: number): Promise<ImageSet> => {
    const part = manifest[name].images
    const images = new Uint8Array(buffer, offset, part.bytes)
    await readWhole(folder, manifest, part, images)
    return { images, ...labels[name] }
  }
  return { train: await read('train', 0), test: await read('test', manifest.train.images.bytes) }
}

/** The labels of both sets. Throws `data-truncated` when a file has the wrong size. */
export async function readCachedLabels(datasetsDir: string, manifest: PixelManifest) {
  const folder = datasetFolder(datasetsDir, manifest.id)
  const read = async ({ labels: part, count }: CachedSet): Promise<Pick<ImageSet, 'labels' | 'count'>> => {
    const labels = new Uint8Array(part.bytes)
    await readWhole(folder, manifest, part, labels)
    return { labels: manifest.labelBits === 16 ? new Uint16Array(labels.buffer) : labels, count }
  }
  return { train: await read(manifest.train), test: await read(manifest.test) }
}

/** Fills `target`, which has the size that the file must have. */
async function readWhole(
  folder: string,
  manifest: DatasetManifest,
  part: CachedSet['images'],
  target: Uint8Array,
): Promise<void> {
  const path = join(folder, part.file)
  const size = await stat(path).then(
    (entry) => entry.size,
    () => null,
  )
  if (size !== part.bytes) throw damaged('data-truncated', manifest, part.file, `${part.bytes} bytes`, sizeText(size))
  const file = await open(path)
  try {
    for (let at = 0; at < target.length; ) {
      const { bytesRead } = await file.read(target, at, Math.min(target.length - at, readAtOnce), at)
      if (bytesRead === 0) throw damaged('data-truncated', manifest, part.file, `${part.bytes} bytes`, sizeText(at))
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}

async function writeSet(folder: string, name: string, set: ImageSet, content: string): Promise<CachedSet> {
  const labels = bytesOf(set.labels)
  const write = async (kind: string, bytes: Uint8Array) => {
    const sha256 = sha256Hex(bytes)
    const file = `${name}-${kind}-${sha256.slice(0, 12)}.bin`
    await replaceFile(folder, file, bytes)
    return { file, bytes: bytes.length, sha256 }
  }
  return { count: set.count, images: await write('images', set.images), labels: await write('labels', labels), content }
}

async function replaceFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `${name}.${process.pid}.part`)
  try {
    await writeFile(temporary, bytes, { flush: true })
    await rename(temporary, join(folder, name))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** The index and what a run or check keeps beside it stay. */
async function removeOthers(folder: string, manifest: DatasetManifest): Promise<void> {
  const kept = new Set(manifest.storage === 'pixels' ? cacheFiles(manifest).map((part) => part.file) : [])
  for (const name of await readdir(folder)) {
    const isOurs = /^(train|test)-(images|labels)-[0-9a-f]{12}\.bin(\.\d+\.part)?$/.test(name)
    if (isOurs && !kept.has(name)) await rm(join(folder, name), { force: true })
  }
}

function cacheFiles(manifest: PixelManifest): CachedSet['images'][] {
  return [manifest.train, manifest.test].flatMap((set) => [set.images, set.labels])
}

function sizeText(size: number | null): string {
  return size === null ? 'no such file' : `${size} bytes`
}

function damaged(code: ErrorCode, manifest: DatasetManifest, file: string, expected: string, found: string) {
  return new RepriseError({
    code,
    message: `The prepared pictures of ${manifest.label} are damaged (${file})`,
    expected,
    found,
    fix: 'Prepare the data set again.',
    details: { id: manifest.id, file },
  })
}
