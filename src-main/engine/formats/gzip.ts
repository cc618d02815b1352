// Gzip with the errors a reader of data files can act on.
import { gunzipSync } from 'node:zlib'
import { RepriseError } from '../../shared/errors.ts'

const mostBytes = 2 ** 31

/** True when the bytes begin as a gzip stream. */
export function matchGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Unpacks a whole gzip file of at most 2 GiB unpacked.
 * Throws `data-truncated` when it ends too early, `data-format` when it is damaged or too large.
 */
export function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const isCut = code === 'Z_BUF_ERROR'
    throw new RepriseError(
      {
        code: isCut ? 'data-truncated' : 'data-format',
        message: isCut ? `${name} ends too early` : `${name} cannot be unpacked`,
        expected: 'a whole gzip file of at most 2 GiB unpacked',
        found: `${message} after reading ${bytes.length} bytes`,
        fix: 'Get the file again from its source.',
      },
      { cause: error },
    )
  }
}
