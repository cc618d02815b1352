// Prepared data sets kept open for single pictures, and the thumbnails that were made last.
import { join } from 'node:path'
import { datasetFolder, readManifest } from '../engine/data/dataset-manifest.ts'
import { openPreparedPixels } from '../engine/data/prepared-pixels.ts'
import type { PictureLocation, PixelsLocation } from '../engine/data/readers/file-tree.ts'
import { createLocationReader } from '../engine/data/readers/read-location.ts'
import { fileThumbnail, pixelThumbnail, type Thumbnail } from '../engine/data/thumbnail.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import { RepriseError } from '../shared/errors.ts'
import type { PictureQuestion } from '../shared/worker-protocol.ts'

export interface PictureShelf {
  /** Throws `data-missing` for a picture that is not there, `picture-broken` for one that cannot be read. */
  thumbnail(question: PictureQuestion, signal: AbortSignal): Promise<Thumbnail>
  /** Closes all data sets, after the reads that are under way. */
  close(): Promise<void>
}

interface OpenDataset {
  index: PictureIndex
  /** Under way; their files stay open. */
  reads: Set<Promise<Thumbnail>>
  read(location: PictureLocation | PixelsLocation, side: number): Promise<Thumbnail>
  close(): Promise<void>
}

const mostOpen = 4
const mostBytes = 64 * 1024 * 1024

export function createPictureShelf(): PictureShelf {
  /** The one that was used last comes last. */
  const datasets = new Map<string, Promise<OpenDataset>>()
  const made = createByteCache(mostBytes)

  const opened = ({ datasetsDir, datasetId, version }: PictureQuestion): Promise<OpenDataset> => {
    const key = `${datasetId} ${version}`
    const dataset = datasets.get(key) ?? openDataset(datasetsDir, datasetId)
    datasets.delete(key)
    datasets.set(key, dataset)
    dataset.catch(() => datasets.delete(key))
    for (const [oldKey, oldest] of [...datasets].slice(0, -mostOpen)) {
      datasets.delete(oldKey)
      void oldest.then(closeAfterReads).catch(() => {})
    }
    return dataset
  }

  return {
    thumbnail: async (question, signal) => {
      const { datasetId, version, picture, side } = question
      const key = `${datasetId} ${version} ${picture} ${side}`
      const kept = made.get(key)
      if (kept) return kept
      const dataset = await opened(question)
      signal.throwIfAborted()
      const row = dataset.index.get(picture)
      if (row === null) throw new RepriseError({ code: 'data-missing', message: 'There is no such picture.' })
      const { location, name } = row
      try {
        const reading = dataset.read(location, side)
        dataset.reads.add(reading)
        const thumbnail = await reading.finally(() => dataset.reads.delete(reading))
        made.put(key, thumbnail)
        return thumbnail
      } catch (error) {
        throw error instanceof RepriseError ? error : unreadable(name, error)
      }
    },
    close: async () => {
      const open = [...datasets.values()]
      datasets.clear()
      await Promise.allSettled(open.map((dataset) => dataset.then(closeAfterReads)))
    },
  }
}

async function closeAfterReads(dataset: OpenDataset): Promise<void> {
  await Promise.allSettled(dataset.reads)
  await dataset.close()
}

async function openDataset(datasetsDir: string, id: string): Promise<OpenDataset> {
  const manifest = await readManifest(datasetsDir, id)
  if (manifest === null) throw new RepriseError({ code: 'data-missing', message: `The data set ${id} is not ready.` })
  const index = openPictureIndex(join(datasetFolder(datasetsDir, id), indexFile), { readonly: true })
  if (manifest.storage === 'pixels') {
    const pixels = openPreparedPixels(datasetsDir, manifest)
    return {
      index,
      reads: new Set(),
      read: async (location, side) => {
        if (location.kind !== 'pixels') throw new Error('the index names a file')
        return pixelThumbnail(await pixels.read(location), side)
      },
      close: async () => {
        index.close()
        await pixels.close()
      },
    }
  }
  const files = createLocationReader(manifest.root)
  return {
    index,
    reads: new Set(),
    read: async (location, side) => {
      if (location.kind === 'pixels') throw new Error('the index names raw pixels')
      return fileThumbnail(await files.read(location), side)
    },
    close: async () => {
      index.close()
      files.close()
    },
  }
}

function unreadable(name: string, error: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'picture-broken',
      message: `${name} cannot be read.`,
      found: error instanceof Error ? error.message : String(error),
      fix: 'Get the file again, or leave the picture out.',
    },
    { cause: error },
  )
}

/** Keeps what was used last, up to so many bytes. */
function createByteCache(most: number) {
  const kept = new Map<string, Thumbnail>()
  let bytes = 0
  const drop = (key: string) => {
    bytes -= kept.get(key)?.bytes.length ?? 0
    kept.delete(key)
  }
  return {
    get: (key: string) => {
      const found = kept.get(key)
      if (found) {
        kept.delete(key)
        kept.set(key, found)
      }
      return found
    },
    put: (key: string, thumbnail: Thumbnail) => {
      drop(key)
      kept.set(key, thumbnail)
      bytes += thumbnail.bytes.length
      for (const oldest of kept.keys()) {
        if (bytes <= most) break
        drop(oldest)
      }
    },
  }
}
