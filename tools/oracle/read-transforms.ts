// The oracle's pictures and the files of transforms.py as typed values. What each holds: README.md.
import { readFileSync } from 'node:fs'
import { pattern } from './pattern.ts'

const picturesStream = 30_000

export interface OraclePicture {
  height: number
  width: number
  channels: 3
  data: Uint8Array
}

/** Picture `number`, equal to `picture_bytes` of pictures.py. */
export function oraclePicture(number: number, height: number, width: number): OraclePicture {
  const noise = pattern(picturesStream + number, height * width * 3)
  const data = new Uint8Array(height * width * 3)
  for (let i = 0; i < data.length; i++) {
    const c = i % 3
    const x = ((i - c) / 3) % width
    const y = Math.floor(i / 3 / width)
    const slope = (x * (11 + number) + y * (7 - c) + c * 90 + Math.floor((x * y) / 8)) % 510
    const folded = slope <= 255 ? slope : 510 - slope
    data[i] = 20 + Math.floor((folded * 190) / 255) + Math.floor((noise[i] ?? 0) * 18)
  }
  return { height, width, channels: 3, data }
}

/** The pixels of a result, HWC. */
export interface StoredPicture {
  shape: [number, number, number]
  base64: string
}

export function storedPicture({ shape, base64 }: StoredPicture): OraclePicture {
  return { height: shape[0], width: shape[1], channels: 3, data: new Uint8Array(Buffer.from(base64, 'base64')) }
}

export interface TransformOracles {
  resize: {
    filter: 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'
    picture: number
    size: [number, number]
    /** left, upper, right, lower */
    box: [number, number, number, number] | null
    output: StoredPicture
  }[]
  /** Resized and cropped; of timm's and torchvision's own presets. */
  evaluation: ({
    picture: number
    size: [number, number]
    crop: [number, number]
    filter: 'bilinear' | 'bicubic'
    output: StoredPicture
  } & (
    | { source: 'torchvision'; resize: number }
    | { source: 'timm'; fraction: number; mode: 'center' | 'squash' | 'border' }
    | { source: 'tpu'; padding: number }
  ))[]
  crops: {
    picture: number
    size: [number, number]
    crop: [number, number]
    five: StoredPicture[]
    ten: StoredPicture[]
    center: { crop: [number, number]; output: StoredPicture }[]
  }
  /** Of the bytes 0..255 in every channel. */
  normalisation: {
    divisor: number
    mean: [number, number, number]
    std: [number, number, number]
    /** float32 [16, 16, 3], base64. */
    float32: string
  }[]
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

export const transformOracles = () => read('transforms.json') as TransformOracles

/** float32 in 0..255, HWC, by TensorFlow's kernels. */
export const tensorflowResizeOracles = () =>
  read('tensorflow-resize.json') as {
    method: 'bilinear' | 'bicubic' | 'area'
    picture: number
    size: [number, number]
    to: [number, number]
    values: number[]
  }[]
