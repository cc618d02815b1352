// IDX, the format of MNIST and its relatives (LeCun, Cortes and Burges): two zero bytes, a type byte, the number of
// dimensions, big-endian sizes, then the values.
import { RepriseError } from '../../shared/errors.ts'

export interface IdxArray {
  /** [n] for labels, [n, height, width] or [n, height, width, channels] for pictures. */
  shape: number[]
  /** A view into the bytes that were given. */
  data: Uint8Array
}

const unsignedByte = 0x08

/** True when the bytes begin as an IDX file of unsigned bytes with one to four dimensions. */
export function matchIdx(bytes: Uint8Array): boolean {
  const dimensions = bytes[3] ?? 0
  return bytes[0] === 0 && bytes[1] === 0 && bytes[2] === unsignedByte && dimensions >= 1 && dimensions <= 4
}

/**
 * Reads one IDX file of unsigned bytes.
 * Throws `data-format` when it is no such file or holds more than its header says, `data-truncated` when it holds less.
 */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  if (bytes.length < 4) throw truncated(name, 'a header of at least 4 bytes', bytes.length)
  if (!matchIdx(bytes)) {
    throw new RepriseError({
      code: 'data-format',
      message: `${name} is not an IDX file of unsigned bytes`,
      expected: 'the first bytes 00 00 08 and one to four dimensions',
      found: Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' '),
      fix: 'Choose the original IDX files, compressed or not.',
    })
  }
  const dimensions = bytes[3] ?? 0
  const offset = 4 + 4 * dimensions
  if (bytes.length < offset) throw truncated(name, `a header of ${offset} bytes`, bytes.length)
  const header = new DataView(bytes.buffer, bytes.byteOffset, offset)
  const shape = Array.from({ length: dimensions }, (_, axis) => header.getUint32(4 + 4 * axis))
  const expected = offset + shape.reduce((product, size) => product * size, 1)
  if (bytes.length < expected) throw truncated(name, `${expected} bytes for ${shape.join(' x ')} values`, bytes.length)
  if (bytes.length > expected) {
    throw new RepriseError({
      code: 'data-format',
      message: `${name} is longer than its header says`,
      expected: `${expected} bytes for ${shape.join(' x ')} values`,
      found: `${bytes.length} bytes`,
      fix: 'Get the file again from its source.',
    })
  }
  return { shape, data: bytes.subarray(offset) }
}

function truncated(name: string, expected: string, found: number): RepriseError {
  return new RepriseError({
    code: 'data-truncated',
    message: `${name} ends too early`,
    expected,
    found: `${found} bytes`,
    fix: 'The copy or download was cut off: get the file again from its source.',
  })
}
