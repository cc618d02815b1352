// The members of an archive as a tree. An archive may hold more than a million, so a folder keeps columns, not objects.
import { RepriseError } from '../../../shared/errors.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { displayName } from './escaped-names.ts'
import type { FileTree, PictureLocation, SourceProblem, TreeFile } from './file-tree.ts'
import { nameOrder } from './natural-names.ts'

export interface ArchiveMember {
  offset: number
  /** As they lie in the archive; those of `unpackedBytes` where it is stored. */
  bytes: number
  packing: 'stored' | 'deflate'
  unpackedBytes: number
}

export interface ArchiveIndex {
  /** Adds a member under a path of `pathOfMember`. Of two with the same path the later one counts, as when unpacking. */
  add(path: string, member: ArchiveMember): void
  addProblem(path: string, reason: string): void
  /** Members there are. */
  count(): number
  tree(archive: Pick<FileTree, 'kind' | 'root' | 'name' | 'read'> & { location: ArchiveLocation }): FileTree
}

/** Where an archive lies: '' is the root itself. */
export interface ArchiveLocation {
  path: string
  offset: number
  bytes: number
}

interface ArchiveFolder {
  folders: Set<string>
  names: string[]
  offsets: number[]
  bytes: number[]
  unpackedBytes: number[]
  deflated: boolean[]
  problems: SourceProblem[]
  isSorted: boolean
}

const filesPerChunk = 4096
/** Notes that macOS adds to archives, one for each file. */
const notes = '__MACOSX'

/**
 * The path of a member in its tree: without `./`. Null for folders, and for what archives hold beside the data.
 * Throws `data-format` for a name that is absolute or holds `..`: an honest writer makes no such archive.
 */
export function pathOfMember(name: string, archive: string): string | null {
  const parts = name.split('/').filter((part) => part !== '.' && part !== '')
  if (name.startsWith('/') || /^[A-Za-z]:[/\\]/.test(name) || parts.includes('..')) {
    throw new RepriseError({
      code: 'data-format',
      message: `${archive} holds a file that would lie outside of it`,
      expected: 'names below the archive',
      found: displayName(name),
      fix: 'Do not trust this archive: get it again from its source.',
    })
  }
  if (name.endsWith('/') || parts.length === 0 || parts[0] === notes) return null
  return parts.join('/')
}

export function archiveIndex(): ArchiveIndex {
  const folders = new Map<string, ArchiveFolder>()
  let count = 0

  const folderAt = (path: string): ArchiveFolder => {
    const known = folders.get(path)
    if (known !== undefined) return known
    const made: ArchiveFolder = {
      folders: new Set(),
      names: [],
      offsets: [],
      bytes: [],
      unpackedBytes: [],
      deflated: [],
      problems: [],
      isSorted: false,
    }
    folders.set(path, made)
    if (path !== '') {
      const [above, name] = divided(path)
      folderAt(above).folders.add(name)
    }
    return made
  }

  return {
    add: (path, { offset, bytes, packing, unpackedBytes }) => {
      const [above, name] = divided(path)
      const folder = folderAt(above)
      folder.names.push(name)
      folder.offsets.push(offset)
      folder.bytes.push(bytes)
      folder.unpackedBytes.push(unpackedBytes)
      folder.deflated.push(packing === 'deflate')
      count += 1
    },
    addProblem: (path, reason) => {
      folderAt(divided(path)[0]).problems.push({ name: displayName(path), reason })
    },
    count: () => count,
    tree: (archive) => treeOf(folders, archive),
  }
}

function treeOf(folders: ReadonlyMap<string, ArchiveFolder>, archive: Parameters<ArchiveIndex['tree']>[0]): FileTree {
  const container = archive.location.path
  const sorted = (path: string) => {
    const folder = folders.get(path)
    if (folder !== undefined && !folder.isSorted) sort(folder)
    return folder
  }
  const fileAt = (path: string, folder: ArchiveFolder, i: number): TreeFile => {
    const name = folder.names[i] ?? ''
    const unpackedBytes = folder.unpackedBytes[i] ?? 0
    const location: PictureLocation = {
      kind: 'part',
      path: container,
      offset: folder.offsets[i] ?? 0,
      bytes: folder.bytes[i] ?? 0,
      packing: folder.deflated[i] === true ? 'deflate' : 'stored',
      unpackedBytes,
    }
    return { path: path === '' ? name : `${path}/${name}`, bytes: unpackedBytes, location }
  }
  const visibleFolders = (folder: ArchiveFolder) =>
    [...folder.folders].filter((name) => !name.startsWith('.')).sort(nameOrder)
  const filesOf = (path: string, folder: ArchiveFolder, from: number, to: number) => {
    const files: TreeFile[] = []
    for (let i = from; i < Math.min(to, folder.names.length); i++) {
      if (folder.names[i]?.startsWith('.') === false) files.push(fileAt(path, folder, i))
    }
    return files
  }

  return {
    kind: archive.kind,
    root: archive.root,
    name: archive.name,
    archive: { kind: 'part', ...archive.location, packing: 'stored', unpackedBytes: archive.location.bytes },
    list: async (path) => {
      const folder = sorted(path)
      if (folder === undefined) return { folders: [], files: [], problems: [] }
      const files = filesOf(path, folder, 0, folder.names.length)
      return { folders: visibleFolders(folder), files, problems: [...folder.problems] }
    },
    walk: async function* (from, signal, onProblem) {
      const breaks = eventLoopBreaks()
      const pending = [from]
      for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
        throwIfCancelled(signal)
        const folder = sorted(path)
        if (folder === undefined) continue
        for (const problem of folder.problems) onProblem?.(problem)
        for (let at = 0; at < folder.names.length; at += filesPerChunk) {
          throwIfCancelled(signal)
          const files = filesOf(path, folder, at, at + filesPerChunk)
          if (files.length > 0) yield files
          await breaks()
        }
        for (const name of visibleFolders(folder).reverse()) pending.push(path === '' ? name : `${path}/${name}`)
      }
    },
    find: async (path) => {
      const [above, name] = divided(path)
      const folder = sorted(above)
      if (folder === undefined) return null
      const i = placeOf(folder.names, name)
      return i === null ? null : fileAt(above, folder, i)
    },
    read: archive.read,
  }
}

function divided(path: string): [folder: string, name: string] {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)]
}

function sort(folder: ArchiveFolder): void {
  const { names } = folder
  const order = names.map((_, i) => i).sort((a, b) => nameOrder(names[a] ?? '', names[b] ?? '') || a - b)
  const kept = order.filter((i, place) => names[i] !== names[order[place + 1] ?? -1])
  const inOrder = <T>(column: readonly T[]) => kept.map((i) => column[i] as T)
  folder.names = inOrder(folder.names)
  folder.offsets = inOrder(folder.offsets)
  folder.bytes = inOrder(folder.bytes)
  folder.unpackedBytes = inOrder(folder.unpackedBytes)
  folder.deflated = inOrder(folder.deflated)
  folder.isSorted = true
}

function placeOf(names: readonly string[], name: string): number | null {
  let low = 0
  let high = names.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const order = nameOrder(names[middle] ?? '', name)
    if (order === 0) return middle
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return null
}
