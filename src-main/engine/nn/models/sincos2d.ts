// Fixed position embeddings of MoCo v3 (Chen, Xie, He 2021), as posemb_sincos_2d of google-research/big_vision.
import type { Initialiser } from '../initialisers.ts'
import type { PatchGrid } from '../patch-sequence.ts'

const temperature = 10_000

/**
 * [rows * columns, width]: sin x, cos x, sin y, cos y, each over width / 4 frequencies from 1 to 1 / 10,000, for patches row
 * by row. The last frequency is exactly 1 / 10,000: the divisor of the exponent is width / 4 - 1.
 */
export function sincos2dPositions([rows, columns]: PatchGrid, width: number): Float32Array {
  const frequencies = width / 4
  const values = new Float32Array(rows * columns * width)
  for (let position = 0; position < rows * columns; position++) {
    const [x, y] = [position % columns, Math.floor(position / columns)]
    for (let i = 0; i < frequencies; i++) {
      const omega = temperature ** (-i / (frequencies - 1))
      const parts = [Math.sin(x * omega), Math.cos(x * omega), Math.sin(y * omega), Math.cos(y * omega)]
      for (const [part, value] of parts.entries()) values[position * width + part * frequencies + i] = value
    }
  }
  return values
}

/** The positions of a square grid, for a parameter [1, side * side, width]. */
export const sincos2d: Initialiser = ([, count = 1, width = 4]) => {
  const side = Math.round(Math.sqrt(count))
  return sincos2dPositions([side, side], width)
}
