// TFRecord files (tensorflow/core/lib/io/record_writer.h): per record a length of 8 bytes, its checksum, the data, its checksum;
// checksums are CRC-32C, masked.
import { RepriseError } from '../../shared/errors.ts'
import { crc32c } from './crc32c.ts'

export interface TfRecord {
  offset: number
  bytes: number
}

const headerBytes = 12
const footerBytes = 4

/** True when the bytes begin with a record header whose checksum holds. */
export function matchTfRecord(bytes: Uint8Array): boolean {
  return bytes.length >= headerBytes && lengthOf(bytes.subarray(0, headerBytes)) !== null
}

/**
 * The records of a file of `total` bytes in their order, reading headers alone; `dataHolds` checks a record's data.
 * Throws `data-format` at a header whose checksum does not hold, after which nothing can be found any more, and
 * `data-truncated` for a record that reaches past the end.
 */
export function* tfRecords(
  read: (offset: number, length: number) => Uint8Array,
  total: number,
  file: string,
): Generator<TfRecord> {
  let at = 0
  while (at < total) {
    const header = at + headerBytes <= total ? read(at, headerBytes) : null
    const length = header === null ? null : lengthOf(header)
    if (header !== null && length === null) {
      throw new RepriseError({
        code: 'data-format',
        message: `${file} is damaged`,
        expected: `a record header whose checksum holds at byte ${at}`,
        fix: 'Get the file again from its source.',
      })
    }
    const end = at + headerBytes + (length ?? 0) + footerBytes
    if (length === null || end > total) {
      throw new RepriseError({
        code: 'data-truncated',
        message: `${file} ends inside a record`,
        expected: `at least ${end} bytes`,
        found: `${total} bytes`,
        fix: 'The copy or download was cut off: get the file again from its source.',
      })
    }
    yield { offset: at + headerBytes, bytes: length }
    at = end
  }
}

/** Whether the checksum of a record's data holds. */
export function dataHolds(read: (offset: number, length: number) => Uint8Array, { offset, bytes }: TfRecord): boolean {
  const data = read(offset, bytes + footerBytes)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return masked(crc32c(data.subarray(0, bytes))) === view.getUint32(bytes, true)
}

function lengthOf(header: Uint8Array): number | null {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (!Number.isSafeInteger(length)) return null
  return masked(crc32c(header.subarray(0, 8))) === view.getUint32(8, true) ? length : null
}

/** Rotated by 15 bits and shifted, so that checksums of data with checksums in it are sound. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
