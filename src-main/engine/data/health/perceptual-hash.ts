// The DCT hash of a picture, by which near-copies are found, and the comparison of pixels by which they are confirmed.
import type { RawPixels } from '../thumbnail.ts'
import { resize } from '../transforms/resample.ts'

/** Side of the square that stands for a picture. */
export const miniatureSide = 32
const kept = 8

/** cos(pi (2 x + 1) u / 64) for the lowest frequencies u: the kernel of a DCT of type II, scipy's norm=None. */
const cosines = Float64Array.from({ length: kept * miniatureSide }, (_, i) => {
  const [u, x] = [Math.floor(i / miniatureSide), i % miniatureSide]
  return 2 * Math.cos((Math.PI * u * (2 * x + 1)) / (2 * miniatureSide))
})

/** The picture as [32, 32, 3], by Pillow's Lanczos filter; grey is repeated. */
export function miniature({ height, width, channels, data }: RawPixels): Uint8Array {
  let rgb = data
  if (channels === 1) {
    rgb = new Uint8Array(3 * data.length)
    for (let i = 0; i < data.length; i++) rgb.fill(data[i] as number, 3 * i, 3 * i + 3)
  }
  if (height === miniatureSide && width === miniatureSide) return rgb
  return resize({ height, width, channels: 3, data: rgb }, miniatureSide, miniatureSide, 'lanczos').data
}

/**
 * The perceptual hash of a miniature: the 8 x 8 lowest frequencies of its grey values, each 1 where it is above their median,
 * row by row, highest bit first. Equal to `imagehash.phash` 4.3 of the same 32 x 32 picture, but for frequencies that equal the
 * median, which are 0 here and chance there. Null for a picture without structure, whose bits would be chance.
 * Source: github.com/JohannesBuchner/imagehash; the idea is Krawetz, "Looks Like It" (2011).
 */
export function perceptualHash(rgb: Uint8Array): Uint8Array | null {
  const grey = new Uint8Array(miniatureSide * miniatureSide)
  let [lowest, highest] = [255, 0]
  for (let i = 0; i < grey.length; i++) {
    const value = greyOf(rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number)
    grey[i] = value
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  if (highest - lowest < leastContrast) return null
  const frequencies = lowFrequencies(grey)
  const sorted = frequencies.toSorted()
  const median = ((sorted[sorted.length / 2 - 1] as number) + (sorted[sorted.length / 2] as number)) / 2
  const hash = new Uint8Array(kept)
  for (const [i, value] of frequencies.entries()) {
    if (value > median + tie) hash[i >> 3] = (hash[i >> 3] as number) | (0x80 >> (i & 7))
  }
  return hash
}

/** Frequencies this close are equal but for rounding; those of pictures range over hundreds. */
const tie = 1e-6

/** Lightest minus darkest grey value of a miniature; below it, noise decides. */
const leastContrast = 8

/** Pillow's conversion to L (ITU-R 601-2), in 16-bit fixed point. */
const greyOf = (red: number, green: number, blue: number) => (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16

/** [8, 8], down the columns first. */
function lowFrequencies(grey: Uint8Array): Float64Array {
  const columns = new Float64Array(kept * miniatureSide)
  for (let v = 0; v < kept; v++) {
    for (let y = 0; y < miniatureSide; y++) {
      const factor = cosines[v * miniatureSide + y] as number
      for (let x = 0; x < miniatureSide; x++) {
        const at = v * miniatureSide + x
        columns[at] = (columns[at] as number) + factor * (grey[y * miniatureSide + x] as number)
      }
    }
  }
  const frequencies = new Float64Array(kept * kept)
  for (let v = 0; v < kept; v++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0
      for (let x = 0; x < miniatureSide; x++) {
        sum += (columns[v * miniatureSide + x] as number) * (cosines[u * miniatureSide + x] as number)
      }
      frequencies[v * kept + u] = sum
    }
  }
  return frequencies
}

/**
 * How alike two miniatures are, at most 1: the correlation of their edges (differences of neighbours, all channels), the best
 * of nine shifts by up to one pixel. Unlike the pixels' own correlation it is near 0 for two pictures that share no more than
 * a bright sky. Brightness, contrast and small shifts do not matter.
 */
export function edgeCorrelation(a: Uint8Array, b: Uint8Array): number {
  let best = -1
  const inner = edges(a, 0, 0)
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) best = Math.max(best, correlation(inner, edges(b, dy, dx)))
  }
  return best
}

/** Differences to the right and downwards in the inner 30 x 30 pixels, shifted. */
function edges(rgb: Uint8Array, dy: number, dx: number): Float64Array {
  const inner = miniatureSide - 2
  const result = new Float64Array((inner - 1) * (inner - 1) * 6)
  let to = 0
  for (let y = 0; y < inner - 1; y++) {
    for (let x = 0; x < inner - 1; x++) {
      const at = ((y + 1 + dy) * miniatureSide + x + 1 + dx) * 3
      for (let c = 0; c < 3; c++) {
        const here = rgb[at + c] as number
        result[to++] = (rgb[at + 3 + c] as number) - here
        result[to++] = (rgb[at + 3 * miniatureSide + c] as number) - here
      }
    }
  }
  return result
}

/** Pearson's. 0 where one side is flat. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    sumA += x
    sumB += y
    squaresA += x * x
    squaresB += y * y
    products += x * y
  }
  const n = a.length
  const spread = (squaresA - (sumA * sumA) / n) * (squaresB - (sumB * sumB) / n)
  return spread > 0 ? (products - (sumA * sumB) / n) / Math.sqrt(spread) : 0
}
