import { expect, test } from 'vitest'
import { pattern } from '../../../../tools/oracle/pattern.ts'
import { hammingPairs, mostDistance } from './hamming-pairs.ts'

const onProgress = () => Promise.resolve()

/** Hashes by chance, of which every fourth is the one before it with some bits changed. */
function nearHashes(count: number): Uint32Array {
  const draws = pattern(7, 4 * count)
  const draw = (i: number, range: number) => Math.floor((((draws[i] as number) + 1) / 2) * range)
  const hashes = Uint32Array.from({ length: 2 * count }, (_, i) => draw(i, 2 ** 24) * 256 + draw(2 * count + i, 256))
  for (let i = 3; i < count; i += 4) {
    let [high, low] = [hashes[2 * i - 2] as number, hashes[2 * i - 1] as number]
    for (let flip = 0; flip < i % 14; flip++) {
      const bit = (i * 7 + flip * 13) % 64
      if (bit < 32) high ^= 1 << bit
      else low ^= 1 << (bit - 32)
    }
    hashes[2 * i] = high
    hashes[2 * i + 1] = low
  }
  return hashes
}

const bits = (word: number) => (word >>> 0).toString(2).replaceAll('0', '').length
const distanceOf = (hashes: Uint32Array, i: number, j: number) =>
  bits((hashes[2 * i] as number) ^ (hashes[2 * j] as number)) +
  bits((hashes[2 * i + 1] as number) ^ (hashes[2 * j + 1] as number))

test('finds just the pairs that comparing all with all finds', async () => {
  const count = 600
  const hashes = nearHashes(count)
  const expected: string[] = []
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const distance = distanceOf(hashes, i, j)
      if (distance <= mostDistance) expected.push(`${i} ${j} ${distance}`)
    }
  }
  const sides = new Uint8Array(count)
  const found = await hammingPairs(hashes, { sides, mostPairs: 10_000, onProgress })
  const pairs = Array.from(found.first, (i, at) => `${i} ${found.second[at]} ${found.distance[at]}`)
  expect(expected.length).toBeGreaterThan(100)
  expect(pairs.sort()).toEqual(expected.sort())
  expect(found.within).toBe(mostDistance)
})

test('with too many pairs the farthest are left out', async () => {
  const hashes = nearHashes(600)
  const found = await hammingPairs(hashes, { sides: new Uint8Array(600), mostPairs: 60, onProgress })
  expect(found.count).toBeLessThanOrEqual(60)
  expect(found.within).toBeLessThan(mostDistance)
  expect(Math.max(...found.distance)).toBeLessThanOrEqual(found.within)
})

test('a crowd of equal hashes gives few pairs each, and still those across', async () => {
  const count = 4000
  const sides = Uint8Array.from({ length: count }, (_, i) => (i === count - 1 ? 1 : 0))
  const found = await hammingPairs(new Uint32Array(2 * count).fill(99), { sides, mostPairs: 1_000_000, onProgress })
  expect(found.count).toBeLessThanOrEqual(16 * count)
  expect(Array.from(found.first)).toContain(count - 1)
})
