// Reads the encoded bytes of pictures wherever they lie: files, members of archives, records, pages.
import { closeSync, read as readWithCallback } from 'node:fs'
import { promisify } from 'node:util'
import { inflateRawSync } from 'node:zlib'
import { RepriseError } from '../../../shared/errors.ts'
import { displayName } from './escaped-names.ts'
import type { PictureLocation } from './file-tree.ts'
import { bufferOf, endsEarly, readFully } from './located-bytes.ts'
import { type OpenFile, rootFolder } from './open-below-root.ts'
import { unpackPage } from './unpack-page.ts'

export interface ByteRange {
  offset: number
  bytes: number
}

export interface LocationReader {
  /**
   * The picture's encoded bytes, unpacked; or a range of them. The bytes are the caller's own.
   * Throws `data-missing`, `data-truncated` when the file has become shorter, `data-format` when the path leaves the root, and
   * `picture-broken` for what cannot be opened, unpacked, or is larger than the limit.
   */
  read(location: PictureLocation, range?: ByteRange): Promise<Uint8Array>
  /** The same without a turn of the event loop, for threads that do nothing else. */
  readSync(location: PictureLocation, range?: ByteRange): Uint8Array
  /** Closes the files kept open; reads that are under way still end well. */
  close(): void
}

export interface LocationReaderOptions {
  /** Archives and files of records that stay open between reads. */
  mostOpen?: number
  /** Larger pictures and ranges are refused. */
  mostBytes?: number
}

interface OpenContainer extends OpenFile {
  /** Reads under way. */
  uses: number
  isDropped: boolean
}

type PageLocation = Extract<PictureLocation, { kind: 'page' }>

/** What is to be read from the file before it is unpacked. */
interface Extent {
  offset: number
  bytes: number
}

const readAsync = promisify(readWithCallback)
/** One encoded picture; a larger one could not be decoded within memory either. */
const mostPictureBytes = 256 * 1024 * 1024
/** For trees, which read lists and files of raw pixels whole: the largest buffer that Node fills by one call. */
export const mostBytesAtOnce = 2 ** 31 - 1
/** Pictures of one page that follow each other are unpacked once. */
const mostPageBytesKept = 32 * 1024 * 1024

/**
 * A reader of pictures below `root`, the absolute path of a folder or archive. It keeps at most `mostOpen` (32) files open and at
 * most one unpacked page.
 */
export function createLocationReader(root: string, options: LocationReaderOptions = {}): LocationReader {
  const { mostOpen = 32, mostBytes = mostPictureBytes } = options
  const folder = rootFolder(root)
  // Least recently used first.
  const containers = new Map<string, OpenContainer>()
  let page: { key: string; bytes: Uint8Array } | null = null
  let isClosed = false

  const drop = (path: string, container: OpenContainer) => {
    containers.delete(path)
    container.isDropped = true
    if (container.uses === 0) closeSync(container.descriptor)
  }
  const acquire = (location: PictureLocation): OpenContainer => {
    const known = containers.get(location.path)
    const container = known ?? { ...folder.open(location.path), uses: 0, isDropped: false }
    container.uses += 1
    const isKept = location.kind !== 'file' && mostOpen > 0 && !isClosed
    if (isKept) {
      containers.delete(location.path)
      containers.set(location.path, container)
      const [oldest] = containers
      if (containers.size > mostOpen && oldest !== undefined) drop(...oldest)
    } else if (known === undefined) {
      container.isDropped = true
    }
    return container
  }
  const release = (container: OpenContainer) => {
    container.uses -= 1
    if (container.uses === 0 && container.isDropped) closeSync(container.descriptor)
  }

  // Pieces of a page may begin at the same place and differ in length.
  const pageKey = ({ path, offset, bytes }: PageLocation) => `${path}\n${offset}\n${bytes}`
  const fromKeptPage = (location: PictureLocation, range: ByteRange | undefined) =>
    location.kind === 'page' && page?.key === pageKey(location) ? pictureOfPage(location, page.bytes, range) : null
  const unpack = (location: PictureLocation, packed: Uint8Array, range: ByteRange | undefined): Uint8Array => {
    if (location.kind === 'file' || (location.kind === 'part' && location.packing === 'stored')) return packed
    try {
      if (location.kind === 'part') return cut(inflate(packed, location.unpackedBytes), range)
      const bytes = unpackPage(packed, location.packing, location.unpackedBytes)
      page = bytes.length <= mostPageBytesKept ? { key: pageKey(location), bytes } : null
      return pictureOfPage(location, bytes, range)
    } catch (error) {
      throw error instanceof RepriseError ? error : cannotUnpack(nameOf(location, root), error)
    }
  }

  return {
    read: async (location, range) => {
      const kept = fromKeptPage(location, range)
      if (kept !== null) return kept
      const container = acquire(location)
      let packed: Uint8Array
      try {
        const extent = extentOf(location, container.bytes, range, mostBytes, root)
        packed = await readExtent(container.descriptor, extent)
        if (packed.length < extent.bytes) throw endsEarly(nameOf(location, root), extent.bytes, packed.length)
      } finally {
        release(container)
      }
      return unpack(location, packed, range)
    },
    readSync: (location, range) => {
      const kept = fromKeptPage(location, range)
      if (kept !== null) return kept
      const container = acquire(location)
      try {
        const extent = extentOf(location, container.bytes, range, mostBytes, root)
        const packed = readFully(container.descriptor, extent.offset, bufferOf(extent.bytes))
        if (packed.length < extent.bytes) throw endsEarly(nameOf(location, root), extent.bytes, packed.length)
        return unpack(location, packed, range)
      } finally {
        release(container)
      }
    },
    close: () => {
      isClosed = true
      page = null
      for (const entry of [...containers]) drop(...entry)
    },
  }
}

function extentOf(
  location: PictureLocation,
  fileBytes: number,
  range: ByteRange | undefined,
  mostBytes: number,
  root: string,
): Extent {
  const isPlain = location.kind === 'file' || (location.kind === 'part' && location.packing === 'stored')
  const whole = location.kind === 'file' ? { offset: 0, bytes: fileBytes } : location
  const extent = isPlain && range !== undefined ? within(whole, range, nameOf(location, root)) : whole
  const largest = Math.max(extent.bytes, isPlain ? 0 : location.unpackedBytes)
  if (!Number.isSafeInteger(largest) || largest > mostBytes) throw tooLarge(nameOf(location, root), largest, mostBytes)
  const end = extent.offset + extent.bytes
  if (!(extent.offset >= 0 && extent.bytes >= 0 && end <= fileBytes))
    throw endsEarly(nameOf(location, root), end, fileBytes)
  return extent
}

function within(whole: Extent, range: ByteRange, name: string): Extent {
  if (range.offset + range.bytes > whole.bytes) throw endsEarly(name, range.offset + range.bytes, whole.bytes)
  return { offset: whole.offset + range.offset, bytes: range.bytes }
}

async function readExtent(descriptor: number, { offset, bytes }: Extent): Promise<Uint8Array> {
  const buffer = bufferOf(bytes)
  let filled = 0
  while (filled < bytes) {
    const { bytesRead } = await readAsync(descriptor, buffer, filled, bytes - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

function inflate(packed: Uint8Array, bytes: number): Uint8Array {
  const unpacked = inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) })
  if (unpacked.length !== bytes) throw new Error(`${unpacked.length} bytes once unpacked instead of ${bytes}`)
  return unpacked
}

function pictureOfPage(location: PageLocation, page: Uint8Array, range: ByteRange | undefined): Uint8Array {
  const { start, length } = location
  if (start < 0 || length < 0 || start + length > page.length) {
    throw endsEarly(displayName(location.path), start + length, page.length)
  }
  // A copy: the page may be kept for the pictures beside it.
  return cut(page.slice(start, start + length), range)
}

function cut(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  if (range === undefined) return bytes
  if (range.offset + range.bytes > bytes.length) {
    throw endsEarly('The picture', range.offset + range.bytes, bytes.length)
  }
  return bytes.subarray(range.offset, range.offset + range.bytes)
}

function nameOf(location: PictureLocation, root: string): string {
  return displayName(location.path) || root
}

function cannotUnpack(name: string, error: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'picture-broken',
      message: `A picture in ${name} cannot be unpacked`,
      found: error instanceof Error ? error.message : String(error),
      fix: 'Get the file again from its source.',
    },
    { cause: error },
  )
}

function tooLarge(name: string, bytes: number, mostBytes: number): RepriseError {
  return new RepriseError({
    code: 'picture-broken',
    message: `${name} is too large to be read`,
    expected: `at most ${mostBytes} bytes`,
    found: `${bytes} bytes`,
    fix: 'Leave it out, or store it as a smaller picture.',
  })
}
