// Decodes the pictures of files once for a whole run: into shared memory, or into a file that later runs find again.
import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../shared/errors.ts'
import type { CacheChoice, PictureSize } from '../../shared/picture-cache.ts'
import { throwIfCancelled } from './cancellation.ts'
import type { FileDataset, FileSet } from './dataset.ts'
import { datasetFolder } from './dataset-manifest.ts'
import { decodeRgb, readPictureHeader } from './decode-picture.ts'
import type { DecodedPlace, DecodedStore } from './decoded-pictures.ts'
import type { PictureLocation } from './readers/file-tree.ts'
import { createLocationReader } from './readers/read-location.ts'
import { withShortSide } from './short-side.ts'
import type { Picture } from './transforms/picture.ts'

export interface DecodeOptions {
  choice: CacheChoice
  shortSide: number
  datasetsDir: string
  signal: AbortSignal
  onProgress(done: number, total: number): void
}

/** Places of all pictures, training set first, then test set: height 0 for those that lie nowhere. */
interface Places {
  offsets: Float64Array
  heights: Uint32Array
  widths: Uint32Array
}

/** Changes with the layout of the file. */
const layout = 'reprise decoded pictures 1\n'
const sampled = 256
const waitMs = 500
/** A maker says so often that it is alive, and counts as dead after so long. */
const aliveEveryMs = 5000
const deadAfterMs = 60_000
/** Files that no run has used for so long go when another one is made, and what a crash left. */
const unusedAfterMs = 7 * 24 * 3600 * 1000
const leftAfterMs = 3600 * 1000

/** Sizes of some pictures of both sets, evenly spread; those that cannot be read are left out. */
export async function sampleSizes({ root, train, test }: FileDataset): Promise<PictureSize[]> {
  const reader = createLocationReader(root)
  const total = train.count + test.count
  const count = Math.min(total, sampled)
  const sizes: PictureSize[] = []
  try {
    for (let i = 0; i < count; i++) {
      const at = Math.floor((i * total) / count)
      const location = at < train.count ? train.location(at) : test.location(at - train.count)
      const header = await reader
        .read(location as PictureLocation)
        .then(readPictureHeader)
        .catch((): null => null)
      if (header !== null) sizes.push(header)
    }
  } finally {
    reader.close()
  }
  return sizes
}

/**
 * The data set with its pictures decoded (as `decodeRgb` does), larger ones resized to `shortSide` (Pillow's bilinear). Pictures
 * that cannot be read, or for which memory does not suffice, stay where they are. A file that another run makes at the same
 * time is waited for. Throws `cancelled`, and `disk-full` when the disk fills up meanwhile; nothing unfinished stays behind.
 */
export async function decodeDataset(dataset: FileDataset, options: DecodeOptions): Promise<FileDataset> {
  switch (options.choice.kind) {
    case 'none':
      return dataset
    case 'memory':
      return decodedInMemory(dataset, options)
    case 'disk':
      return decodedInFile(dataset, options)
  }
}

async function decodedInMemory(dataset: FileDataset, options: DecodeOptions): Promise<FileDataset> {
  // The size is a prediction, so the memory grows up to twice of it.
  const most = 2 * options.choice.bytes + 2 ** 16
  const data = new SharedArrayBuffer(0, { maxByteLength: most })
  let end = 0
  const places = await decodeAll(dataset, options, async ({ data: pixels }) => {
    const offset = end
    if (offset + pixels.length > most) return null
    end += pixels.length
    data.grow(end)
    new Uint8Array(data, offset, pixels.length).set(pixels)
    return offset
  })
  return withPlaces(dataset, { kind: 'memory', data }, places)
}

async function decodedInFile(dataset: FileDataset, options: DecodeOptions): Promise<FileDataset> {
  const folder = join(datasetFolder(options.datasetsDir, dataset.summary.id), 'decoded')
  const path = join(folder, `${cacheKey(dataset, options.shortSide)}.pictures`)
  const total = dataset.train.count + dataset.test.count
  await mkdir(folder, { recursive: true })
  for (;;) {
    const places = await readPlaces(path, total)
    if (places !== null) {
      await touch(path)
      return withPlaces(dataset, { kind: 'file', path }, places)
    }
    const release = await claim(`${path}.making`)
    if (release === null) {
      await sleep(waitMs)
      throwIfCancelled(options.signal)
      continue
    }
    try {
      await removeUnused(folder)
      const made = await makeFile(path, dataset, options)
      return withPlaces(dataset, { kind: 'file', path }, made)
    } finally {
      await release()
    }
  }
}

/** Content and split by the fingerprint, which changes with exclusions and limits, and what is done to the pictures. */
function cacheKey({ summary }: FileDataset, shortSide: number): string {
  const text = JSON.stringify([layout, summary.fingerprint, shortSide])
  return createHash('sha256').update(text).digest('hex').slice(0, 20)
}

/** Null while another run holds the claim and is alive; else a function that gives it up. */
async function claim(path: string): Promise<(() => Promise<void>) | null> {
  try {
    await (await open(path, 'wx')).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > deadAfterMs) await rm(path, { force: true })
    return null
  }
  const alive = setInterval(() => void touch(path), aliveEveryMs)
  return async () => {
    clearInterval(alive)
    await rm(path, { force: true })
  }
}

/** Sets the time by which a file counts as used. */
async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => {})
}

async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const keptMs = name.endsWith('.pictures') ? unusedAfterMs : name.endsWith('.part') ? leftAfterMs : null
    const used = await stat(join(folder, name)).catch((): null => null)
    if (keptMs === null || used === null || Date.now() - used.mtimeMs < keptMs) continue
    await rm(join(folder, name), { force: true }).catch(() => {})
  }
}

async function makeFile(path: string, dataset: FileDataset, options: DecodeOptions): Promise<Places> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`
  const file = await open(temporary, 'w')
  try {
    let end = 0
    const places = await decodeAll(dataset, options, async ({ data }) => {
      const offset = end
      end += data.length
      await writeAll(file, data, offset)
      return offset
    })
    await writeTail(file, places, end)
    await file.sync()
    await file.close()
    await rename(temporary, path)
    return places
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true })
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new RepriseError(
      {
        code: 'disk-full',
        message: 'The disk filled up while pictures were decoded into a file.',
        found: temporary,
        fix: 'Free some space, or set data.cache to none.',
      },
      { cause: error },
    )
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten
  }
}

/** After the pictures: offsets, heights, widths, their sha256, the number of pictures, the layout. Little endian. */
async function writeTail(file: FileHandle, places: Places, offset: number): Promise<void> {
  const columns = columnBytes(places)
  const count = Buffer.alloc(8)
  count.writeBigUInt64LE(BigInt(places.heights.length))
  const digest = createHash('sha256').update(columns).digest()
  await writeAll(file, Buffer.concat([columns, digest, count, Buffer.from(layout)]), offset)
}

const columnBytes = ({ offsets, heights, widths }: Places) =>
  Buffer.concat([offsets, heights, widths].map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer)))

/** Null for a file that is not there, not whole, or holds another number of pictures. */
async function readPlaces(path: string, total: number): Promise<Places | null> {
  const file = await open(path).catch((): null => null)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const columns = 16 * total
    const tail = Buffer.alloc(columns + 32 + 8 + layout.length)
    const start = size - tail.length
    if (start < 0 || (await file.read(tail, 0, tail.length, start)).bytesRead < tail.length) return null
    const isOurs =
      tail.subarray(columns + 40).toString() === layout &&
      tail.readBigUInt64LE(columns + 32) === BigInt(total) &&
      createHash('sha256')
        .update(tail.subarray(0, columns))
        .digest()
        .equals(tail.subarray(columns, columns + 32))
    if (!isOurs) return null
    const bytes = Uint8Array.from(tail.subarray(0, columns)).buffer
    const places = {
      offsets: new Float64Array(bytes, 0, total),
      heights: new Uint32Array(bytes, 8 * total, total),
      widths: new Uint32Array(bytes, 12 * total, total),
    }
    const end = places.offsets.reduce(
      (most, offset, i) => Math.max(most, offset + (places.heights[i] as number) * (places.widths[i] as number) * 3),
      0,
    )
    return end === start ? places : null
  } finally {
    await file.close()
  }
}

/** Decodes all pictures, as many at once as there are cores. `store` returns where it put one, or null where there is no room. */
async function decodeAll(
  { root, train, test }: FileDataset,
  { shortSide, signal, onProgress }: DecodeOptions,
  store: (picture: Picture) => Promise<number | null>,
): Promise<Places> {
  const total = train.count + test.count
  const places = { offsets: new Float64Array(total), heights: new Uint32Array(total), widths: new Uint32Array(total) }
  const reader = createLocationReader(root)
  let [next, done] = [0, 0]
  const stop = (error: unknown) => {
    next = total
    throw error
  }
  const work = async () => {
    while (next < total) {
      throwIfCancelled(signal)
      const place = next++
      const location = place < train.count ? train.location(place) : test.location(place - train.count)
      const picture = await reader
        .read(location as PictureLocation)
        .then(decodeRgb)
        .catch((): null => null)
      if (picture !== null) {
        const kept = withShortSide(picture, shortSide)
        const offset = await store(kept)
        if (offset !== null) {
          places.offsets[place] = offset
          places.heights[place] = kept.height
          places.widths[place] = kept.width
        }
      }
      done += 1
      onProgress(done, total)
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, () => work().catch(stop)))
  } finally {
    reader.close()
  }
  return places
}

function withPlaces(dataset: FileDataset, decoded: DecodedStore, { offsets, heights, widths }: Places): FileDataset {
  const placed = (set: FileSet, first: number): FileSet => ({
    ...set,
    location: (i): PictureLocation | DecodedPlace => {
      const [height, width] = [heights[first + i] as number, widths[first + i] as number]
      if (height === 0) return set.location(i)
      return { kind: 'decoded', offset: offsets[first + i] as number, height, width }
    },
  })
  return { ...dataset, decoded, train: placed(dataset.train, 0), test: placed(dataset.test, dataset.train.count) }
}
