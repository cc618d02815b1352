// One file or one stored part of a file, read at any place: for scanning archives and files of records.
import { closeSync, readSync } from 'node:fs'
import { RepriseError } from '../../../shared/errors.ts'
import { displayName } from './escaped-names.ts'
import type { PictureLocation } from './file-tree.ts'
import { rootFolder } from './open-below-root.ts'

export interface LocatedBytes {
  /** Bytes there are. */
  bytes: number
  /**
   * Exactly `length` bytes from `offset`, as a view that holds until the next call. Synchronous, for the processes that prepare
   * data: millions of short reads are many times faster so. Throws `data-truncated` past the end.
   */
  read(offset: number, length: number): Uint8Array
  /** Where a range of these bytes lies from the root of the tree. */
  locate(offset: number, length: number): Extract<PictureLocation, { kind: 'part' }>
  close(): void
}

/** Read ahead when the reads follow each other closely; a jump reads little more than is asked for. */
const aheadBytes = 1024 * 1024
const jumpBytes = 4096
const closely = 64 * 1024

/**
 * Opens the bytes at a location below `root`; `name` is for errors.
 * Throws `data-format` for a part that is stored compressed, which has no random access; else as `RootFolder.open`.
 */
export function openLocatedBytes(
  root: string,
  location: PictureLocation,
  name = displayName(location.path) || root,
): LocatedBytes {
  if (location.kind === 'page' || (location.kind === 'part' && location.packing !== 'stored')) {
    throw new RepriseError({
      code: 'data-format',
      message: `${name} is compressed by its archive, so it cannot be read in place`,
      expected: 'a folder, or an archive that stores it without compression',
      found: 'compression by deflate',
      fix: 'Unpack the archive and choose the folder.',
    })
  }
  const { descriptor, bytes: fileBytes } = rootFolder(root).open(location.path)
  const base = location.kind === 'part' ? location.offset : 0
  const bytes = location.kind === 'part' ? location.bytes : fileBytes
  if (base + bytes > fileBytes) {
    closeSync(descriptor)
    throw endsEarly(name, base + bytes, fileBytes)
  }
  let buffer = bufferOf(jumpBytes)
  let window: Uint8Array = new Uint8Array()
  let windowStart = 0

  return {
    bytes,
    read: (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes) throw endsEarly(name, offset + length, bytes)
      const windowEnd = windowStart + window.length
      if (offset >= windowStart && offset + length <= windowEnd) {
        return window.subarray(offset - windowStart, offset - windowStart + length)
      }
      const isClose = offset >= windowStart && offset <= windowEnd + closely
      const wanted = Math.min(Math.max(length, isClose ? aheadBytes : jumpBytes), bytes - offset)
      if (wanted > buffer.length) buffer = bufferOf(wanted)
      window = readFully(descriptor, base + offset, buffer.subarray(0, wanted))
      windowStart = offset
      if (window.length < length) throw endsEarly(name, offset + length, offset + window.length)
      return window.subarray(0, length)
    },
    locate: (offset, length) => ({
      kind: 'part',
      path: location.path,
      offset: base + offset,
      bytes: length,
      packing: 'stored',
      unpackedBytes: length,
    }),
    close: () => closeSync(descriptor),
  }
}

/** Fills the buffer from the file and gives what was filled, which is less only where the file ends. */
export function readFully(descriptor: number, position: number, buffer: Uint8Array): Uint8Array {
  let filled = 0
  while (filled < buffer.length) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return buffer.subarray(0, filled)
}

/** Not cleared, as it is filled at once, and with memory of its own, so that it can be handed to another thread. */
export function bufferOf(bytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer)
}

/** `data-truncated`, for a file that is shorter than what is known to be in it. */
export function endsEarly(name: string, expected: number, found: number): RepriseError {
  return new RepriseError({
    code: 'data-truncated',
    message: `${name} ends too early`,
    expected: `at least ${expected} bytes`,
    found: `${found} bytes`,
    fix: 'The file was cut off or changed: get it again from its source, and add the data set again.',
  })
}
