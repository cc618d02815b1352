// Files of a tree that are read at once.
import { RepriseError } from '../../../shared/errors.ts'
import { gunzip, matchGzip } from '../../formats/gzip.ts'
import type { FileTree, TreeFile } from './file-tree.ts'

const headBytes = 4096
const mostBytes = 2 ** 31 - 1

/** The first bytes as they are stored; at most 4096. */
export function readHead(tree: FileTree, file: TreeFile): Promise<Uint8Array> {
  return tree.read(file, { offset: 0, bytes: Math.min(headBytes, file.bytes) })
}

/** The whole content, unpacked when it is gzip. Throws `data-format` for more than 2 GiB. */
export async function readWhole(tree: FileTree, file: TreeFile, mostStored = mostBytes): Promise<Uint8Array> {
  if (file.bytes > mostStored) {
    throw new RepriseError({
      code: 'data-format',
      message: `${file.path} is too large to be read at once`,
      expected: `at most ${mostStored} bytes`,
      found: `${file.bytes} bytes`,
    })
  }
  const bytes = await tree.read(file)
  return matchGzip(bytes) ? gunzip(bytes, file.path) : bytes
}

/** Name without its folder. */
export function nameOf(file: Pick<TreeFile, 'path'>): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1)
}
