// Names of files as strings. File systems and archives keep names as bytes, mostly UTF-8 but not always, and two names that differ
// must stay two names: a byte that is no part of valid UTF-8 is written as NUL and two hex digits. No name holds a NUL of its own.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
const escapes = /\0[0-9a-f]{2}/g

/** The string form of a name's bytes. */
export function nameOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return escaped(bytes)
  }
}

/** The inverse of `nameOfBytes`. */
export function bytesOfName(name: string): Uint8Array {
  if (!name.includes('\0')) return encoder.encode(name)
  const parts: number[] = []
  let at = 0
  for (const { index } of name.matchAll(escapes)) {
    parts.push(...encoder.encode(name.slice(at, index)), Number.parseInt(name.slice(index + 1, index + 3), 16))
    at = index + 3
  }
  return Uint8Array.from([...parts, ...encoder.encode(name.slice(at))])
}

/** For people: U+FFFD stands for each byte that is no UTF-8. Names that differ may look the same. */
export function displayName(name: string): string {
  return name.includes('\0') ? name.replace(escapes, '\ufffd') : name
}

function escaped(bytes: Uint8Array): string {
  let name = ''
  let at = 0
  while (at < bytes.length) {
    const length = lengthOfCharacter(bytes, at)
    if (length === 0) name += `\0${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`
    else name += strict.decode(bytes.subarray(at, at + length))
    at += Math.max(length, 1)
  }
  return name
}

/** Bytes of the character that begins at `at`; 0 where none does (RFC 3629: no overlong forms, no surrogates). */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  try {
    strict.decode(bytes.subarray(at, at + length))
    return at + length <= bytes.length ? length : 0
  } catch {
    return 0
  }
}
