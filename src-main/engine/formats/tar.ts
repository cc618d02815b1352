// Tar archives (POSIX ustar and pax, with GNU long names): enough to read data out of an archive, in memory or on disk.
import { RepriseError } from '../../shared/errors.ts'

export interface TarFile {
  name: string
  /** A view into the archive's bytes. */
  data: Uint8Array
}

export interface TarMember {
  /** As the archive writes it, most often UTF-8. */
  name: Uint8Array
  /** `other` are folders, links and devices, which have no data; `sparse` files are stored with their holes left out. */
  kind: 'file' | 'sparse' | 'other'
  /** Of the data within the archive. */
  offset: number
  bytes: number
}

const block = 512
const text = new TextDecoder()
/** Descriptions of the next member (long names, pax records) are short; a longer one is damage. */
const mostDescriptionBytes = 1024 * 1024

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
  const read = (offset: number, length: number) => bytes.subarray(offset, offset + length)
  for (const member of tarMembers(read, bytes.length, archive)) {
    if (member.kind !== 'file') continue
    files.push({ name: text.decode(member.name), data: read(member.offset, member.bytes) })
  }
  return files
}

/**
 * The members of an archive of `total` bytes in their order, reading headers alone. `read` gives exactly the bytes asked for,
 * which never reach past `total`. The names are as written: they may be absolute or hold `..`.
 * Throws `data-truncated` when a member reaches past the end, `data-format` when a header is damaged.
 */
export function* tarMembers(
  read: (offset: number, length: number) => Uint8Array,
  total: number,
  archive: string,
): Generator<TarMember> {
  let longName: Uint8Array | undefined
  let longSize: number | undefined
  let isSparse = false
  let at = 0
  while (at + block <= total) {
    const header = read(at, block)
    if (header.every((byte) => byte === 0)) return
    if (!headerSumHolds(header)) throw damaged(archive, `a header with a valid checksum at byte ${at}`)
    const type = String.fromCharCode(header[156] ?? 0)
    const describesNext = type === 'L' || type === 'x' || type === 'g' || type === 'K'
    const size = describesNext ? numberField(header, 124, 12) : (longSize ?? numberField(header, 124, 12))
    if (!Number.isSafeInteger(size) || size < 0) throw damaged(archive, `a readable size at byte ${at}`)
    const name = longName ?? entryName(header)
    const start = at + block
    if (start + size > total) throw cutOff(archive, text.decode(name), start + size, total)
    if (describesNext && size > mostDescriptionBytes) throw damaged(archive, `a short description at byte ${at}`)
    if (type === 'L') longName = untilNul(read(start, size)).slice()
    else if (type === 'x') {
      const records = paxRecords(read(start, size))
      longName = records.get('path') ?? longName
      const paxSize = records.get('size')
      longSize = paxSize === undefined ? undefined : Number(text.decode(paxSize))
      if (longSize !== undefined && !(Number.isSafeInteger(longSize) && longSize >= 0)) {
        throw damaged(archive, `a readable size at byte ${at}`)
      }
      isSparse = [...records.keys()].some((key) => key.startsWith('GNU.sparse.'))
    } else if (!describesNext) {
      const isFile = type === '0' || type === '\0' || type === '7'
      const kind = type === 'S' || (isFile && isSparse) ? 'sparse' : isFile ? 'file' : 'other'
      yield { name, kind, offset: start, bytes: size }
      longName = undefined
      longSize = undefined
      isSparse = false
    }
    at = start + Math.ceil(size / block) * block
  }
  // An archive ends with zero blocks; some writers leave them out, but then it ends on a block boundary.
  if (at < total) {
    throw new RepriseError({
      code: 'data-truncated',
      message: `${archive} ends inside a header`,
      expected: `a header of ${block} bytes at byte ${at}`,
      found: `${total - at} bytes`,
      fix: 'The copy or download was cut off: get the archive again from its source.',
    })
  }
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
  return text.decode(untilNul(bytes.subarray(offset, offset + length)))
}

function untilNul(field: Uint8Array): Uint8Array {
  const end = field.indexOf(0)
  return end === -1 ? field : field.subarray(0, end)
}

/** A copy, so that the header's own bytes may be let go. */
function entryName(header: Uint8Array): Uint8Array {
  const name = untilNul(header.subarray(0, 100))
  const isUstar = textField(header, 257, 5) === 'ustar'
  const prefix = isUstar && header[263] === 0x30 ? untilNul(header.subarray(345, 500)) : new Uint8Array()
  return prefix.length === 0 ? name.slice() : Uint8Array.from([...prefix, 0x2f, ...name])
}

/** Records of the form "LENGTH KEY=VALUE\n"; reading stops at the first malformed one. */
function paxRecords(bytes: Uint8Array): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    if (space === -1) break
    const length = Number(text.decode(bytes.subarray(at, space)))
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) break
    const record = bytes.slice(space + 1, at + length - 1)
    const equals = record.indexOf(0x3d)
    if (equals > 0) records.set(text.decode(record.subarray(0, equals)), record.subarray(equals + 1))
    at += length
  }
  return records
}

function cutOff(archive: string, member: string, needed: number, total: number): RepriseError {
  return new RepriseError({
    code: 'data-truncated',
    message: `${archive} ends inside ${member}`,
    expected: `at least ${needed} bytes`,
    found: `${total} bytes`,
    fix: 'The copy or download was cut off: get the archive again from its source.',
  })
}

function damaged(archive: string, expected: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${archive} is not a readable tar archive`,
    expected,
    fix: 'Get the archive again from its source, or unpack it and choose the folder.',
  })
}
