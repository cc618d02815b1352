// Pad, crop, mirror and cutout on one picture, in plain numbers: what previews show, and what the compiled version is
// checked against.
import { RepriseError } from '../../shared/errors.ts'
import type { PictureShape } from './dataset.ts'
import { type AugmentConfig, drawCount } from './draws.ts'

/**
 * Returns the augmented copy of a normalised picture [height, width, channels], from one row of `augmentationDraws`.
 * Padding and cutout write 0, which is the mean after normalisation; reflection does not repeat the border, as in
 * PyTorch. The cutout square (DeVries and Taylor 2017) reaches from centre - floor(size / 2) over `size` pixels and is
 * clipped at the border.
 * Throws `config-out-of-range` when reflection would need more pixels than the picture has.
 */
export function applyAugmentation(
  picture: Float32Array,
  shape: PictureShape,
  draws: ArrayLike<number>,
  config: Pick<AugmentConfig, 'pad' | 'padMode' | 'cutout'>,
): Float32Array {
  const [height, width, channels] = shape
  const { pad, padMode, cutout } = config
  requirePadFits(pad, padMode, shape)
  if (draws.length !== drawCount) throw new RangeError(`Expected ${drawCount} draws, found ${draws.length}`)
  const [cropY = 0, cropX = 0, flip = 0, cutoutY = 0, cutoutX = 0] = Array.from(draws)
  const top = cutoutY - Math.floor(cutout / 2)
  const left = cutoutX - Math.floor(cutout / 2)
  const result = new Float32Array(picture.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (y >= top && y < top + cutout && x >= left && x < left + cutout) continue
      const fromY = sourceRow(y + cropY - pad, height, padMode)
      const fromX = sourceRow((flip === 1 ? width - 1 - x : x) + cropX - pad, width, padMode)
      if (fromY === null || fromX === null) continue
      for (let channel = 0; channel < channels; channel++) {
        result[(y * width + x) * channels + channel] = picture[(fromY * width + fromX) * channels + channel] ?? 0
      }
    }
  }
  return result
}

/** Throws `config-out-of-range` when a picture of that shape cannot be padded so by reflection. */
export function requirePadFits(pad: number, padMode: AugmentConfig['padMode'], shape: PictureShape): void {
  const most = Math.min(shape[0], shape[1]) - 1
  if (padMode !== 'reflect' || pad <= most) return
  throw new RepriseError({
    code: 'config-out-of-range',
    message: `augment.pad is too large for pictures of ${shape[0]} x ${shape[1]} with reflected borders`,
    expected: `at most ${most}`,
    found: `${pad}`,
    fix: 'Choose a smaller padding, or zeros.',
  })
}

/** Where a row or column of the padded picture comes from; null for padding with zeros. */
function sourceRow(at: number, size: number, padMode: AugmentConfig['padMode']): number | null {
  if (at >= 0 && at < size) return at
  if (padMode === 'zero') return null
  return at < 0 ? -at : 2 * (size - 1) - at
}
