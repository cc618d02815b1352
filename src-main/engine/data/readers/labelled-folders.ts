// Folders whose pictures all have one class: what readers of such folders share.
import { throwIfCancelled } from '../cancellation.ts'
import { isPictureName } from '../decode-picture.ts'
import type { FileTree, SourceProblem, TreeFile } from './file-tree.ts'
import type { FoundPicture, GivenPart } from './reader.ts'

/** The picture of a file, grouped by its folder. */
export function foundPicture(file: TreeFile, label: number, part: GivenPart | null): FoundPicture {
  return { name: file.path, location: file.location, bytes: file.bytes, label, part, group: folderOf(file.path) }
}

/** The path of the folder that a file lies in; '' for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

interface FolderOptions {
  label: number
  part: GivenPart | null
  signal: AbortSignal
  onProblem?: (problem: SourceProblem) => void
}

/** All pictures below `folder`, which share one class, in chunks that hold at least one. */
export async function* picturesBelow(
  tree: FileTree,
  folder: string,
  { label, part, signal, onProblem }: FolderOptions,
): AsyncIterable<FoundPicture[]> {
  for await (const files of tree.walk(folder, signal, onProblem)) {
    throwIfCancelled(signal)
    const pictures = files.filter(({ path }) => isPictureName(path))
    if (pictures.length > 0) yield pictures.map((file) => foundPicture(file, label, part))
  }
}

/** True when at least `wanted` of the folders hold pictures. It looks no further than it must. */
export async function holdPictures(tree: FileTree, folders: readonly string[], wanted: number): Promise<boolean> {
  let holding = 0
  const signal = new AbortController().signal
  for (const folder of folders) {
    if (holding === wanted) break
    for await (const _ of picturesBelow(tree, folder, { label: 0, part: null, signal })) {
      holding += 1
      break
    }
  }
  return holding >= wanted
}

/** Counts in sentences: 1,000. */
export function inWords(count: number): string {
  return count.toLocaleString('en')
}
