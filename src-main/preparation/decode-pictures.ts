// Encoded pictures that become raw pixels of one size: small ones that share a size, or all where the user asks for it.
import { availableParallelism } from 'node:os'
import { throwIfCancelled } from '../engine/data/cancellation.ts'
import {
  type ImageSet,
  labelArray,
  type NamedPixels,
  type PictureShape,
  type SourceData,
} from '../engine/data/dataset.ts'
import { brokenReason, decodePicture, type PictureHeader, readPictureHeader } from '../engine/data/decode-picture.ts'
import { type FreeBytes, requireFreeSpace } from '../engine/data/free-space.ts'
import { displayName } from '../engine/data/readers/escaped-names.ts'
import { createLocationReader, type LocationReader } from '../engine/data/readers/read-location.ts'
import { splitPictures } from '../engine/data/splits/split-pictures.ts'
import type { IndexedPicture, PictureIndex } from '../picture-index/types.ts'
import { RepriseError } from '../shared/errors.ts'
import type { PrepareDataJob } from '../shared/worker-protocol.ts'
import { defaultSplit } from './split-index.ts'

/** Larger pictures stay files. */
const largestShared = 64
const sampledPictures = 64
const mostBytes = 2 ** 31
const chunkPictures = 4096

export interface DecodeOptions {
  onPictures: (text: string, done: number, total: number) => void
  signal: AbortSignal
  freeBytes: FreeBytes
}

interface Source {
  label: string
  classes: readonly string[]
  /** Folder or archive. */
  root: string
}

type DecodedPictures = Pick<SourceData, 'shape' | 'train' | 'test' | 'split' | 'resized' | 'skipped'> & {
  pictures: NamedPixels[]
}

/**
 * Decodes all pictures of the index to the size that the job asks for, or to the size of at most 64 that they share; grey only
 * when all are grey. Parts are those of the index's default split; validation pictures lie with the training pictures.
 * Null where the job asks for none and sizes differ or are larger: the pictures of a sample spread over the source are looked
 * at first, and all of them only when these agree.
 * Throws `picture-broken` naming every broken picture unless the job skips them, `data-missing` for a class without a readable
 * training picture, `data-format` for more than fits into memory.
 */
export async function decodePictures(
  index: PictureIndex,
  source: Source,
  job: PrepareDataJob,
  options: DecodeOptions,
): Promise<DecodedPictures | null> {
  const reader = createLocationReader(source.root)
  try {
    const fit = job.fit ?? 0
    if (fit === 0 && (await sharedSize(sampleOf(index), reader)) === null) return null
    const { headers, broken } = await readHeaders(index, reader, options, fit === 0)
    const size = fit === 0 ? sizeShared([...headers.values()]) : { width: fit, height: fit }
    if (size === null) return null
    return await decodeAll(index, { ...source, job, headers, broken, size, reader }, options)
  } finally {
    reader.close()
  }
}

function* sampleOf(index: PictureIndex): Generator<IndexedPicture> {
  const count = index.count()
  const step = Math.max(1, count / sampledPictures)
  for (let at = 0; at < count; at += step) {
    const picture = index.get(Math.floor(at))
    if (picture !== null) yield picture
  }
}

async function sharedSize(pictures: Iterable<IndexedPicture>, reader: LocationReader) {
  const headers: PictureHeader[] = []
  for (const picture of pictures) {
    const header = await readHeader(picture, reader).catch((): null => null)
    if (header !== null) headers.push(header)
    if (header !== null && sizeShared(headers) === null) return null
  }
  return sizeShared(headers)
}

function sizeShared(headers: readonly PictureHeader[]): { width: number; height: number } | null {
  const [first] = headers
  if (first === undefined || Math.max(first.width, first.height) > largestShared) return null
  const isShared = headers.every(({ width, height }) => width === first.width && height === first.height)
  return isShared ? { width: first.width, height: first.height } : null
}

const readHeader = async (picture: IndexedPicture, reader: LocationReader) =>
  readPictureHeader(await encodedBytes(picture, reader))

async function encodedBytes({ location }: IndexedPicture, reader: LocationReader): Promise<Uint8Array> {
  if (location.kind === 'pixels') throw new Error('raw pixels are not encoded')
  return reader.read(location)
}

/** Stops at the first other size where `isShared`: then the pictures stay files anyway. */
async function readHeaders(index: PictureIndex, reader: LocationReader, options: DecodeOptions, isShared: boolean) {
  const headers = new Map<number, PictureHeader>()
  const broken = new Map<number, string>()
  let first: PictureHeader | null = null
  await eachPicture(index, 'Looking at pictures', options, async (picture) => {
    try {
      const header = await readHeader(picture, reader)
      headers.set(picture.picture, header)
      first ??= header
      return !isShared || (header.width === first.width && header.height === first.height)
    } catch (error) {
      broken.set(picture.picture, brokenReason(error, picture.name))
      return true
    }
  })
  return { headers, broken }
}

interface Decoding extends Source {
  job: PrepareDataJob
  headers: ReadonlyMap<number, PictureHeader>
  broken: Map<number, string>
  size: { width: number; height: number }
  reader: LocationReader
}

async function decodeAll(index: PictureIndex, decoding: Decoding, options: DecodeOptions): Promise<DecodedPictures> {
  const { label, classes, job, headers, broken, size, reader } = decoding
  const channels = [...headers.values()].every((header) => header.isGrey) ? 1 : 3
  const shape: PictureShape = [size.height, size.width, channels]
  const bytesPerPicture = size.height * size.width * channels
  requireMemory(headers.size, bytesPerPicture)
  await requireFreeSpace(job.datasetsDir, headers.size * bytesPerPicture, label, options.freeBytes)

  const pixels = new Map<number, Uint8Array>()
  await eachPicture(index, 'Decoding pictures', options, async (picture) => {
    if (!headers.has(picture.picture)) return true
    try {
      const bytes = await encodedBytes(picture, reader)
      pixels.set(picture.picture, await decodePicture(bytes, { ...size, channels }))
    } catch (error) {
      broken.set(picture.picture, brokenReason(error, picture.name))
    }
    return true
  })
  const skipped = brokenOnes(index, broken)
  if (skipped.length > 0 && job.brokenPictures === 'refuse') throw brokenPictures(skipped)
  const gathered = gather(index, pixels, bytesPerPicture, classes, label)
  const resized = [...headers.values()].every((header) => header.width === size.width && header.height === size.height)
    ? null
    : `Scaled to cover ${size.width} x ${size.height} pixels (Lanczos) and cut in the middle.`
  return { shape, ...gathered, resized, skipped }
}

/** Sorts the decoded pictures into the two sets. */
function gather(
  index: PictureIndex,
  pixels: ReadonlyMap<number, Uint8Array>,
  bytesPerPicture: number,
  classes: readonly string[],
  label: string,
): Pick<DecodedPictures, 'train' | 'test' | 'split' | 'pictures'> {
  const sound: IndexedPicture[] = []
  for (const chunk of index.scan(chunkPictures)) sound.push(...chunk.filter(({ picture }) => pixels.has(picture)))
  const labels = sound.map((picture) => picture.label)
  const given = sound.map((picture) => picture.given)
  if (sound.length < 2) throw noTestPictures(label)
  const split = defaultSplit(given)
  const parts = splitPictures(split, { labels, given, groups: () => [] })
  requireEveryClass(classes, new Set(labels.filter((_, i) => parts[i] === 'train')))

  const count = { train: 0, test: 0 }
  const pictures = sound.map(({ name, group }, i): NamedPixels => {
    const set = parts[i] === 'test' ? 'test' : 'train'
    return { name, group, given: given[i] ?? null, set, index: count[set]++ }
  })
  const setOf = (set: 'train' | 'test'): ImageSet => ({
    images: new Uint8Array(count[set] * bytesPerPicture),
    labels: labelArray(count[set], classes.length),
    count: count[set],
  })
  const sets = { train: setOf('train'), test: setOf('test') }
  for (const [i, { set, index: at }] of pictures.entries()) {
    sets[set].images.set(pixels.get(sound[i]?.picture ?? -1) ?? new Uint8Array(), at * bytesPerPicture)
    sets[set].labels[at] = labels[i] ?? 0
  }
  return { ...sets, split, pictures }
}

/** Handles pictures several at a time, in order of their start, until one answers false; stops when cancelled. */
async function eachPicture(
  index: PictureIndex,
  text: string,
  { onPictures, signal }: DecodeOptions,
  handle: (picture: IndexedPicture) => Promise<boolean>,
): Promise<void> {
  const total = index.count()
  const pictures = (function* () {
    for (const chunk of index.scan(chunkPictures)) yield* chunk
  })()
  let isOn = true
  let done = 0
  const worker = async () => {
    for (const picture of pictures) {
      throwIfCancelled(signal)
      if (!isOn) return
      isOn = (await handle(picture)) && isOn
      done += 1
      if (done % 100 === 0 || done === total) onPictures(text, done, total)
    }
  }
  onPictures(text, 0, total)
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

function brokenOnes(index: PictureIndex, broken: ReadonlyMap<number, string>): SourceData['skipped'] {
  return [...broken]
    .sort(([a], [b]) => a - b)
    .map(([picture, reason]) => ({ path: displayName(index.get(picture)?.name ?? ''), reason }))
}

function requireMemory(count: number, bytesPerPicture: number): void {
  if (count * bytesPerPicture <= mostBytes) return
  throw new RepriseError({
    code: 'data-format',
    message: 'There are more pictures than can be kept in memory',
    expected: `at most ${Math.floor(mostBytes / bytesPerPicture)} pictures of this size`,
    found: `${count} pictures`,
    fix: 'Leave the pictures as files, choose a smaller size, or a part of them.',
  })
}

function requireEveryClass(classes: readonly string[], present: ReadonlySet<number>): void {
  const empty = classes.filter((_, label) => !present.has(label))
  if (empty.length === 0) return
  throw new RepriseError({
    code: 'data-missing',
    message: `No training picture of ${empty.slice(0, 5).join(', ')} can be read`,
    expected: 'at least one readable training picture of every class',
    fix: 'Repair or add training pictures of it, or take the class out of the folder or list.',
  })
}

function noTestPictures(label: string): RepriseError {
  return new RepriseError({
    code: 'data-missing',
    message: `${label} has no pictures left to test with`,
    expected: 'a class with at least two readable pictures, or a folder of test pictures',
    fix: 'Add pictures, or a test folder with the same class folders.',
  })
}

function brokenPictures(broken: { path: string; reason: string }[]): RepriseError {
  const listed = broken.slice(0, 10).map(({ path, reason }) => `${path} (${reason})`)
  const more = broken.length > listed.length ? `, and ${broken.length - listed.length} more` : ''
  return new RepriseError({
    code: 'picture-broken',
    message: broken.length === 1 ? 'One picture cannot be read' : `${broken.length} pictures cannot be read`,
    found: `${listed.join(', ')}${more}`,
    fix: 'Repair or remove them, or choose to train without broken pictures.',
    details: { broken },
  })
}
