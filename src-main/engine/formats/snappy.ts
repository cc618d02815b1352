// Snappy's raw format (google/snappy, format_description.txt): a length, then elements, each either literal bytes or a copy of
// earlier ones. Our own, because pictures hardly shrink: nearly all is literals, which `set` copies at once, where the libraries at
// hand copy byte by byte; and because it shows where a page can be entered in its middle. It has no index, but its compressors
// handle 64 KiB at a time and never refer back across that border, so what lies between two borders can be unpacked alone.

export interface SnappyFragment {
  /** Where its elements begin in the packed bytes. */
  packedStart: number
  /** Where its bytes begin once unpacked: a multiple of 64 KiB. */
  start: number
}

interface Element {
  /** Bytes that it stands for. */
  length: number
  /** How far back they are copied from; 0 for a literal. */
  distance: number
  /** Of the literal. */
  literalStart: number
  end: number
}

const fragmentBytes = 65_536

/** Exactly `bytes` bytes out of elements that begin at `from`. Throws for damage. */
export function unpackSnappyElements(packed: Uint8Array, bytes: number, from = 0): Uint8Array {
  const unpacked = new Uint8Array(bytes)
  let filled = 0
  for (let at = from; at < packed.length; ) {
    const { length, distance, literalStart, end } = elementAt(packed, at)
    if (filled + length > bytes || end > packed.length || distance > filled) throw new Error(`a bad element at ${at}`)
    if (distance === 0) unpacked.set(packed.subarray(literalStart, end), filled)
    else if (distance >= length) unpacked.copyWithin(filled, filled - distance, filled - distance + length)
    // A copy that reads what it has just written repeats a pattern.
    else for (let i = filled; i < filled + length; i++) unpacked[i] = unpacked[i - distance] ?? 0
    filled += length
    at = end
  }
  if (filled !== bytes) throw new Error(`${filled} bytes once unpacked instead of ${bytes}`)
  return unpacked
}

/** The same with the length that stands before the elements. */
export function unpackSnappy(packed: Uint8Array, bytes: number): Uint8Array {
  const preamble = readVarint(packed)
  if (preamble?.value !== bytes) throw new Error(`${preamble?.value} bytes announced instead of ${bytes}`)
  return unpackSnappyElements(packed, bytes, preamble.end)
}

/**
 * The fragments of packed bytes in their order, with a last one that marks the end. Null where the bytes are damaged, or were
 * packed by a compressor that does refer back across borders.
 */
export function snappyFragments(packed: Uint8Array): SnappyFragment[] | null {
  const preamble = readVarint(packed)
  if (preamble === null) return null
  const fragments: SnappyFragment[] = []
  let at = preamble.end
  let unpacked = 0
  while (at < packed.length) {
    const inFragment = unpacked % fragmentBytes
    if (inFragment === 0) fragments.push({ packedStart: at, start: unpacked })
    const { length, distance, end } = elementAt(packed, at)
    if (distance > inFragment || inFragment + length > fragmentBytes) return null
    unpacked += length
    at = end
  }
  if (at !== packed.length || unpacked !== preamble.value) return null
  return [...fragments, { packedStart: at, start: unpacked }]
}

/** A copy from no distance at all, which is damage, is given one that is too far. */
function elementAt(packed: Uint8Array, at: number): Element {
  const tag = packed[at] ?? 0
  const kind = tag & 3
  if (kind === 0) {
    const short = tag >> 2
    const lengthBytes = short < 60 ? 0 : short - 59
    const length = (lengthBytes === 0 ? short : littleEndian(packed, at + 1, lengthBytes)) + 1
    const literalStart = at + 1 + lengthBytes
    return { length, distance: 0, literalStart, end: literalStart + length }
  }
  const distanceBytes = kind === 3 ? 4 : kind
  const distance = littleEndian(packed, at + 1, distanceBytes) + (kind === 1 ? (tag >> 5) * 256 : 0)
  return {
    length: kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1,
    distance: distance === 0 ? Number.POSITIVE_INFINITY : distance,
    literalStart: 0,
    end: at + 1 + distanceBytes,
  }
}

function readVarint(bytes: Uint8Array): { value: number; end: number } | null {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i] ?? 0x80
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, end: i + 1 }
  }
  return null
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = 0; i < count; i++) value += (bytes[at + i] ?? 0) * 2 ** (8 * i)
  return value
}
