// A folder of files on disk as a tree.
import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { displayName, nameOfBytes } from './escaped-names.ts'
import type { FileTree, SourceProblem, TreeFile, TreeFolder } from './file-tree.ts'
import { nameOrder } from './natural-names.ts'
import { type RootFolder, refusalInWords, rootFolder } from './open-below-root.ts'
import { createLocationReader, mostBytesAtOnce } from './read-location.ts'

const filesPerChunk = 4096

/**
 * The tree of a folder. Links to files are followed where the target is a regular file below the folder; links to folders are not,
 * so that no loop is possible. Reading of folders is synchronous with turns for the event loop, for the processes that prepare
 * data: asynchronous calls are several times slower for many small files.
 */
export function openFolderTree(root: string): FileTree {
  const held = rootFolder(root)
  const reader = createLocationReader(root, { mostOpen: 0, mostBytes: mostBytesAtOnce })

  async function* walk(
    folder: string,
    signal: AbortSignal,
    onProblem?: (problem: SourceProblem) => void,
  ): AsyncGenerator<TreeFile[]> {
    const breaks = eventLoopBreaks()
    // Last one first; a loop, because folders may be nested deeper than calls can be.
    const pending = [folder]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      throwIfCancelled(signal)
      const { folders, files, problem } = namesIn(held, next)
      if (problem !== null) onProblem?.(problem)
      for (let from = 0; from < files.length; from += filesPerChunk) {
        const chunk: TreeFile[] = []
        for (const entry of files.slice(from, from + filesPerChunk)) {
          const file = fileAt(held, entry)
          if ('reason' in file) onProblem?.(file)
          else chunk.push(file)
          // The clock is cheap, a promise for each file is not.
          if (chunk.length % 256 === 0) await breaks()
        }
        throwIfCancelled(signal)
        if (chunk.length > 0) yield chunk
      }
      await breaks()
      for (const name of folders.reverse()) pending.push(pathOf(next, name))
    }
  }

  return {
    kind: 'folder',
    root,
    name: basename(root),
    archive: null,
    list: async (folder) => list(held, folder),
    walk,
    find: async (path) => {
      if (path === '' || !held.holds(path)) return null
      const file = fileAt(held, { path, kind: 'unknown' })
      return 'reason' in file ? null : file
    },
    read: (file, range) => reader.read(file.location, range),
  }
}

/** Some network file systems tell no kinds. */
type EntryKind = 'folder' | 'file' | 'link' | 'special' | 'unknown'

interface NamedEntry {
  path: string
  kind: EntryKind
}

interface FolderNames {
  folders: string[]
  files: NamedEntry[]
  /** Why the folder itself cannot be read. */
  problem: SourceProblem | null
}

function list(held: RootFolder, folder: string): TreeFolder {
  const { folders, files: entries, problem } = namesIn(held, folder)
  const files: TreeFile[] = []
  const problems = problem === null ? [] : [problem]
  for (const entry of entries) {
    const file = fileAt(held, entry)
    if ('reason' in file) problems.push(file)
    else files.push(file)
  }
  return { folders, files, problems }
}

/** What is directly in a folder, without looking at the files themselves; nothing for a folder that is not there. */
function namesIn(held: RootFolder, folder: string): FolderNames {
  const nothing = { folders: [], files: [], problem: null }
  // The folder itself is held when it is the folder of something held.
  if (folder !== '' && !held.holds(`${folder}/-`)) return nothing
  let entries: { name: string; kind: EntryKind }[]
  try {
    entries = entriesOf(held.systemPath(folder))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return nothing
    return { ...nothing, problem: { name: displayName(folder) || '.', reason: refusalInWords(error) } }
  }
  const visible = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => nameOrder(a.name, b.name))
  return {
    folders: visible.filter(({ kind }) => kind === 'folder').map(({ name }) => name),
    files: visible.flatMap(({ name, kind }) => (kind === 'folder' ? [] : [{ path: pathOf(folder, name), kind }])),
    problem: null,
  }
}

/** Names are read as text, which is fast, and again as bytes when a name holds U+FFFD, which may stand for a byte. */
function entriesOf(path: string | Buffer): { name: string; kind: EntryKind }[] {
  const entries = readdirSync(path, { withFileTypes: true, encoding: 'utf8' })
  if (!entries.some(({ name }) => name.includes('\ufffd'))) {
    return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
  }
  const asBytes = readdirSync(path, { withFileTypes: true, encoding: 'buffer' })
  return asBytes.map((entry) => ({ name: nameOfBytes(entry.name), kind: kindOf(entry) }))
}

function kindOf(entry: Dirent<string | Buffer>): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  if (entry.isSymbolicLink()) return 'link'
  const isSpecial = entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice()
  return isSpecial ? 'special' : 'unknown'
}

/** The file, or why it is none. */
function fileAt(held: RootFolder, { path, kind }: NamedEntry): TreeFile | SourceProblem {
  const problem = (reason: string) => ({ name: displayName(path), reason })
  try {
    const systemPath = held.systemPath(path)
    let found = lstatSync(systemPath)
    if (kind !== 'file' && found.isSymbolicLink()) {
      found = statSync(systemPath)
      if (found.isDirectory()) return problem('It is a link to a folder, which is not followed')
      if (!held.holdsTarget(path)) return problem('It is a link to a file outside the folder')
    }
    if (!found.isFile()) return problem('It is no regular file')
    return { path, bytes: found.size, location: { kind: 'file', path } }
  } catch (error) {
    return problem(refusalInWords(error))
  }
}

function pathOf(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
