// Mixup (Zhang et al. 2017) and CutMix (Yun et al. 2019) of a batch: who is mixed with whom, the box, the targets.
// Sources: timm 1.0.31, data/mixup.py (mode "batch"); torchvision 0.28, transforms/v2/_augment.py.
import type { Size } from '../transforms/crop-geometry.ts'
import { type DrawSource, drawDirichlet, drawInteger } from './draw-source.ts'
import type { CropBox } from './random-resized-crop.ts'

export type MixingReference = 'timm' | 'torchvision' | 'big-vision'

export interface MixingConfig {
  reference: MixingReference
  /** Concentration of the beta distribution; 0 switches a kind off. */
  mixupAlpha: number
  cutmixAlpha: number
  /** Of mixing a batch at all, and of CutMix where both are on. */
  probability: number
  switchProbability: number
}

export interface MixingDraw {
  /** Share of the picture itself, 1 where nothing is mixed; for CutMix that of the area outside the box. */
  lambda: number
  /** Taken from the partner; null for Mixup. */
  box: CropBox | null
}

/** Place of each picture's partner: timm reverses the batch, torchvision and big_vision roll it by one. */
export function mixingPartners(reference: MixingReference, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => (reference === 'timm' ? count - 1 - i : (i + count - 1) % count))
}

/** One draw for a whole batch of pictures of `size`. */
export function drawMixing(source: DrawSource, size: Size, config: MixingConfig): MixingDraw {
  const { mixupAlpha, cutmixAlpha } = config
  const isOn = mixupAlpha > 0 || cutmixAlpha > 0
  if (!isOn || source.uniform() >= config.probability) return { lambda: 1, box: null }
  const isCutmix = cutmixAlpha > 0 && (mixupAlpha === 0 || source.uniform() < config.switchProbability)
  const [share = 1] = drawDirichlet(source, isCutmix ? cutmixAlpha : mixupAlpha, 2)
  if (isCutmix) return drawCutmixBox(source, config.reference, size, share)
  // google-research/big_vision, utils.py, get_mixup: the larger share is the picture's own.
  return { lambda: config.reference === 'big-vision' ? Math.max(share, 1 - share) : share, box: null }
}

/** A box of share 1 - `lambda` around a random point, clipped; lambda becomes the share that is really left. */
export function drawCutmixBox(
  source: DrawSource,
  reference: MixingReference,
  [height, width]: Size,
  lambda: number,
): MixingDraw {
  const ratio = Math.sqrt(1 - lambda)
  let vertical: [number, number]
  let horizontal: [number, number]
  if (reference === 'timm') {
    const y = drawInteger(source, height)
    const x = drawInteger(source, width)
    vertical = oddSpan(y, Math.trunc(height * ratio), height)
    horizontal = oddSpan(x, Math.trunc(width * ratio), width)
  } else {
    const x = drawInteger(source, width)
    const y = drawInteger(source, height)
    vertical = evenSpan(y, Math.trunc(0.5 * ratio * height), height)
    horizontal = evenSpan(x, Math.trunc(0.5 * ratio * width), width)
  }
  const box = {
    top: vertical[0],
    left: horizontal[0],
    height: vertical[1] - vertical[0],
    width: horizontal[1] - horizontal[0],
  }
  return { lambda: 1 - (box.height * box.width) / (height * width), box }
}

/** `length` around `centre`, the odd pixel after it. */
function oddSpan(centre: number, length: number, size: number): [number, number] {
  return [Math.max(centre - Math.floor(length / 2), 0), Math.min(centre + Math.floor((length + 1) / 2), size)]
}

function evenSpan(centre: number, half: number, size: number): [number, number] {
  return [Math.max(centre - half, 0), Math.min(centre + half, size)]
}

/**
 * Mixes a batch [n, height, width, 3] with its partners, in place: lambda x + (1 - lambda) partner in single precision, or
 * the partner's pixels inside the box.
 */
export function mixPictures(
  batch: Float32Array,
  [height, width]: Size,
  partners: Int32Array,
  { lambda, box }: MixingDraw,
): void {
  if (lambda === 1 && box === null) return
  const { fround } = Math
  const length = height * width * 3
  const original = batch.slice()
  const [own, others] = [fround(lambda), fround(1 - lambda)]
  for (const [i, partner] of partners.entries()) {
    const [to, from] = [i * length, partner * length]
    if (box === null) {
      for (let k = 0; k < length; k++) {
        batch[to + k] = fround(own * (original[to + k] as number)) + fround(others * (original[from + k] as number))
      }
      continue
    }
    for (let y = box.top; y < box.top + box.height; y++) {
      const row = (y * width + box.left) * 3
      batch.set(original.subarray(from + row, from + row + box.width * 3), to + row)
    }
  }
}

/**
 * Soft targets [count, classes], row by row: lambda times the own label, the rest the partner's, both smoothed first
 * (1 - s + s / classes and s / classes). A loss on them must not smooth again.
 */
export function mixedTargets(
  labels: ArrayLike<number>,
  classes: number,
  lambda: number,
  partners: Int32Array,
  smoothing: number,
): Float32Array {
  const off = smoothing / classes
  const targets = new Float32Array(labels.length * classes).fill(off)
  for (let i = 0; i < labels.length; i++) {
    const own = i * classes + (labels[i] ?? 0)
    const other = i * classes + (labels[partners[i] ?? i] ?? 0)
    targets[own] = (targets[own] as number) + (1 - smoothing) * lambda
    targets[other] = (targets[other] as number) + (1 - smoothing) * (1 - lambda)
  }
  return targets
}

/**
 * The pictures of an epoch with repeated augmentation (Hoffer et al. 2019, as DeiT): each place of `order` `repeats`
 * times in a row, cut after the share of one of `replicas`. The epoch keeps its length, so only 1 / `repeats` of the
 * pictures are seen. Source: timm 1.0.31, data/distributed_sampler.py, RepeatAugSampler.
 */
export function repeatedAugmentationOrder(order: Int32Array, repeats: number, rank = 0, replicas = 1): Int32Array {
  const whole = order.length >= 256 ? Math.floor(order.length / 256) * 256 : order.length
  const selected = order.length >= 256 ? Math.floor(whole / replicas) : Math.ceil(whole / replicas)
  const count = Math.min(selected, Math.ceil((order.length * repeats) / replicas))
  const total = order.length * repeats
  return Int32Array.from({ length: count }, (_, i) => order[Math.floor(((rank + i * replicas) % total) / repeats)] ?? 0)
}
