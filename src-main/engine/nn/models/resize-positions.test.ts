// Against timm.layers.resample_abs_pos_embed, torchvision's interpolate_embeddings and scipy.ndimage.zoom
// (tools/oracle/vit_resolutions.py). Tolerance 1e-5.
import { expect, test } from 'vitest'
import { pattern } from '../../../../tools/oracle/pattern.ts'
import { vitResolutions } from '../../../../tools/oracle/read-vit.ts'
import { positionResizes } from '../../../shared/registry/position-resize.ts'
import type { PatchSequence } from '../patch-sequence.ts'
import { positionsForGrid, positionWeights, resizePositions } from './resize-positions.ts'
import { sincos2dPositions } from './sincos2d.ts'

const { positions: cases } = vitResolutions()
const largestDifference = (a: Float32Array, b: ArrayLike<number>) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0)

test('every kind of resizing has cases that grow and cases that shrink', () => {
  for (const kind of positionResizes) {
    const own = cases.filter(({ reference }) => reference === kind)
    expect(
      own.some(({ from, to }) => from[0] < to[0]),
      kind,
    ).toBe(true)
    expect(
      own.some(({ from, to }) => from[0] > to[0]),
      kind,
    ).toBe(true)
  }
})

test.each(cases.map((c) => [`${c.reference}, ${c.from.join(' x ')} to ${c.to.join(' x ')}`, c] as const))(
  '%s',
  (_name, { reference, from, to, prefix, width, values }) => {
    const positions = { name: 'pos_embed', prefix, kind: 'learned', resize: reference } as const
    const sequence: PatchSequence = { patch: 16, grid: to, width, positions }
    const old = pattern(0, (prefix + from[0] * from[1]) * width)
    const resized = positionsForGrid(old, from, sequence)
    expect(resized).toHaveLength(values.length)
    expect(largestDifference(resized, values)).toBeLessThan(1e-5)
  },
)

test.each(positionResizes)('%s leaves the positions of an equal grid as they are', (kind) => {
  const old = pattern(0, 3 * 5 * 4)
  expect(largestDifference(resizePositions(old, [3, 5], [3, 5], kind), old)).toBeLessThan(1e-6)
})

test('linear resizing keeps the corners where scipy rounds to outside of the grid and leaves zeros', () => {
  const weights = positionWeights([28, 1], [24, 1], 'big-vision')
  expect(weights.at(-1)).toBe(1)
})

test('fixed positions are computed for the grid, rows and columns apart', () => {
  const positions = { name: 'pos_embed', prefix: 0, kind: 'sincos2d', resize: 'big-vision' } as const
  const wide = positionsForGrid(sincos2dPositions([2, 2], 8), [2, 2], { patch: 16, grid: [2, 3], width: 8, positions })
  // Patch (1, 2): x is 2, y is 1; frequencies 1 and 1 / 10,000.
  const [x, y] = [
    [2, 2e-4],
    [1, 1e-4],
  ]
  const expected = [x.map(Math.sin), x.map(Math.cos), y.map(Math.sin), y.map(Math.cos)].flat()
  expect(wide).toHaveLength(2 * 3 * 8)
  expect(largestDifference(wide.slice(-8), expected)).toBeLessThan(1e-7)
})
