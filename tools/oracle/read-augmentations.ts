// The files of augmentations.py, mixing.py, decode.py and jpeg_windows.py as typed values. What each holds: README.md.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ColorJitterStep } from '../../src-main/engine/data/augmentations/color-jitter.ts'
import type { DrawSource } from '../../src-main/engine/data/augmentations/draw-source.ts'
import type { OperationName } from '../../src-main/engine/data/augmentations/operations.ts'
import type { AffineFilter } from '../../src-main/engine/data/transforms/affine.ts'
import { pattern } from './pattern.ts'
import type { OraclePicture } from './read-transforms.ts'

export { oraclePicture } from './read-transforms.ts'

/** A result known by its hash; the first row tells where to look. */
export interface PictureSummary {
  shape: [number, number, number]
  sha256: string
  firstRow: string
}

export function summarised({ height, width, data }: OraclePicture): PictureSummary {
  return {
    shape: [height, width, 3],
    sha256: sha256(data),
    firstRow: Buffer.from(data.subarray(0, width * 3)).toString('base64'),
  }
}

export interface AugmentationOracles {
  fill: [number, number, number]
  operations: {
    name: OperationName
    argument: number
    filter: 'nearest' | 'bilinear' | 'bicubic' | null
    picture: number
    size: [number, number]
    output: PictureSummary
  }[]
  hue: { factor: number; picture: number; size: [number, number]; output: PictureSummary }[]
  grayscale: PictureSummary
  /** Results of picture 0 at 37 x 53 for replays `firstReplay` and on; null where the reference fails. */
  policies: ({ firstReplay: number; sha256: (string | null)[] } & PolicyOracle)[]
  /** Resized to 16 x 16, bicubic. */
  resizedCrop: {
    reference: 'torchvision' | 'timm'
    size: [number, number]
    scale: [number, number]
    replay: number
    /** top, left, height, width */
    box: [number, number, number, number]
    sha256: string
  }[]
  /** Of float32 [37, 53, 3], picture 0 over 255. */
  erasing: {
    reference: 'torchvision' | 'timm'
    fill: 'const' | 'rand' | 'pixel'
    count: [number, number]
    replay: number
    sha256: string
  }[]
  colorJitter: { steps: ColorJitterStep[]; picture: number; size: [number, number]; output: PictureSummary }[]
}

type AutoAugmentPolicy = 'imagenet' | 'cifar10' | 'svhn'
type PolicyOracle =
  | { policy: 'torchvision-rand-augment'; settings: { magnitude: number; filter: AffineFilter } }
  | { policy: 'torchvision-trivial-augment-wide'; settings: { filter: AffineFilter } }
  | { policy: 'torchvision-auto-augment'; settings: { policy: AutoAugmentPolicy; filter: AffineFilter } }
  | { policy: 'timm-rand-augment'; settings: { config: string } }
  | {
      policy: 'timm-auto-augment'
      settings: { policy: 'v0' | 'v0r' | 'original' | 'originalr'; magnitudeStd: number }
    }
  | { policy: 'timm-augmix'; settings: { config: string; weights: number[]; mixed: number } }

const replayCount = 8192

/** The random numbers of replay.py. */
export function replay(number: number): DrawSource {
  const uniforms = pattern(40_000 + number, replayCount)
  const normals = pattern(50_000 + number, replayCount)
  let [uniform, normal] = [0, 0]
  return {
    uniform: () => ((uniforms[uniform++] ?? Number.NaN) + 1) / 2,
    normal: () => (normals[normal++] ?? Number.NaN) * 2,
  }
}

export const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

export const augmentationOracles = () => read('augmentations.json') as AugmentationOracles

/** What Pillow's convert("RGB") makes of the files under values/pictures. */
export const decodeOracles = () => read('decode.json') as { file: string; mode: string; output: PictureSummary }[]

/** Decoded by Pillow; other decoders round a little differently. */
export const closeOracles = () => read('decode-close.json') as { file: string; output: StoredOracle }[]

export interface StoredOracle {
  shape: [number, number, number]
  base64: string
}

export const perceptualHashOracles = () =>
  read('perceptual-hashes.json') as {
    formula: { picture: number; size: [number, number]; hash: string }[]
    files: { file: string; hash: string }[]
  }

export interface JpegWindowOracle {
  file: string
  box: { top: number; left: number; height: number; width: number }
  /** SHA-256 of the box's pixels. */
  cut: string
  /** And of them resized to 48x40, antialiased bilinear, and mirrored. */
  mirrored: string
}

export const jpegWindowOracles = () => read('jpeg-windows.json') as JpegWindowOracle[]

export const decodeOraclePath = (file: string) => fileURLToPath(new URL(`values/pictures/${file}`, import.meta.url))

export interface MixingOracles {
  boxes: {
    reference: 'timm' | 'torchvision'
    size: [number, number]
    lambda: number
    replay: number
    /** top, left, height, width */
    box: [number, number, number, number]
    /** Lambda after clipping. */
    corrected: number
  }[]
  targets: {
    reference: 'timm' | 'torchvision'
    labels: number[]
    classes: number
    lambda: number
    smoothing: number
    /** [labels, classes] */
    values: number[]
  }[]
  pictures: {
    reference: 'timm' | 'torchvision'
    kind: 'mixup' | 'cutmix'
    lambda: number
    box: [number, number, number, number] | null
    count: number
    size: [number, number]
    /** [count, height, width, 3], of the batch pattern(31). */
    values: number[]
  }[]
  /** Of the order 0..count - 1, each three times. */
  repeats: { count: number; rank: number; replicas: number; indices: number[] }[]
}

export const mixingOracles = () => read('mixing.json') as MixingOracles
