// How a network cuts pictures into a sequence of patches, for who changes the resolution or mixes sizes.
import type * as tf from '@tensorflow/tfjs-core'
import type { PositionResize } from '../../shared/registry/position-resize.ts'

/** Rows and columns of patches. */
export type PatchGrid = readonly [rows: number, columns: number]

export interface PatchSequence {
  /** Height and width of a patch in pixels. */
  readonly patch: number
  readonly grid: PatchGrid
  /** Length of a token's vector. */
  readonly width: number
  readonly positions: {
    /** Name of the parameter [1, prefix + rows * columns, width]. */
    readonly name: string
    /** Tokens in front of the patches that have a position too. */
    readonly prefix: number
    readonly kind: 'learned' | 'sincos2d'
    /** How learned positions reach another grid; fixed ones are computed for it. */
    readonly resize: PositionResize
  }
}

/** A batch of pictures of unlike sizes as `padBatch` lays it out: n pictures of up to t patches each. */
export interface PaddedTensors {
  /** [n, t, patch * patch * 3]: the pixels of each patch by row, column and channel. */
  patches: tf.Tensor
  /** [n, t]: 1 for a patch of the picture, 0 for padding. */
  valid: tf.Tensor
  /**
   * Learned positions: [n, t, rows * columns], the weights with which each patch's position is taken from the network's own.
   * Fixed ones: [n, t, width], the positions themselves.
   */
  positions: tf.Tensor
}
