// Position embeddings for another grid of patches, in the arithmetic of each reference: timm's resample_abs_pos_embed
// (timm/layers/pos_embed.py), torchvision's interpolate_embeddings (models/vision_transformer.py), resample_posemb of
// google-research/big_vision and of the original google-research/vision_transformer (scipy.ndimage.zoom of order 1).
import type { PositionResize } from '../../../shared/registry/position-resize.ts'
import type { PatchGrid, PatchSequence } from '../patch-sequence.ts'
import { sincos2dPositions } from './sincos2d.ts'

/** Weight of each place of the old axis, [from], in one place of the new one. */
type AxisWeights = Float64Array[]

/** Keys 1981: two pixels to each side. */
function cubic(distance: number, a: number): number {
  const d = Math.abs(distance)
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0
}

/** Pixel centres at halves; the filter widens when places get fewer, and is cut and normalised at the edges. */
function antialiasedCubic(from: number, to: number): AxisWeights {
  const scale = from / to
  const filterScale = Math.max(scale, 1)
  const reach = 2 * filterScale
  return Array.from({ length: to }, (_, place) => {
    const weights = new Float64Array(from)
    const centre = (place + 0.5) * scale
    const first = Math.max(Math.trunc(centre - reach + 0.5), 0)
    const end = Math.min(Math.trunc(centre + reach + 0.5), from)
    // PyTorch's antialiased cubic has a = -0.5, as Pillow's.
    for (let i = first; i < end; i++) weights[i] = cubic((i - centre + 0.5) / filterScale, -0.5)
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return weights.map((weight) => weight / sum)
  })
}

/** First and last places lie on each other. `taps` gives the neighbours' offsets and weights at a fraction of the way. */
function alignedCorners(taps: (fraction: number) => (readonly [offset: number, weight: number])[]) {
  return (from: number, to: number): AxisWeights =>
    Array.from({ length: to }, (_, place) => {
      const weights = new Float64Array(from)
      const position = to === 1 ? 0 : (place * (from - 1)) / (to - 1)
      const below = Math.floor(position)
      for (const [offset, weight] of taps(position - below)) {
        const neighbour = Math.min(Math.max(below + offset, 0), from - 1)
        weights[neighbour] = (weights[neighbour] ?? 0) + weight
      }
      return weights
    })
}

const axisWeights: Record<PositionResize, (from: number, to: number) => AxisWeights> = {
  timm: antialiasedCubic,
  // Without antialias PyTorch's cubic has a = -0.75.
  torchvision: alignedCorners((t) => [-1, 0, 1, 2].map((offset) => [offset, cubic(offset - t, -0.75)] as const)),
  // scipy leaves zeros in the last row and column where its position rounds to just outside, as from 28 to 24; not so here.
  'big-vision': alignedCorners((t) => [[0, 1 - t] as const, [1, t] as const]),
}

/**
 * The resampling from one grid to another as a matrix: [new patches, old patches], row by row. Patch p of the new grid takes
 * position sum over q of weights[p, q] old[q].
 */
export function positionWeights(from: PatchGrid, to: PatchGrid, resize: PositionResize): Float32Array {
  const [rows, columns] = [axisWeights[resize](from[0], to[0]), axisWeights[resize](from[1], to[1])]
  const old = from[0] * from[1]
  const weights = new Float32Array(to[0] * to[1] * old)
  for (const [row, down] of rows.entries()) {
    for (const [column, across] of columns.entries()) {
      const start = (row * to[1] + column) * old
      for (const [i, vertical] of down.entries()) {
        if (vertical === 0) continue
        for (const [j, horizontal] of across.entries()) weights[start + i * from[1] + j] = vertical * horizontal
      }
    }
  }
  return weights
}

/** Learned positions of the patches, [old patches, width] -> [new patches, width]. */
export function resizePositions(
  values: Float32Array,
  from: PatchGrid,
  to: PatchGrid,
  resize: PositionResize,
): Float32Array {
  const old = from[0] * from[1]
  const width = values.length / old
  const weights = positionWeights(from, to, resize)
  const result = new Float32Array(to[0] * to[1] * width)
  const vector = new Float64Array(width)
  for (let patch = 0; patch < to[0] * to[1]; patch++) {
    vector.fill(0)
    for (let source = 0; source < old; source++) {
      const weight = weights[patch * old + source] as number
      if (weight === 0) continue
      for (let i = 0; i < width; i++) {
        vector[i] = (vector[i] as number) + weight * (values[source * width + i] as number)
      }
    }
    result.set(vector, patch * width)
  }
  return result
}

/**
 * Positions [prefix + old patches, width] of the grid `from` for the grid of `sequence`: those of the prefix stay, learned
 * ones of the patches are resampled, fixed ones are computed anew.
 */
export function positionsForGrid(values: Float32Array, from: PatchGrid, sequence: PatchSequence): Float32Array {
  const { grid, width, positions } = sequence
  const prefix = values.subarray(0, positions.prefix * width)
  const patches =
    positions.kind === 'sincos2d'
      ? sincos2dPositions(grid, width)
      : resizePositions(values.subarray(prefix.length), from, grid, positions.resize)
  const result = new Float32Array(prefix.length + patches.length)
  result.set(prefix)
  result.set(patches, prefix.length)
  return result
}
