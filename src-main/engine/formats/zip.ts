// Zip archives held in memory, whole: checkpoints of PyTorch and Keras are such archives, with their big entries stored as
// they are. yauzl reads the directory and checks names and sizes.
import { crc32, inflateRawSync } from 'node:zlib'
import yauzl from 'yauzl'
import { RepriseError } from '../../shared/errors.ts'

const mostEntries = 100_000
/** Packed entries hold descriptions, not weights. */
const mostUnpackedBytes = 256 * 1024 * 1024
const stored = 0
const deflated = 8

/** True when the bytes begin as a zip archive that holds something. */
export function matchZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4
}

/**
 * The entries by name: views into `bytes` where they are stored, unpacked copies otherwise.
 * Throws `data-format` for archives that are damaged (each entry's CRC-32 is checked), encrypted, or that unpack to more
 * than 256 MiB.
 */
export async function readZip(bytes: Uint8Array, file: string): Promise<Map<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>()
  let unpackedBytes = 0
  let storedBytes = 0
  try {
    const zip = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    if (zip.entryCount > mostEntries) throw new Error(`${zip.entryCount} entries`)
    for await (const entry of zip.eachEntry()) {
      const { fileName: name, compressedSize, uncompressedSize, compressionMethod } = entry
      if (name.endsWith('/')) continue
      if (entries.has(name)) throw new Error(`two entries ${name}`)
      if (entry.isEncrypted()) throw new Error(`an encrypted entry ${name}`)
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
      const packed = bytes.subarray(fileDataStart, fileDataStart + compressedSize)
      if (packed.length !== compressedSize) throw new Error(`the entry ${name} cut off`)
      // Entries that overlap would make little bytes stand for many.
      storedBytes += compressedSize
      if (storedBytes > bytes.length) throw new Error('entries that overlap')
      if (compressionMethod === deflated) unpackedBytes += uncompressedSize
      if (unpackedBytes > mostUnpackedBytes) throw new Error(`${unpackedBytes} bytes once unpacked`)
      const data = unpack(packed, compressionMethod, uncompressedSize)
      if (data.length !== uncompressedSize || crc32(data) !== entry.crc32) throw new Error(`the entry ${name} changed`)
      entries.set(name, data)
    }
  } catch (error) {
    throw new RepriseError(
      {
        code: 'data-format',
        message: `${file} is not a whole zip archive`,
        expected: 'an archive with sound entries',
        found: (error as Error).message,
        fix: 'The copy or download was cut off or changed: get the file again from its source.',
      },
      { cause: error },
    )
  }
  return entries
}

function unpack(packed: Uint8Array, method: number, size: number): Uint8Array {
  if (method === stored) return packed
  if (method !== deflated) throw new Error(`the compression method ${method}`)
  return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) })
}
