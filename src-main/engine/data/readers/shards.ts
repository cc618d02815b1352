// Data sets that are split over numbered files, such as train-00000-of-01024: which files these are, and the part of each.
import { RepriseError } from '../../../shared/errors.ts'
import { displayName } from './escaped-names.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { type LocatedBytes, openLocatedBytes } from './located-bytes.ts'
import { partNamed, partOfFile } from './part-names.ts'
import type { GivenPart } from './reader.ts'

const deepest = 2
/** More are classes or the like, and their files many. */
const mostFolders = 16

/** Files at the root and up to two folders deep that may be shards, in natural order. */
export async function shardsOf(tree: FileTree, isShard: (file: TreeFile) => boolean): Promise<TreeFile[]> {
  const shards: TreeFile[] = []
  let level = ['']
  for (let depth = 0; depth <= deepest && level.length <= mostFolders; depth++) {
    const next: string[] = []
    for (const folder of level) {
      const { folders, files } = await tree.list(folder)
      shards.push(...files.filter(isShard))
      next.push(...folders.map((name) => (folder === '' ? name : `${folder}/${name}`)))
    }
    level = next
  }
  return shards
}

/** The part that the file's name tells of, or else the nearest folder that does. */
export function partOfShard(path: string): GivenPart | null {
  const [name = '', ...folders] = path.split('/').reverse()
  return partOfFile(name) ?? folders.map(partNamed).find((part) => part !== null) ?? null
}

/** Throws `data-format` for a shard that its archive holds compressed. */
export function openShard(tree: FileTree, { path, location }: Pick<TreeFile, 'path' | 'location'>): LocatedBytes {
  return openLocatedBytes(tree.root, location, displayName(path || tree.name))
}

/** What a shard ends with when it is damaged, for `onProblem`; other errors are thrown again. */
export function damageInWords(error: unknown): string {
  if (!(error instanceof RepriseError) || error.code === 'cancelled') throw error
  return `${error.message}${error.found === undefined ? '' : ` (${error.found})`}`
}
