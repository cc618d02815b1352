// Raw bytes to the numbers that a network sees.
import type { RunConfig } from '../../shared/run-config.ts'
import type { Dataset, PixelDataset } from './dataset.ts'
import { imagenetNormalization } from './transforms/evaluation-transform.ts'

/** Affine map of raw bytes: x * scale + offset, per channel or per pixel. */
export interface Normalization {
  /** [c] */
  scale: Float32Array
  /** [c] or [h, w, c] */
  offset: Float32Array
  offsetShape: readonly number[]
}

// LeCun et al. 1998: background -0.1, foreground 1.175, so that the mean is about 0 and the variance about 1.
const lenetScale = 1.275 / 255
const lenetOffset = -0.1

/** The normalisation that a config asks for, on the pixels of `dataset`. */
export function normalizationOf(config: RunConfig['input'], dataset: Dataset): Normalization {
  const channels = dataset.shape[2]
  const filled = (value: number) => new Float32Array(channels).fill(value)
  switch (config.normalization) {
    case 'lenet':
      return { scale: filled(lenetScale), offset: filled(lenetOffset), offsetShape: [channels] }
    case 'unit':
      return { scale: filled(1 / 255), offset: filled(0), offsetShape: [channels] }
    case 'pixel-mean': {
      if (dataset.storage === 'files') throw new RangeError('pictures of unlike sizes have no mean picture')
      const mean = pixelMean(dataset)
      return { scale: filled(1 / 255), offset: mean.map((v) => -v / 255), offsetShape: dataset.shape }
    }
    case 'channel': {
      const { mean, std } = channelStatisticsOf(config, dataset)
      const scale = Float32Array.from({ length: channels }, (_, c) => 1 / (255 * (std[c] ?? 1)))
      const offset = Float32Array.from({ length: channels }, (_, c) => -(mean[c] ?? 0) / (std[c] ?? 1))
      return { scale, offset, offsetShape: [channels] }
    }
  }
}

/** Those of the config, of the data set, or, where files have not been checked yet, of ImageNet. */
function channelStatisticsOf(config: RunConfig['input'], { mean, std, shape }: Dataset) {
  const isFor = (values: readonly number[]) => values.length === shape[2]
  return {
    mean: [config.mean, mean].find(isFor) ?? imagenetNormalization.mean,
    std: [config.std, std].find(isFor) ?? imagenetNormalization.std,
  }
}

/** Mean training picture in raw units, [h, w, c]. */
function pixelMean({ train, shape }: PixelDataset): Float32Array {
  const size = shape[0] * shape[1] * shape[2]
  const sums = new Float64Array(size)
  for (let start = 0; start < train.images.length; start += size) {
    for (let i = 0; i < size; i++) sums[i] = (sums[i] ?? 0) + (train.images[start + i] ?? 0)
  }
  return Float32Array.from(sums, (sum) => sum / train.count)
}

/**
 * Pixels [h, w, c] of 0..255 to float32, with `shift` [c] on 0..1 pixels added before. `offset` must be [c]. Equal to the compiled
 * step's normalisation on bytes.
 */
export function normalisedPixels(
  pixels: Uint8Array | Float32Array,
  { scale, offset }: Normalization,
  shift: readonly number[] = [],
): Float32Array {
  const { fround } = Math
  const channels = scale.length
  const moved = Float32Array.from(offset, (value, c) => value + (shift[c] ?? 0) * 255 * (scale[c] ?? 0))
  const result = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      result[i + c] = fround((pixels[i + c] as number) * (scale[c] as number)) + (moved[c] as number)
    }
  }
  return result
}
