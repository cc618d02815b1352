// Pad, crop, mirror and cutout on one picture, in plain numbers: what previews show, and what the compiled version is
// checked against.
import { RepriseError } from '../../shared/errors.ts'
import type { PictureShape } from './dataset.ts'
import { drawCount, type PlaceConfig } from './draws.ts'

/**
 * Returns the augmented copy of a picture [height, width, channels], from one row of `augmentationDraws`. Cutout and padding
 * with zeros write 0, the mean of a normalised picture; black padding writes `black` [channels], 0 for bytes; reflection does
 * not repeat the border, as in PyTorch. The cutout square (DeVries and Taylor 2017) reaches from centre - floor(size / 2) over `size` pixels and is
 * clipped at the border.
 * Throws `config-out-of-range` when reflection would need more pixels than the picture has.
 */
export function applyAugmentation<T extends Uint8Array | Float32Array>(
  picture: T,
  shape: PictureShape,
  draws: ArrayLike<number>,
  config: Pick<PlaceConfig, 'pad' | 'padMode' | 'cutout'>,
  black: ArrayLike<number> = [],
): T {
  const [height, width, channels] = shape
  const { pad, padMode, cutout } = config
  requirePadFits(pad, padMode, shape)
  if (draws.length !== drawCount) throw new RangeError(`Expected ${drawCount} draws, found ${draws.length}`)
  const [cropY = 0, cropX = 0, flip = 0, cutoutY = 0, cutoutX = 0] = Array.from(draws)
  const top = cutoutY - Math.floor(cutout / 2)
  const left = cutoutX - Math.floor(cutout / 2)
  const result = picture.slice().fill(0) as T
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (y >= top && y < top + cutout && x >= left && x < left + cutout) continue
      const fromY = sourceRow(y + cropY - pad, height, padMode)
      const fromX = sourceRow((flip === 1 ? width - 1 - x : x) + cropX - pad, width, padMode)
      const isOutside = fromY === null || fromX === null
      if (isOutside && padMode === 'zero') continue
      for (let channel = 0; channel < channels; channel++) {
        const value = isOutside ? black[channel] : picture[(fromY * width + fromX) * channels + channel]
        result[(y * width + x) * channels + channel] = value ?? 0
      }
    }
  }
  return result
}

/** Throws `config-out-of-range` when a picture of that shape cannot be padded so by reflection. */
export function requirePadFits(pad: number, padMode: PlaceConfig['padMode'], shape: PictureShape): void {
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

/** Where a row or column of the padded picture comes from; null where it is outside of the picture. */
function sourceRow(at: number, size: number, padMode: PlaceConfig['padMode']): number | null {
  if (at >= 0 && at < size) return at
  if (padMode !== 'reflect') return null
  return at < 0 ? -at : 2 * (size - 1) - at
}
