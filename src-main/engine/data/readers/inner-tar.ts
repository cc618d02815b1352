// Tar archives that lie in a folder or in another archive, read where they are.
import { tarMembers } from '../../formats/tar.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { nameOfBytes } from './escaped-names.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { openLocatedBytes } from './located-bytes.ts'

const filesAtOnce = 1000

/** All files of a small archive, by the names that it gives them. Throws what `tarMembers` throws. */
export function listTar(tree: FileTree, tar: TreeFile): TreeFile[] {
  const archive = openLocatedBytes(tree.root, tar.location)
  try {
    const files: TreeFile[] = []
    for (const { name, kind, offset, bytes } of tarMembers(archive.read, archive.bytes, tar.path)) {
      if (kind === 'file') files.push({ path: nameOfBytes(name), bytes, location: archive.locate(offset, bytes) })
    }
    return files
  } finally {
    archive.close()
  }
}

/** All files of an archive in chunks, named as if they had been unpacked into `folder`. Throws what `tarMembers` throws. */
export async function* walkTar(
  tree: FileTree,
  tar: TreeFile,
  folder: string,
  signal: AbortSignal,
): AsyncIterable<TreeFile[]> {
  const archive = openLocatedBytes(tree.root, tar.location)
  const breaks = eventLoopBreaks()
  try {
    let files: TreeFile[] = []
    for (const { name, kind, offset, bytes } of tarMembers(archive.read, archive.bytes, tar.path)) {
      if (kind !== 'file') continue
      const path = `${folder}/${nameOfBytes(name).split('/').at(-1) ?? ''}`
      files.push({ path, bytes, location: archive.locate(offset, bytes) })
      if (files.length < filesAtOnce) continue
      throwIfCancelled(signal)
      await breaks()
      yield files
      files = []
    }
    if (files.length > 0) yield files
  } finally {
    archive.close()
  }
}
