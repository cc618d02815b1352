// The weight files under values/weights/ and what they hold. What each is and where it comes from: README.md.
import { readFileSync } from 'node:fs'

export interface WeightFileOracle {
  file: string
  /** In the order of the file; `sha256` is of the row-major little-endian bytes. */
  tensors: { name: string; dtype: string; shape: number[]; sha256: string }[]
}

const folder = new URL('values/weights/', import.meta.url)

/** The bytes of one file. */
export const weightFile = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)))

/** What network.keras and network.h5 hold, by layer and weight, in Keras' layouts. */
export const kerasTensorOracles = () =>
  JSON.parse(readFileSync(new URL('keras.json', folder), 'utf8')) as WeightFileOracle['tensors']

export const weightFileOracles = () =>
  JSON.parse(readFileSync(new URL('weights.json', folder), 'utf8')) as WeightFileOracle[]
