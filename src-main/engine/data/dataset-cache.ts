// Prepared data on disk: raw bytes per set, named by their hash, and a manifest that is replaced last, so that a
// crash at any moment leaves either the old data set or the new one.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, RepriseError } from '../../shared/errors.ts'
import { bytesOf, channelStatistics, contentDigest, fingerprintOf, sha256Hex } from './content-digest.ts'
import type { ImageSet, SourceData } from './dataset.ts'
import { type DatasetManifest, datasetFolder, manifestFile } from './dataset-manifest.ts'

type CachedSet = DatasetManifest['train']

export interface CacheIdentity {
  id: string
  label: string
  benchmark: string | null
  path: string | null
}

/**
 * Writes both sets and the manifest into datasetsDir/<id>/ and removes what an earlier preparation left there.
 * Throws `disk-full` when the disk fills up meanwhile.
 */
export async function writeCache(
  datasetsDir: string,
  identity: CacheIdentity,
  source: SourceData,
  content: { train: string; test: string } = { train: contentDigest(source.train), test: contentDigest(source.test) },
): Promise<DatasetManifest> {
  const folder = datasetFolder(datasetsDir, identity.id)
  const statistics = channelStatistics(source.train.images, source.shape[2])
  try {
    await mkdir(folder, { recursive: true })
    const manifest: DatasetManifest = {
      version: 1,
      ...identity,
      classes: source.classes,
      shape: source.shape,
      ...statistics,
      labelBits: source.train.labels instanceof Uint16Array ? 16 : 8,
      train: await writeSet(folder, 'train', source.train, content.train),
      test: await writeSet(folder, 'test', source.test, content.test),
      fingerprint: fingerprintOf(source.shape, source.classes, content.train, content.test),
      split: source.split,
      recognisedBy: source.recognisedBy,
      resized: source.resized,
      skipped: source.skipped,
      preparedAt: new Date().toISOString(),
    }
    await replaceFile(folder, manifestFile, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
    await removeAllBut(folder, manifest)
    return manifest
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new RepriseError(
      {
        code: 'disk-full',
        message: `The disk filled up while ${identity.label} was written`,
        found: folder,
        fix: 'Free some space, or move the data folder to a larger disk, then prepare the data set again.',
      },
      { cause: error },
    )
  }
}

/** Throws `data-truncated` when a file of the cache is missing or has the wrong size. */
export async function checkCacheSizes(datasetsDir: string, manifest: DatasetManifest): Promise<void> {
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
export async function checkCacheHashes(datasetsDir: string, manifest: DatasetManifest): Promise<void> {
  await checkCacheSizes(datasetsDir, manifest)
  const folder = datasetFolder(datasetsDir, manifest.id)
  for (const { file, sha256 } of cacheFiles(manifest)) {
    const found = sha256Hex(await readFile(join(folder, file)))
    if (found !== sha256) throw damaged('hash-mismatch', manifest, file, `sha256 ${sha256}`, `sha256 ${found}`)
  }
}

/** Reads the first `limit` pictures of one set (0: all). Throws `data-truncated` when a file has the wrong size. */
export async function readCachedSet(
  datasetsDir: string,
  manifest: DatasetManifest,
  name: 'train' | 'test',
  limit: number,
): Promise<ImageSet> {
  const folder = datasetFolder(datasetsDir, manifest.id)
  const set = manifest[name]
  const count = limit > 0 ? Math.min(limit, set.count) : set.count
  const bytesPerPicture = manifest.shape.reduce((product, size) => product * size, 1)
  const images = await readWhole(folder, manifest, set.images)
  const labelBytes = await readWhole(folder, manifest, set.labels)
  const labels =
    manifest.labelBits === 16 ? new Uint16Array(new Uint8Array(labelBytes).buffer, 0, set.count) : labelBytes
  return { images: images.subarray(0, count * bytesPerPicture), labels: labels.subarray(0, count), count }
}

async function readWhole(folder: string, manifest: DatasetManifest, part: CachedSet['images']): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, part.file)).catch((): null => null)
  if (bytes !== null && bytes.length === part.bytes) {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  throw damaged('data-truncated', manifest, part.file, `${part.bytes} bytes`, sizeText(bytes?.length ?? null))
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

async function removeAllBut(folder: string, manifest: DatasetManifest): Promise<void> {
  const kept = new Set([manifestFile, ...cacheFiles(manifest).map((part) => part.file)])
  for (const name of await readdir(folder)) if (!kept.has(name)) await rm(join(folder, name), { force: true })
}

function cacheFiles(manifest: DatasetManifest): CachedSet['images'][] {
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
