// A tar archive as a tree. Its headers are read one by one, its data stays where it is.
import { basename } from 'node:path'
import { RepriseError } from '../../../shared/errors.ts'
import { tarMembers } from '../../formats/tar.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { type ArchiveLocation, archiveIndex, pathOfMember } from './archive-index.ts'
import { displayName, nameOfBytes } from './escaped-names.ts'
import type { FileTree } from './file-tree.ts'
import { openLocatedBytes } from './located-bytes.ts'
import { createLocationReader, mostBytesAtOnce } from './read-location.ts'

/**
 * The tree of an uncompressed tar that lies at `archive` below `root`: at offset 0 of a file, or inside another archive. Its
 * locations start from `root`. Members after damage are told as a problem of the root folder.
 * Throws `data-format` when the first header is damaged or a member would lie outside, `cancelled`.
 */
export async function openTarTree(root: string, archive: ArchiveLocation, signal?: AbortSignal): Promise<FileTree> {
  const name = basename(displayName(archive.path === '' ? root : archive.path))
  const location = { kind: 'part', ...archive, packing: 'stored', unpackedBytes: archive.bytes } as const
  const bytes = openLocatedBytes(root, location)
  const index = archiveIndex()
  const members = tarMembers(bytes.read, bytes.bytes, name)
  const nextMember = () => {
    try {
      return members.next().value ?? null
    } catch (error) {
      if (!(error instanceof RepriseError) || index.count() === 0) throw error
      index.addProblem(name, `${error.message}: what comes after it is left out`)
      return null
    }
  }
  try {
    const breaks = eventLoopBreaks()
    let seen = 0
    for (let member = nextMember(); member !== null; member = nextMember()) {
      if (++seen % 256 === 0) await breaks()
      if (signal !== undefined) throwIfCancelled(signal)
      if (member.kind === 'other') continue
      const path = pathOfMember(nameOfBytes(member.name), name)
      if (path === null) continue
      if (member.kind === 'sparse') index.addProblem(path, 'It is stored with holes, which is not supported')
      else {
        const offset = archive.offset + member.offset
        index.add(path, { offset, bytes: member.bytes, packing: 'stored', unpackedBytes: member.bytes })
      }
    }
  } finally {
    bytes.close()
  }
  const reader = createLocationReader(root, { mostOpen: 0, mostBytes: mostBytesAtOnce })
  return index.tree({
    kind: 'tar',
    root,
    name: name.replace(/\.tar$/i, ''),
    location: archive,
    read: (file, range) => reader.read(file.location, range),
  })
}
