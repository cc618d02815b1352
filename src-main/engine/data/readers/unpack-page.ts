// Unpacks one compressed page of a Parquet file (parquet-format, Compression.md).
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors'
import { unpackSnappy, unpackSnappyElements } from '../../formats/snappy.ts'
import type { PagePacking } from './file-tree.ts'

interface Unpacker {
  unpack(packed: Uint8Array, bytes: number): Uint8Array
  /** Bytes that one packed byte can give at most, where memory is reserved before any is unpacked; null where it is not. */
  largestRatio: number | null
}

const unpackers: Record<PagePacking, Unpacker> = {
  snappy: { unpack: unpackSnappy, largestRatio: 64 },
  'snappy-elements': { unpack: unpackSnappyElements, largestRatio: 64 },
  gzip: { unpack: (packed, bytes) => gunzipSync(packed, { maxOutputLength: Math.max(bytes, 1) }), largestRatio: null },
  zstd: {
    unpack: (packed, bytes) => zstdDecompressSync(packed, { maxOutputLength: Math.max(bytes, 1) }),
    largestRatio: null,
  },
  brotli: {
    unpack: (packed, bytes) => brotliDecompressSync(packed, { maxOutputLength: Math.max(bytes, 1) }),
    largestRatio: null,
  },
  lz4: { unpack: decompressLz4, largestRatio: 256 },
  'lz4-raw': { unpack: decompressLz4Raw, largestRatio: 256 },
}

/** Exactly `bytes` bytes. Throws an error of any kind for damaged pages; the reader says which page it is. */
export function unpackPage(packed: Uint8Array, packing: PagePacking, bytes: number): Uint8Array {
  const { unpack, largestRatio } = unpackers[packing]
  if (largestRatio !== null && bytes > packed.length * largestRatio)
    throw new Error(`${bytes} bytes claimed for a page`)
  const page = unpack(packed, bytes)
  if (page.length !== bytes) throw new Error(`${page.length} bytes once unpacked instead of ${bytes}`)
  return page
}
