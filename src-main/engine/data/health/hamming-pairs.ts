// Pairs of 64-bit hashes that differ in few bits, by multi-index hashing: of the four 16-bit pieces of two hashes that differ in
// at most 10 bits, one of the first three differs in at most 2, or the last in at most 1.
// Source: Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012.

/** The largest distance that is looked for. */
export const mostDistance = 10
const radii = [2, 2, 2, 1] as const
const keys = 2 ** 16

export interface HammingPairs {
  count: number
  /** Places in the list of hashes: `first[i] > second[i]`. */
  first: Uint32Array
  second: Uint32Array
  /** Bits that differ. */
  distance: Uint8Array
  /** Pairs that lie farther apart were left out, because there were too many. */
  within: number
}

export interface HammingOptions {
  /** Pairs of the same side and of unlike sides are limited apart, so that many copies within one hide none across. [n] */
  sides: Uint8Array
  /** In all; when there are more, the farthest ones go. */
  mostPairs: number
  /** `share` of the work, up to 1. */
  onProgress: (share: number) => Promise<void>
}

interface Piece {
  /** Hashes in the order of this piece, high and low words in turn. */
  words: Uint32Array
  /** Place of each in the list. */
  places: Uint32Array
  /** Where each value of the piece begins; one more than there are values. */
  starts: Uint32Array
  /** Masks that change up to the radius' bits. */
  flips: number[]
}

/** Partners that a hash gets on each side; of a value of a piece, those that it is compared with. */
const mostPartners = 16
const mostCompared = 1024

/**
 * All pairs within 10 bits, but for limits that keep crowds of like hashes from taking squares of time: each hash is paired with
 * 16 of its own side and 16 of others. `hashes` holds high and low word of each in turn. Time grows with the square of the count
 * divided by 65,536, memory by 14 bytes a hash.
 */
export async function hammingPairs(hashes: Uint32Array, options: HammingOptions): Promise<HammingPairs> {
  const found = createPairList(hashes.length / 2, options)
  for (const [number, radius] of radii.entries()) {
    const piece = indexPiece(hashes, number, radius)
    for (let key = 0; key < keys; key++) {
      if (key % 256 === 0) await options.onProgress((number + key / keys) / radii.length)
      if (piece.starts[key] === piece.starts[key + 1]) continue
      for (const flip of piece.flips) if ((key ^ flip) <= key) compareValues(piece, number, key, key ^ flip, found)
    }
  }
  return found.result()
}

/** Compares every hash of one value of a piece with those of another, or with those before it of the same. */
function compareValues(piece: Piece, number: number, key: number, other: number, found: PairList): void {
  const { words, places, starts } = piece
  const [otherStart, otherEnd] = [starts[other] as number, starts[other + 1] as number]
  if (otherStart === otherEnd) return
  for (let a = starts[key] as number; a < (starts[key + 1] as number); a++) {
    const [high, low] = [words[2 * a] as number, words[2 * a + 1] as number]
    const end = key === other ? a : otherEnd
    for (let b = Math.max(otherStart, end - mostCompared); b < end; b++) {
      const [highBits, lowBits] = [high ^ (words[2 * b] as number), low ^ (words[2 * b + 1] as number)]
      const distance = ones(highBits) + ones(lowBits)
      if (distance > mostDistance || foundBefore(highBits, lowBits, number)) continue
      found.add(places[a] as number, places[b] as number, distance)
    }
  }
}

const pieceOf = (high: number, low: number, piece: number) =>
  ((piece < 2 ? high : low) >>> (piece % 2 === 0 ? 16 : 0)) & 0xffff

/** True where an earlier piece brings the same pair. */
function foundBefore(high: number, low: number, piece: number): boolean {
  for (let p = 0; p < piece; p++) if (ones(pieceOf(high, low, p)) <= (radii[p] as number)) return true
  return false
}

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function indexPiece(hashes: Uint32Array, piece: number, radius: number): Piece {
  const count = hashes.length / 2
  const keyOf = (i: number) => pieceOf(hashes[2 * i] as number, hashes[2 * i + 1] as number, piece)
  const starts = new Uint32Array(keys + 1)
  for (let i = 0; i < count; i++) starts[keyOf(i) + 1] = (starts[keyOf(i) + 1] as number) + 1
  for (let key = 0; key < keys; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number)
  const next = starts.slice(0, keys)
  const words = new Uint32Array(2 * count)
  const places = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const key = keyOf(i)
    const at = next[key] as number
    next[key] = at + 1
    places[at] = i
    words[2 * at] = hashes[2 * i] as number
    words[2 * at + 1] = hashes[2 * i + 1] as number
  }
  const flips = [0]
  for (let a = 0; a < 16; a++) {
    flips.push(1 << a)
    if (radius > 1) for (let b = 0; b < a; b++) flips.push((1 << a) | (1 << b))
  }
  return { words, places, starts, flips }
}

interface PairList {
  add(a: number, b: number, distance: number): void
  result(): HammingPairs
}

function createPairList(hashes: number, { sides, mostPairs }: HammingOptions): PairList {
  let [first, second, distance] = [new Uint32Array(1024), new Uint32Array(1024), new Uint8Array(1024)]
  let [count, within] = [0, mostDistance]
  /** Of each hash with those before it: partners of the same and of another side. */
  const partners = new Uint8Array(2 * hashes)
  const keepNearer = () => {
    within -= 1
    let kept = 0
    for (let i = 0; i < count; i++) {
      if ((distance[i] as number) > within) continue
      first[kept] = first[i] as number
      second[kept] = second[i] as number
      distance[kept++] = distance[i] as number
    }
    count = kept
  }
  const grow = () => {
    const size = Math.min(mostPairs, 2 * first.length)
    const [wider, second2, distance2] = [new Uint32Array(size), new Uint32Array(size), new Uint8Array(size)]
    wider.set(first)
    second2.set(second)
    distance2.set(distance)
    ;[first, second, distance] = [wider, second2, distance2]
  }
  return {
    add: (a, b, bits) => {
      const [later, earlier] = [Math.max(a, b), Math.min(a, b)]
      const slot = 2 * later + (sides[a] === sides[b] ? 0 : 1)
      if (bits > within || (partners[slot] as number) >= mostPartners) return
      while (count >= mostPairs && within > 0) keepNearer()
      if (bits > within || count >= mostPairs) return
      partners[slot] = (partners[slot] as number) + 1
      if (count === first.length) grow()
      first[count] = later
      second[count] = earlier
      distance[count++] = bits
    },
    result: () => ({
      count,
      first: first.subarray(0, count),
      second: second.subarray(0, count),
      distance: distance.subarray(0, count),
      within,
    }),
  }
}
