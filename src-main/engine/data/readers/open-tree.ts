// Opens what a user chose, by its content: a folder, an archive, or one file of a data set.
import { open, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { RepriseError } from '../../../shared/errors.ts'
import { matchGzip } from '../../formats/gzip.ts'
import { matchTar } from '../../formats/tar.ts'
import { matchZip } from '../../formats/zip.ts'
import type { FileTree } from './file-tree.ts'
import { openFolderTree } from './folder-tree.ts'
import { refusalInWords } from './open-below-root.ts'
import { openTarTree } from './tar-tree.ts'
import { openZipTree } from './zip-tree.ts'

/** Enough to unpack a tar header from. */
const headBytes = 4096
/** Deflate gives at most 1032 bytes for one. */
const mostStartBytes = headBytes * 1100

export interface OpenedTree {
  /** The folder or archive itself; for any other file, the folder that it lies in. */
  tree: FileTree
  /** Path in the tree of the file that was chosen; null when the whole tree was. */
  chosen: string | null
}

export interface OpenOptions {
  /**
   * Unpacks a gzip-compressed tar, which cannot be read out of order, and gives the tar's path (unpack-tar-gz.ts does it in a
   * cache folder). Such archives are refused without it.
   */
  unpackTarGz?: (archive: string) => Promise<string>
  /** Stops the reading of an archive's directory. */
  signal?: AbortSignal
}

/**
 * Opens a folder, a zip or tar archive (compressed by gzip too), or the folder around any other file. Of such a single file, try
 * readers on `treeOfFile(tree, chosen)` first, which shows nothing beside it, then on `tree` for formats of several files.
 * Throws `data-missing` when nothing is there, `data-format` for archives that cannot be read and for what is neither file nor
 * folder, `cancelled`.
 */
export async function openTree(path: string, options: OpenOptions = {}): Promise<OpenedTree> {
  const root = resolve(path)
  const found = await stat(root).catch((error: unknown) => {
    throw notThere(path, error)
  })
  if (found.isDirectory()) return { tree: openFolderTree(root), chosen: null }
  if (!found.isFile()) throw neither(path)
  const archive = { path: '', offset: 0, bytes: found.size }
  const kind = await kindOfFile(root)
  if (kind === 'zip') return { tree: await openZipTree(root, archive, options.signal), chosen: null }
  if (kind === 'tar') return { tree: await openTarTree(root, archive, options.signal), chosen: null }
  if (kind === 'tar-gz') return { tree: await openTarGz(root, options), chosen: null }
  return { tree: openFolderTree(dirname(root)), chosen: basename(root) }
}

async function openTarGz(archive: string, { unpackTarGz, signal }: OpenOptions): Promise<FileTree> {
  if (unpackTarGz === undefined) {
    throw new RepriseError({
      code: 'data-format',
      message: `${basename(archive)} is compressed as a whole, so its pictures cannot be read in place`,
      expected: 'a folder, a zip archive, or a tar archive without compression',
      found: 'a tar archive compressed by gzip',
      fix: 'Unpack it and choose the folder.',
    })
  }
  const tar = await unpackTarGz(archive)
  const { size } = await stat(tar)
  const tree = await openTarTree(tar, { path: '', offset: 0, bytes: size }, signal)
  return { ...tree, name: basename(archive).replace(/\.(tar\.gz|tgz|gz)$/i, '') }
}

/** By content: an empty zip is one too; a file of gzip is a tar when its first unpacked block is a tar header. */
async function kindOfFile(path: string): Promise<'zip' | 'tar' | 'tar-gz' | null> {
  const file = await open(path).catch((error: unknown) => {
    throw notThere(path, error)
  })
  try {
    const buffer = new Uint8Array(headBytes)
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0)
    const head = buffer.subarray(0, bytesRead)
    if (matchZip(head) || matchEmptyZip(head)) return 'zip'
    if (matchTar(head)) return 'tar'
    return matchGzip(head) && matchTar(startOfGzip(head)) ? 'tar-gz' : null
  } finally {
    await file.close()
  }
}

/** An end record alone. */
function matchEmptyZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 5 && head[3] === 6
}

/** What the first bytes of a gzip file unpack to; nothing where they are damaged. */
function startOfGzip(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostStartBytes })
  } catch {
    return new Uint8Array()
  }
}

function notThere(path: string, error: unknown): RepriseError {
  const { code } = error as NodeJS.ErrnoException
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
  return new RepriseError(
    {
      code: 'data-missing',
      message: isMissing ? `There is nothing at ${path}` : `${path} cannot be opened`,
      found: refusalInWords(error),
      fix: isMissing ? 'Choose the folder or file again.' : 'Look at the permissions of the folder or file.',
    },
    { cause: error },
  )
}

function neither(path: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${path} is neither a folder nor a file`,
    expected: 'a folder, an archive, or a file of a data set',
    found: 'a pipe or a device',
    fix: 'Choose a folder or file.',
  })
}

/**
 * The same tree, whose root lists and walks the chosen file alone, so that readers look at nothing else first. Files beside and
 * below it are still found and read by their paths, and folders that are named are still listed and walked.
 */
export function treeOfFile(tree: FileTree, chosen: string): FileTree {
  return {
    ...tree,
    list: async (folder) => {
      if (folder !== '') return tree.list(folder)
      const file = await tree.find(chosen)
      return { folders: [], files: file === null ? [] : [file], problems: [] }
    },
    walk: async function* (folder, signal, onProblem) {
      if (folder !== '') return yield* tree.walk(folder, signal, onProblem)
      const file = await tree.find(chosen)
      if (file !== null) yield [file]
    },
  }
}
