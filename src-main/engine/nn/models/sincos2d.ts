// Fixed position embeddings of MoCo v3 (Chen, Xie, He 2021), as posemb_sincos_2d of google-research/big_vision.
import type { Initialiser } from '../initialisers.ts'

const temperature = 10_000

/**
 * [1, grid * grid, width]: sin x, cos x, sin y, cos y, each over width / 4 frequencies from 1 to 1 / 10,000, for patches row
 * by row. The last frequency is exactly 1 / 10,000: the divisor of the exponent is width / 4 - 1.
 */
export const sincos2d: Initialiser = ([, count = 1, width = 4]) => {
  const grid = Math.round(Math.sqrt(count))
  const frequencies = width / 4
  const values = new Float32Array(count * width)
  for (let position = 0; position < count; position++) {
    const [x, y] = [position % grid, Math.floor(position / grid)]
    for (let i = 0; i < frequencies; i++) {
      const omega = temperature ** (-i / (frequencies - 1))
      const parts = [Math.sin(x * omega), Math.cos(x * omega), Math.sin(y * omega), Math.cos(y * omega)]
      for (const [part, value] of parts.entries()) values[position * width + part * frequencies + i] = value
    }
  }
  return values
}
