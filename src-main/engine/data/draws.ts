// Everything random about the pictures of an epoch, computed from seed, epoch and picture alone.
import type { RunConfig } from '../../shared/run-config.ts'
import { type PhiloxCounter, type PhiloxKey, philox4x32, scaleWord } from './philox.ts'

/** Settings of what moves, mirrors or covers a picture of the right size. */
export type PlaceConfig = Pick<RunConfig['augment'], 'pad' | 'padMode' | 'flip' | 'cutout'>

/** Second word of the key: keeps the uses of one seed apart. */
const streams = { order: 1, crop: 2, cutout: 3, firstFlip: 4, layers: 5 } as const

/** Columns of a row of draws. */
export const drawColumns = ['cropY', 'cropX', 'flip', 'cutoutY', 'cutoutX'] as const
export const drawCount = drawColumns.length

/** The order in which an epoch visits its pictures: a Fisher-Yates shuffle of 0 to `count` - 1. */
export function epochOrder(seed: number, epoch: number, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  const key: PhiloxKey = [seed, streams.order]
  const words = new Uint32Array(4)
  for (let i = count - 1; i > 0; i--) {
    if ((i & 3) === 3 || i === count - 1) philox4x32([i >>> 2, epoch, 0, 0], key, words)
    const other = scaleWord(words[i & 3] ?? 0, i + 1)
    const moved = order[i] ?? 0
    order[i] = order[other] ?? 0
    order[other] = moved
  }
  return order
}

/**
 * Draws for the pictures `indices` (their places in the training set) in one epoch: [n, 5], see `drawColumns`. `views` counts
 * how often each picture came before in the epoch; 0 without.
 * Crop offsets lie in 0..2 pad, flip is 0 or 1, the cutout's centre lies inside the picture; what the config switches
 * off is neutral: crop offsets `pad`, flip 0, centre 0.
 */
export function augmentationDraws(
  seed: number,
  epoch: number,
  indices: ArrayLike<number>,
  picture: { height: number; width: number },
  config: PlaceConfig,
  views: ArrayLike<number> = [],
): Int32Array {
  const draws = new Int32Array(indices.length * drawCount)
  const crop = new Uint32Array(4)
  const cutout = new Uint32Array(4)
  const offsets = 2 * config.pad + 1
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? 0
    const counter: PhiloxCounter = [index, epoch, 0, views[i] ?? 0]
    philox4x32(counter, [seed, streams.crop], crop)
    const row = i * drawCount
    draws[row] = scaleWord(crop[0] ?? 0, offsets)
    draws[row + 1] = scaleWord(crop[1] ?? 0, offsets)
    if (config.flip === 'random') draws[row + 2] = (crop[2] ?? 0) >>> 31
    if (config.flip === 'alternating') draws[row + 2] = firstFlip(seed, index) ^ (epoch & 1)
    if (config.cutout > 0) {
      philox4x32(counter, [seed, streams.cutout], cutout)
      draws[row + 3] = scaleWord(cutout[0] ?? 0, picture.height)
      draws[row + 4] = scaleWord(cutout[1] ?? 0, picture.width)
    }
  }
  return draws
}

/** Whether a picture is mirrored in epoch 0 of alternating flip (Jordan 2024); every later epoch mirrors it again. */
function firstFlip(seed: number, index: number): number {
  const words = new Uint32Array(4)
  philox4x32([index, 0, 0, 0], [seed, streams.firstFlip], words)
  return (words[0] ?? 0) >>> 31
}

/** What the random layers of a network (dropout, drop-path) are keyed by in one batch of a run, an int32. */
export function layerKey(seed: number, batch: number): number {
  const words = new Uint32Array(4)
  philox4x32([batch, 0, 0, 0], [seed, streams.layers], words)
  return (words[0] ?? 0) | 0
}
