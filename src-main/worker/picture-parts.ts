// The parts of a data set out of its index, as plain columns: the engine reads no SQLite.
import { join } from 'node:path'
import { datasetFolder } from '../engine/data/dataset-manifest.ts'
import { eventLoopBreaks } from '../engine/data/event-loop-breaks.ts'
import type { ReadParts } from '../engine/data/load-dataset.ts'
import { createPartColumns } from '../engine/data/part-columns.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import type { PictureIndex } from '../picture-index/types.ts'

const chunkPictures = 10_000

/** Throws `data-missing` where there is no index, `database-damaged` or `database-newer` where it cannot be read. */
export function partReader(datasetsDir: string): ReadParts {
  return async (id, judgeOn) => {
    const index = openDatasetIndex(datasetsDir, id)
    const breathe = eventLoopBreaks()
    const columns = { train: createPartColumns(), judged: createPartColumns() }
    try {
      for (const pictures of index.scan(chunkPictures)) {
        for (const { picture, name, label, location, part, excluded, examination } of pictures) {
          const builder = part === 'train' ? columns.train : part === judgeOn ? columns.judged : null
          if (builder === null || excluded) continue
          builder.add({ picture, name, label, location, problem: examination?.problem ?? null })
        }
        await breathe()
      }
    } finally {
      index.close()
    }
    return { train: columns.train.build(), judged: columns.judged.build() }
  }
}

/** Names of pictures for people, by their numbers in the index; a number where there is no such picture. */
export function pictureNames(datasetsDir: string, id: string, pictures: readonly number[]): string[] {
  const index = openDatasetIndex(datasetsDir, id)
  try {
    return pictures.map((picture) => index.get(picture)?.name ?? `picture ${picture}`)
  } finally {
    index.close()
  }
}

function openDatasetIndex(datasetsDir: string, id: string): PictureIndex {
  return openPictureIndex(join(datasetFolder(datasetsDir, id), indexFile), { readonly: true })
}
