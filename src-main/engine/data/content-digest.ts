// Hashes by which data is recognised, and the pixel statistics that are kept with it.
import { createHash } from 'node:crypto'
import type { ImageSet, PictureShape } from './dataset.ts'

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function bytesOf(labels: Uint8Array | Uint16Array): Uint8Array {
  return new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)
}

/**
 * One sha256 over the set's pictures with their labels that does not depend on their order, so that the same
 * pictures are recognised whether they came as one file or as a folder of pictures.
 */
export function contentDigest(set: ImageSet): string {
  const bytesPerPicture = set.count === 0 ? 0 : set.images.length / set.count
  const label = new Uint8Array(2)
  const hashes: string[] = []
  for (let i = 0; i < set.count; i++) {
    const value = set.labels[i] ?? 0
    label[0] = value & 0xff
    label[1] = value >> 8
    const picture = set.images.subarray(i * bytesPerPicture, (i + 1) * bytesPerPicture)
    hashes.push(createHash('sha256').update(label).update(picture).digest().toString('latin1'))
  }
  hashes.sort()
  const digest = createHash('sha256')
  for (const hash of hashes) digest.update(hash, 'latin1')
  return digest.digest('hex')
}

/** Names content and split: shape, classes, and the digests of both sets. */
export function fingerprintOf(shape: PictureShape, classes: readonly string[], train: string, test: string): string {
  return createHash('sha256').update(JSON.stringify({ shape, classes, train, test })).digest('hex')
}

/** Mean and population standard deviation of each channel on 0..1 pixels; `images` is [n, height, width, channels]. */
export function channelStatistics(images: Uint8Array, channels: number): { mean: number[]; std: number[] } {
  const histogram = new Float64Array(channels * 256)
  for (let at = 0; at < images.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const slot = channel * 256 + (images[at + channel] ?? 0)
      histogram[slot] = (histogram[slot] ?? 0) + 1
    }
  }
  const count = images.length / channels
  const mean: number[] = []
  const std: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    const bins = histogram.subarray(channel * 256, (channel + 1) * 256)
    const average = bins.reduce((sum, n, value) => sum + (n * value) / 255, 0) / count
    const variance = bins.reduce((sum, n, value) => sum + n * (value / 255 - average) ** 2, 0) / count
    mean.push(average)
    std.push(Math.sqrt(variance))
  }
  return { mean, std }
}
