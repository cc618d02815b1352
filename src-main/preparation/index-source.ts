// The pictures of a source, streamed into the index of its data set.
import { createHash } from 'node:crypto'
import { throwIfCancelled } from '../engine/data/cancellation.ts'
import { eventLoopBreaks } from '../engine/data/event-loop-breaks.ts'
import type { SourceProblem } from '../engine/data/readers/file-tree.ts'
import type { DetectedFiles, DetectedSource, FoundPicture } from '../engine/data/readers/reader.ts'
import { createPictureIndex, discardGrowingIndex } from '../picture-index/open-index.ts'
import type { GrowingIndex, IndexedPicture } from '../picture-index/types.ts'

export interface IndexOptions {
  onPictures: (text: string, done: number, total: number) => void
  signal: AbortSignal
}

export interface IndexedSource {
  index: GrowingIndex
  problems: SourceProblem[]
  /** sha256 of names, sizes and labels in the order of the source. */
  source: string
  /** Of all pictures, encoded. */
  bytes: number
  /** How many pictures an interrupted attempt had left in the index. */
  resumedFrom: number
}

/**
 * Lists the pictures of a source in the index that will lie at `file`. What an interrupted attempt left there is held against
 * the source while this is listed, kept as far as it is the same, and thrown away at the first difference.
 * Rejects with `cancelled`, or what the reader throws; the index goes on from there the next time.
 */
export async function indexSource(
  detected: DetectedSource & DetectedFiles,
  file: string,
  options: IndexOptions,
): Promise<IndexedSource> {
  const identity = [detected.root, detected.reader]
  let index = createPictureIndex(file)
  if (JSON.stringify(index.note('source')) !== JSON.stringify(identity)) index = afresh(index, file, identity)
  try {
    const resumedFrom = index.count()
    const listed = await list(detected, index, options, resumedFrom)
    if (listed !== null) return { ...listed, index, resumedFrom }
    index = afresh(index, file, identity)
    const again = await list(detected, index, options, 0, 'The source has changed: listing pictures anew')
    if (again !== null) return { ...again, index, resumedFrom: 0 }
    throw new Error('an empty index differs from its source')
  } catch (error) {
    index.close()
    throw error
  }
}

function afresh(index: GrowingIndex, file: string, identity: string[]): GrowingIndex {
  index.close()
  discardGrowingIndex(file)
  const empty = createPictureIndex(file)
  empty.setNote('source', identity)
  return empty
}

/** Null when the first `kept` pictures of the index are not those of the source. */
async function list(
  detected: DetectedFiles,
  index: GrowingIndex,
  { onPictures, signal }: IndexOptions,
  kept: number,
  text = kept === 0 ? 'Listing pictures' : 'Going on listing pictures',
): Promise<Pick<IndexedSource, 'problems' | 'source' | 'bytes'> | null> {
  const total = detected.total ?? 0
  const problems: SourceProblem[] = []
  const digest = createHash('sha256')
  const isKept = comparison(index)
  const pause = eventLoopBreaks()
  let bytes = 0
  let done = 0
  onPictures(text, kept, total)
  for await (const chunk of detected.pictures({ signal, onProblem: (problem) => problems.push(problem) })) {
    throwIfCancelled(signal)
    const known = Math.max(0, Math.min(chunk.length, kept - done))
    if (!isKept(chunk.slice(0, known))) return null
    index.add(chunk.slice(known))
    for (const { name, bytes: size, label } of chunk) {
      digest.update(`${JSON.stringify(name)} ${size} ${label}\n`)
      bytes += size
    }
    done += chunk.length
    onPictures(text, Math.max(done, kept), total)
    await pause()
  }
  if (done < kept) return null
  throwIfCancelled(signal)
  return { problems, source: digest.digest('hex'), bytes }
}

const comparedAtOnce = 4096

/** Holds pictures of the source against those of the index, from the first one on. */
function comparison(index: GrowingIndex): (pictures: readonly FoundPicture[]) => boolean {
  const rows = (function* (): Generator<IndexedPicture> {
    for (const chunk of index.scan(comparedAtOnce)) yield* chunk
  })()
  return (pictures) =>
    pictures.every(({ name, bytes, label, part, location, group }) => {
      const row = rows.next().value
      return (
        row?.name === name &&
        row.bytes === bytes &&
        row.label === label &&
        row.given === part &&
        row.group === group &&
        JSON.stringify(row.location) === JSON.stringify(location)
      )
    })
}
