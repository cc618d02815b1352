// Position embeddings of a checkpoint that was trained at another resolution than the network has.
import { RepriseError } from '../../shared/errors.ts'
import type { PositionResize } from '../../shared/registry/position-resize.ts'
import { toFloat32 } from '../formats/float32-values.ts'
import type { SafetensorsTensor } from '../formats/safetensors.ts'
import { positionsForGrid } from '../nn/models/resize-positions.ts'
import { sincos2dPositions } from '../nn/models/sincos2d.ts'
import type { Network } from '../nn/parameters.ts'
import type { PatchGrid } from '../nn/patch-sequence.ts'

const resizeWords: Record<PositionResize, string> = {
  timm: 'bicubic with antialias, as timm',
  torchvision: 'bicubic with aligned corners, as torchvision',
  'big-vision': 'linear with aligned corners, as big_vision',
}

// Half precision keeps values up to 1 to within 4e-3.
const fixedTolerance = 1e-2

/**
 * The positions among `tensors` for the grid of `network`, and a sentence about it. Null when there is nothing to do: a network
 * without positions, or a tensor of the right shape, or one that is no square grid of the network's width.
 * @throws `data-format` when fixed positions are not those of the formula, so that they cannot be computed for another grid
 */
export function fittedPositions(
  { sequence }: Network,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  file: string,
): { tensor: SafetensorsTensor; note: string } | null {
  const tensor = sequence && tensors.get(sequence.positions.name)
  if (!tensor) return null
  const { grid, width, positions } = sequence
  const [one, count = 0, vector] = tensor.shape
  const side = Math.sqrt(count - positions.prefix)
  const isSquareGrid = tensor.shape.length === 3 && one === 1 && vector === width && side >= 1 && Number.isInteger(side)
  if (!isSquareGrid || side * side === grid[0] * grid[1]) return null
  const values = toFloat32(tensor)
  const from: PatchGrid = [side, side]
  if (positions.kind === 'sincos2d') refuseOtherThanFixed(values.subarray(positions.prefix * width), from, width, file)
  const fitted = positionsForGrid(values, from, sequence)
  const how =
    positions.kind === 'learned' ? `resampled (${resizeWords[positions.resize]})` : 'computed anew by their formula'
  return {
    tensor: {
      name: tensor.name,
      dtype: 'F32',
      shape: [1, fitted.length / width, width],
      data: new Uint8Array(fitted.buffer),
    },
    note: `The position embeddings of ${side} x ${side} patches were ${how} for ${grid.join(' x ')}.`,
  }
}

function refuseOtherThanFixed(values: Float32Array, grid: PatchGrid, width: number, file: string): void {
  const fixed = sincos2dPositions(grid, width)
  if (values.every((value, i) => Math.abs(value - (fixed[i] as number)) < fixedTolerance)) return
  throw new RepriseError({
    code: 'data-format',
    message: `The position embeddings of ${file} cannot be taken to another resolution`,
    expected: `the fixed sines and cosines of ${grid.join(' x ')} patches`,
    found: 'other values',
    fix: 'Use the weights at the resolution they were trained at.',
  })
}
