// One batch of pictures of unlike sizes for a network over patches: each picture becomes the sequence of its own patches, filled
// up to the longest. No TensorFlow in here: batches can be made wherever pictures are.
import { RepriseError } from '../../../shared/errors.ts'
import type { PatchGrid, PatchSequence } from '../patch-sequence.ts'
import { positionWeights } from './resize-positions.ts'
import { sincos2dPositions } from './sincos2d.ts'

const channels = 3

/** Normalised values [height, width, 3]. */
export interface SizedPicture {
  height: number
  width: number
  values: Float32Array
}

export interface BatchValues {
  shape: [pictures: number, patches: number, ...vector: number[]]
  values: Float32Array
}

/** The three inputs of `forwardPadded`, see `PaddedTensors`. Zero wherever there is padding. */
export interface PaddedBatch {
  patches: BatchValues
  valid: BatchValues
  positions: BatchValues
  /** What was done to pictures whose sides are no multiples of the patch, as sentences. */
  notes: string[]
}

/**
 * Lays out `pictures` for the network of `sequence`. A side that is no multiple of the patch is filled up with zeros, below
 * and to the right, and those pixels count as part of the picture.
 * @param length patches of each sequence, so that batches of several makings fit one traced function; by default as many as
 *   the largest picture has
 * @throws `usage` without pictures, for values that do not fit their size, or when a picture has more than `length` patches
 */
export function padBatch(
  pictures: readonly SizedPicture[],
  sequence: PatchSequence,
  length = Math.max(0, ...pictures.map((picture) => patchCount(gridOf(picture, sequence.patch)))),
): PaddedBatch {
  if (pictures.length === 0) throw malformed('A batch needs pictures.', 'one picture or more', 'none')
  const pixels = sequence.patch ** 2 * channels
  const { kind } = sequence.positions
  const vector = kind === 'learned' ? patchCount(sequence.grid) : sequence.width
  const patches = emptyBatch(pictures.length, length, pixels)
  const valid = emptyBatch(pictures.length, length)
  const positions = emptyBatch(pictures.length, length, vector)
  const notes: string[] = []
  for (const [index, picture] of pictures.entries()) {
    const { height, width } = picture
    const grid = gridOf(picture, sequence.patch)
    refuseMisfit(picture, index, patchCount(grid), length)
    const start = index * length
    writePatches(patches.values, start, picture, grid, sequence.patch)
    valid.values.fill(1, start, start + patchCount(grid))
    positions.values.set(positionsOn(grid, sequence), start * vector)
    const [filledHeight, filledWidth] = grid.map((side) => side * sequence.patch)
    if (filledHeight !== height || filledWidth !== width) {
      notes.push(
        `Picture ${index} of ${height} x ${width} was filled up to ${filledHeight} x ${filledWidth}, a multiple of the patch.`,
      )
    }
  }
  return { patches, valid, positions, notes }
}

function gridOf({ height, width }: SizedPicture, patch: number): PatchGrid {
  return [Math.ceil(height / patch), Math.ceil(width / patch)]
}

const patchCount = ([rows, columns]: PatchGrid) => rows * columns

function emptyBatch(pictures: number, length: number, vector?: number): BatchValues {
  const values = new Float32Array(pictures * length * (vector ?? 1))
  return { shape: vector === undefined ? [pictures, length] : [pictures, length, vector], values }
}

function positionsOn(grid: PatchGrid, { grid: own, width, positions: { kind, resize } }: PatchSequence): Float32Array {
  return kind === 'learned' ? positionWeights(own, grid, resize) : sincos2dPositions(grid, width)
}

/** Patches row by row from patch number `start` on; within each, its pixels row by row. */
function writePatches(
  into: Float32Array,
  start: number,
  { height, width, values }: SizedPicture,
  [rows, columns]: PatchGrid,
  patch: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const left = column * patch
      const taken = Math.min(patch, width - left) * channels
      for (let y = 0; y < Math.min(patch, height - row * patch); y++) {
        const from = ((row * patch + y) * width + left) * channels
        const to = ((start + row * columns + column) * patch + y) * patch * channels
        into.set(values.subarray(from, from + taken), to)
      }
    }
  }
}

function refuseMisfit({ height, width, values }: SizedPicture, index: number, patches: number, length: number): void {
  if (values.length !== height * width * channels || patches === 0) {
    const expected = `${channels} values for each of its ${height} x ${width} pixels, one pixel or more`
    throw malformed(`Picture ${index} has values of another size.`, expected, `${values.length} values`)
  }
  if (patches > length) {
    throw malformed(`Picture ${index} is too large for the batch.`, `${length} patches or fewer`, `${patches} patches`)
  }
}

function malformed(message: string, expected: string, found: string): RepriseError {
  return new RepriseError({ code: 'usage', message, expected, found })
}
