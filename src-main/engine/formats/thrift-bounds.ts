// Looks over a struct of Thrift's compact protocol (thrift-compact-protocol.md) before a parser reads it: damaged counts would make
// the parser reserve memory for elements that cannot be there.

const deepest = 64
const mostVarintBytes = 10

/** The end of the struct that begins at `start`. Throws when it reaches past the bytes or is no struct. */
export function endOfStruct(bytes: Uint8Array, start: number, depth = 0): number {
  if (depth > deepest) throw new Error('structs nested too deep')
  let at = start
  for (;;) {
    const head = byteAt(bytes, at++)
    const type = head & 0x0f
    if (type === 0) return at
    // The number of the field, where it is not told by its difference.
    if (head >> 4 === 0) at = varint(bytes, at).end
    at = endOfValue(bytes, at, type, depth)
  }
}

function endOfValue(bytes: Uint8Array, start: number, type: number, depth: number): number {
  // True and false have no bytes of their own in a field.
  if (type === 1 || type === 2) return start
  if (type === 3) return within(bytes, start + 1)
  if (type >= 4 && type <= 6) return varint(bytes, start).end
  if (type === 7) return within(bytes, start + 8)
  if (type === 8) {
    const { value, end } = varint(bytes, start)
    return within(bytes, end + value)
  }
  if (type === 9 || type === 10) return endOfList(bytes, start, depth)
  if (type === 12) return endOfStruct(bytes, start, depth + 1)
  throw new Error(`a field of type ${type}`)
}

function endOfList(bytes: Uint8Array, start: number, depth: number): number {
  const head = byteAt(bytes, start)
  const long = head >> 4 === 15 ? varint(bytes, start + 1) : { value: head >> 4, end: start + 1 }
  // Every element takes a byte at least.
  within(bytes, long.end + long.value)
  const type = head & 0x0f
  let at = long.end
  for (let i = 0; i < long.value; i++) {
    at = type === 1 || type === 2 ? within(bytes, at + 1) : endOfValue(bytes, at, type, depth + 1)
  }
  return at
}

function varint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  for (let i = 0; i < mostVarintBytes; i++) {
    const byte = byteAt(bytes, start + i)
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, end: start + i + 1 }
  }
  throw new Error('a number that does not end')
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new Error('a struct that does not end')
  return byte
}

function within(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) throw new Error('a struct that does not end')
  return end
}
