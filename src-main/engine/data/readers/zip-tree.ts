// A zip archive (zip64 too) as a tree, by its central directory. Stored and deflated members are read in place.
import { basename } from 'node:path'
import yauzl from 'yauzl'
import { RepriseError } from '../../../shared/errors.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { type ArchiveLocation, archiveIndex, pathOfMember } from './archive-index.ts'
import { displayName, nameOfBytes } from './escaped-names.ts'
import type { FileTree } from './file-tree.ts'
import { type LocatedBytes, openLocatedBytes } from './located-bytes.ts'
import { createLocationReader, mostBytesAtOnce } from './read-location.ts'

const stored = 0
const deflated = 8
/** Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes by one bit of length and one of distance). */
const largestRatio = 1032
const localHeaderBytes = 30
const localHeaderSignature = 0x04034b50

/**
 * The tree of the zip archive at `root`. Members that are encrypted, packed in another way, or that claim more than deflate can
 * give are told as problems.
 * Throws `data-format` for an archive whose directory is damaged, whose members overlap or would lie outside of it; `cancelled`.
 */
export async function openZipTree(root: string, archive: ArchiveLocation, signal?: AbortSignal): Promise<FileTree> {
  const name = basename(displayName(archive.path === '' ? root : archive.path))
  const location = { kind: 'part', ...archive, packing: 'stored', unpackedBytes: archive.bytes } as const
  // Two, because the directory and the headers of the members are read in turns and lie far apart.
  const directory = openLocatedBytes(root, location)
  const bytes = openLocatedBytes(root, location)
  const index = archiveIndex()
  try {
    const members: { offset: number; end: number }[] = []
    const breaks = eventLoopBreaks()
    for await (const entry of entriesOf(directory, name)) {
      if (members.length % 64 === 0) await breaks()
      if (signal !== undefined) throwIfCancelled(signal)
      const path = pathOfMember(nameOf(entry), name)
      if (path === null) continue
      const reason = reasonToSkip(entry)
      if (reason !== null) {
        index.addProblem(path, reason)
        continue
      }
      const offset = startOfData(bytes, entry)
      const end = (offset ?? 0) + entry.compressedSize
      if (offset === null) index.addProblem(path, 'Its header is damaged')
      else if (end > bytes.bytes) index.addProblem(path, 'The archive ends inside of it')
      else {
        members.push({ offset: entry.relativeOffsetOfLocalHeader, end })
        index.add(path, {
          offset: archive.offset + offset,
          bytes: entry.compressedSize,
          packing: entry.compressionMethod === deflated ? 'deflate' : 'stored',
          unpackedBytes: entry.uncompressedSize,
        })
      }
    }
    requireApart(members, name)
  } finally {
    directory.close()
    bytes.close()
  }
  const reader = createLocationReader(root, { mostOpen: 0, mostBytes: mostBytesAtOnce })
  return index.tree({
    kind: 'zip',
    root,
    name: name.replace(/\.zip$/i, ''),
    location: archive,
    read: (file, range) => reader.read(file.location, range),
  })
}

async function* entriesOf(bytes: LocatedBytes, name: string): AsyncGenerator<yauzl.Entry> {
  try {
    const reader = new ZipBytes(bytes)
    // Names are judged here, so that one with a backslash of Windows does not end the archive.
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, bytes.bytes, {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    })
    yield* zip.eachEntry()
  } catch (error) {
    throw damaged(name, error)
  }
}

/** Reads at once from a window of the file, where yauzl's own reader waits twice for each member. */
class ZipBytes extends yauzl.RandomAccessReader {
  readonly #bytes: LocatedBytes

  constructor(bytes: LocatedBytes) {
    super()
    this.#bytes = bytes
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    try {
      buffer.set(this.#bytes.read(position, length), offset)
    } catch (error) {
      callback(error as Error)
      return
    }
    callback(null)
  }
}

/** Writers that set no flag for UTF-8 often write it all the same; else the archive's own rule holds, code page 437. */
function nameOf(entry: yauzl.Entry): string {
  const raw = entry.fileNameRaw
  const asUtf8 = nameOfBytes(raw)
  const isUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0 || !asUtf8.includes('\0')
  const hasUnicodePath = entry.extraFields.some(({ id }) => id === 0x7075)
  if (isUtf8 && !hasUnicodePath) return asUtf8.replaceAll('\\', '/')
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false)
}

function reasonToSkip(entry: yauzl.Entry): string | null {
  const { compressionMethod: method, compressedSize, uncompressedSize } = entry
  if (entry.isEncrypted()) return 'It is encrypted'
  if (method !== stored && method !== deflated) return `It is packed by method ${method}, which is not supported`
  if (method === stored && compressedSize !== uncompressedSize) return 'Its sizes contradict each other'
  if (uncompressedSize > compressedSize * largestRatio) return 'It claims to unpack to more than is possible'
  return null
}

/**
 * The local header says where the data starts: its name and extra field may differ in length from those of the directory. Null
 * where there is no such header.
 */
function startOfData(bytes: LocatedBytes, entry: yauzl.Entry): number | null {
  const at = entry.relativeOffsetOfLocalHeader
  if (at + localHeaderBytes > bytes.bytes) return null
  const header = bytes.read(at, localHeaderBytes)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (view.getUint32(0, true) !== localHeaderSignature) return null
  return at + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true)
}

/** Members that share bytes make a small archive unpack to a huge one. */
function requireApart(members: { offset: number; end: number }[], name: string): void {
  members.sort((a, b) => a.offset - b.offset)
  const overlap = members.findIndex(({ end }, i) => end > (members[i + 1]?.offset ?? end))
  if (overlap !== -1) throw damaged(name, new Error(`members that overlap at byte ${members[overlap + 1]?.offset}`))
}

function damaged(name: string, error: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'data-format',
      message: `${name} is not a readable zip archive`,
      expected: 'a whole archive with a sound directory',
      found: error instanceof Error ? error.message : String(error),
      fix: 'The copy or download was cut off or changed: get the archive again from its source.',
    },
    { cause: error },
  )
}
