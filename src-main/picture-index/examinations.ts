// What a check found out about each picture.
import type { Database } from 'better-sqlite3'
import type { PictureExamination } from '../shared/dataset-views.ts'
import { type ColumnStore, partOfCode } from './columns.ts'
import type { PictureIndex, PictureTraces } from './types.ts'

const chunkPictures = 4096

interface TraceRow {
  picture: number
  digest: Buffer | null
  perceptual: Buffer | null
  sums: Buffer
  squares: Buffer
  pixels: number
}

export function createExaminations(
  db: Database,
  columns: ColumnStore,
): Pick<PictureIndex, 'setExamination' | 'traces'> {
  const put = db.prepare(
    `INSERT OR REPLACE INTO examinations (picture, format, width, height, mode, depth, alpha, frames, orientation, problem,
       digest, perceptual, sums, squares, pixels)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const range = db.prepare<[number, number], TraceRow>(
    `SELECT picture, digest, perceptual, sums, squares, pixels FROM examinations
     WHERE picture >= ? AND picture < ? ORDER BY picture`,
  )
  return {
    setExamination: (picture: number, examination: PictureExamination, traces: PictureTraces) => {
      const { format, width, height, mode, depth, alpha, frames, orientation, problem } = examination
      put.run(
        picture,
        format,
        width,
        height,
        mode,
        depth,
        alpha ? 1 : 0,
        frames,
        orientation,
        problem,
        traces.digest,
        traces.perceptual,
        doubles(traces.sums),
        doubles(traces.squares),
        traces.pixels,
      )
    },
    *traces() {
      const { count } = columns.current()
      for (let first = 0; first < count; first += chunkPictures) {
        const end = Math.min(count, first + chunkPictures)
        const rows = range.all(first, end)
        const { labels, parts } = columns.current()
        let next = 0
        for (let picture = first; picture < end; picture++) {
          const row = rows[next]
          const here = row?.picture === picture ? row : null
          if (here !== null) next += 1
          yield {
            picture,
            label: labels[picture] ?? 0,
            part: partOfCode(parts[picture]),
            traces: here === null ? null : tracesOf(here),
          }
        }
      }
    },
  }
}

const doubles = (values: readonly number[]) => Buffer.from(Float64Array.from(values).buffer)
const numbers = (blob: Buffer) => [...new Float64Array(Uint8Array.from(blob).buffer)]

function tracesOf({ digest, perceptual, sums, squares, pixels }: TraceRow): PictureTraces {
  return { digest, perceptual, sums: numbers(sums), squares: numbers(squares), pixels }
}
