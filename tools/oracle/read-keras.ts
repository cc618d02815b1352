// What keras_applications.py knows of the architectures of Keras, and its weights by formula. README.md says where it comes from.
import { readFileSync } from 'node:fs'
import { pattern } from './pattern.ts'

export interface KerasValues {
  /** Side of the picture, `oraclePicture` of the file's number. */
  size: number
  tensors: { name: string; shape: number[] }[]
  logits: number[]
}

export interface KerasModelOracle {
  constructor: string
  /** Keras' name of the model. */
  name: string
  /** Side of its input. */
  size: number
  /** Of its normalisation layers. */
  epsilons: number[]
  /** SHA-256 over a line `name [shape]` for each tensor, sorted. */
  names: string
  values?: KerasValues
}

interface KerasOracles {
  picture: number
  models: KerasModelOracle[]
  /** EfficientNetB0 as weights="imagenet" builds it, loaded from weights by formula and ImageNet's mean and deviation. */
  published: KerasValues
}

export const kerasOracles = () =>
  JSON.parse(readFileSync(new URL('values/keras-applications.json', import.meta.url), 'utf8')) as KerasOracles

/** Tensor number `p` in Keras' layout, as `keras_pattern` makes it. */
export function kerasPattern(p: number, name: string, shape: readonly number[]): Float32Array {
  const product = (axes: readonly number[]) => axes.reduce((a, b) => a * b, 1)
  const { fround } = Math
  const u = pattern(p, product(shape))
  if (shape.length > 1) {
    const scale = fround(Math.sqrt(3 / product(shape.at(-1) === 1 ? shape.slice(0, 2) : shape.slice(0, -1))))
    return u.map((value) => scale * value)
  }
  const small = u.map((value) => fround(0.1) * value)
  return /(gamma|variance|layer_scale\/variable(_\d+)?)$/.test(name) ? small.map((value) => 1 + value) : small
}
