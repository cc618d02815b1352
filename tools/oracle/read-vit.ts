// What vit_resolutions.py knows of vision transformers beyond one resolution. README.md says where it comes from.
import { readFileSync } from 'node:fs'
import type { vitForms } from '../../src-main/engine/nn/models/vit-forms.ts'
import type { PositionResize } from '../../src-main/shared/registry/position-resize.ts'
import { pattern } from './pattern.ts'
import type { GradientSummary } from './read-values.ts'

type Grid = [rows: number, columns: number]

export interface ResizedPositions {
  reference: PositionResize
  from: Grid
  to: Grid
  prefix: number
  width: number
  /** [prefix + rows * columns, width]; those before are stream 0. */
  values: number[]
}

/** A net on one picture at a time, each of a size of its own; weights by `patternParameter` for `resolution`. */
export interface VitOracle {
  form: keyof typeof vitForms
  resolution: number
  patch: number
  width: number
  depth: number
  heads: number
  /** Rows and columns of patches of each picture, for `vitPicture`; the first is square and larger than the net's. */
  grids: Grid[]
  labels: number[]
  /** [pictures, 10] */
  logits: number[][]
  /** Sum over the pictures. */
  loss: number
  /** Trainable ones, with their number for `patternParameter` and the gradient of the sum. */
  parameters: { name: string; index: number; shape: number[]; gradient: GradientSummary }[]
}

interface VitResolutions {
  positions: ResizedPositions[]
  networks: VitOracle[]
  /** A file under values/pictures/ at another size than the weights; `top` are the five highest classes, highest first. */
  prediction: { arch: 'vit-tiny-patch16'; size: number; picture: string; top: number[]; logits: number[] }
}

export function vitResolutions(): VitResolutions {
  const file = new URL('values/vit-resolutions.json', import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as VitResolutions
}

/** Picture `k` of an oracle, [height, width, 3]. */
export function vitPicture(
  { grids, patch }: VitOracle,
  k: number,
): { height: number; width: number; values: Float32Array } {
  const [rows, columns] = grids[k] as Grid
  const [height, width] = [rows * patch, columns * patch]
  return { height, width, values: pattern(10_000 + k, height * width * 3).map((v) => v * 1.5) }
}
