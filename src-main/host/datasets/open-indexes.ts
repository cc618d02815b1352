// The indexes of data sets that windows look into, kept open so that a page of pictures costs one query.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { datasetFolder } from '../../engine/data/dataset-manifest.ts'
import { indexFile, openPictureIndex } from '../../picture-index/open-index.ts'
import type { PictureIndex } from '../../picture-index/types.ts'

export interface OpenIndexes {
  has(id: string): boolean
  /** Throws `data-missing` where a data set has none. */
  get(id: string): PictureIndex
  /** A file that is open cannot be deleted on every system. */
  close(id: string): void
  closeAll(): void
}

const mostOpen = 4

export function createOpenIndexes(datasetsDir: string): OpenIndexes {
  /** The one that was used last comes last. */
  const open = new Map<string, PictureIndex>()
  const close = (id: string) => {
    open.get(id)?.close()
    open.delete(id)
  }
  const fileOf = (id: string) => join(datasetFolder(datasetsDir, id), indexFile)
  return {
    has: (id) => open.has(id) || existsSync(fileOf(id)),
    get: (id) => {
      const known = open.get(id)
      const index = known ?? openPictureIndex(fileOf(id), { readonly: true })
      open.delete(id)
      open.set(id, index)
      for (const oldest of [...open.keys()].slice(0, -mostOpen)) close(oldest)
      return index
    },
    close,
    closeAll: () => {
      for (const id of [...open.keys()]) close(id)
    },
  }
}
