// The md5 of source files that are published with one, by which a benchmark is recognised whose pixels the app has no hash of.
import { createHash } from 'node:crypto'
import { isPublishedName } from '../benchmark.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { fileChunks } from './file-chunks.ts'
import type { FileTree } from './file-tree.ts'
import { createLocationReader, mostBytesAtOnce } from './read-location.ts'
import type { DetectedSource } from './reader.ts'
import { nameOf } from './whole-file.ts'

export interface HashOptions {
  onBytes: (text: string, done: number, total: number) => void
  signal: AbortSignal
}

/**
 * Hashes, piece by piece, those files that the reader read whole and that have the name of a published one; members of archives
 * as they are once unpacked. Others cost nothing. Throws `cancelled`, and what reading throws.
 */
export async function publishedHashes(
  { wholeFiles = [], root }: Pick<DetectedSource, 'wholeFiles' | 'root'>,
  { onBytes, signal }: HashOptions,
): Promise<Set<string>> {
  const hashes = new Set<string>()
  const reader = createLocationReader(root, { mostBytes: mostBytesAtOnce })
  const tree: Pick<FileTree, 'read'> = { read: ({ location }, range) => reader.read(location, range) }
  try {
    for (const file of wholeFiles) {
      const name = nameOf(file)
      if (!isPublishedName(name)) continue
      const text = `Hashing ${name}`
      const hash = createHash('md5')
      let done = 0
      onBytes(text, 0, file.bytes)
      for await (const chunk of fileChunks(tree, file)) {
        throwIfCancelled(signal)
        hash.update(chunk)
        done += chunk.length
        onBytes(text, done, file.bytes)
      }
      hashes.add(hash.digest('hex'))
    }
    return hashes
  } finally {
    reader.close()
  }
}
