// Tar archives (POSIX ustar and pax, with GNU long names): enough to read data out of a downloaded archive.
import { RepriseError } from '../../shared/errors.ts'

export interface TarFile {
  name: string
  /** A view into the archive's bytes. */
  data: Uint8Array
}

const block = 512
const text = new TextDecoder()

/** True when the bytes begin with a tar header whose checksum holds. */
export function matchTar(bytes: Uint8Array): boolean {
  return bytes.length >= block && headerSumHolds(bytes.subarray(0, block))
}

/**
 * Lists the regular files of an uncompressed tar archive; folders, links and devices are left out.
 * Throws `data-truncated` when a file reaches past the end, `data-format` when a header is damaged.
 */
export function readTar(bytes: Uint8Array, archive: string): TarFile[] {
  const files: TarFile[] = []
  let longName: string | undefined
  let longSize: number | undefined
  let at = 0
  while (at + block <= bytes.length) {
    const header = bytes.subarray(at, at + block)
    if (header.every((byte) => byte === 0)) return files
    if (!headerSumHolds(header)) throw damaged(archive, `a header with a valid checksum at byte ${at}`)
    const type = String.fromCharCode(header[156] ?? 0)
    const describesNext = type === 'L' || type === 'x' || type === 'g' || type === 'K'
    const size = describesNext ? numberField(header, 124, 12) : (longSize ?? numberField(header, 124, 12))
    if (!Number.isSafeInteger(size)) throw damaged(archive, `a readable size at byte ${at}`)
    const start = at + block
    if (start + size > bytes.length) {
      throw new RepriseError({
        code: 'data-truncated',
        message: `${archive} ends inside ${longName ?? entryName(header)}`,
        expected: `at least ${start + size} bytes`,
        found: `${bytes.length} bytes`,
        fix: 'The copy or download was cut off: get the archive again from its source.',
      })
    }
    const data = bytes.subarray(start, start + size)
    if (type === 'L') longName = textField(data, 0, data.length)
    else if (type === 'x') {
      const records = paxRecords(data)
      longName = records.get('path') ?? longName
      const paxSize = records.get('size')
      longSize = paxSize === undefined ? undefined : Number(paxSize)
      if (longSize !== undefined && !(Number.isSafeInteger(longSize) && longSize >= 0)) {
        throw damaged(archive, `a readable size at byte ${at}`)
      }
    } else if (!describesNext) {
      if (type === '0' || type === '\0' || type === '7') files.push({ name: longName ?? entryName(header), data })
      longName = undefined
      longSize = undefined
    }
    at = start + Math.ceil(size / block) * block
  }
  // An archive ends with zero blocks; some writers leave them out, but then it ends on a block boundary.
  if (at !== bytes.length && at < bytes.length) {
    throw new RepriseError({
      code: 'data-truncated',
      message: `${archive} ends inside a header`,
      expected: `a header of ${block} bytes at byte ${at}`,
      found: `${bytes.length - at} bytes`,
      fix: 'The copy or download was cut off: get the archive again from its source.',
    })
  }
  return files
}

function headerSumHolds(header: Uint8Array): boolean {
  let sum = 0
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] ?? 0)
  return sum === numberField(header, 148, 8)
}

/** An octal number, or GNU's big-endian binary form when the first bit is set; NaN when neither. */
function numberField(bytes: Uint8Array, offset: number, length: number): number {
  if ((bytes[offset] ?? 0) & 0x80) {
    let value = (bytes[offset] ?? 0) & 0x7f
    for (let i = 1; i < length; i++) value = value * 256 + (bytes[offset + i] ?? 0)
    return value
  }
  const digits = textField(bytes, offset, length).trim()
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === '' ? 0 : Number.NaN
}

function textField(bytes: Uint8Array, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length)
  const end = field.indexOf(0)
  return text.decode(end === -1 ? field : field.subarray(0, end))
}

function entryName(header: Uint8Array): string {
  const name = textField(header, 0, 100)
  const isUstar = textField(header, 257, 5) === 'ustar'
  const prefix = isUstar && header[263] === 0x30 ? textField(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Records of the form "LENGTH KEY=VALUE\n"; reading stops at the first malformed one. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    if (space === -1) break
    const length = Number(text.decode(bytes.subarray(at, space)))
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) break
    const record = text.decode(bytes.subarray(space + 1, at + length - 1))
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}

function damaged(archive: string, expected: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${archive} is not a readable tar archive`,
    expected,
    fix: 'Get the archive again from its source, or unpack it and choose the folder.',
  })
}
