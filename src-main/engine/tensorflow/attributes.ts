// Attributes of TensorFlow operations in the form tfjs-node's kernels use: {name, type, value}.
import type { NativeTensor } from './capi.ts'

/** Kinds as numbered by tfjs-node's binding; `tensor` and `function` are ours, for graph nodes only. */
export const AttrType = {
  string: 0,
  int: 1,
  float: 2,
  bool: 3,
  type: 4,
  shape: 5,
  resource: 6,
  tensor: 7,
  function: 8,
} as const

export interface Attr {
  name: string
  type: number
  value: boolean | number | string | number[] | Uint8Array | NativeTensor | object
}

export const attr = {
  type: (name: string, value: number): Attr => ({ name, type: AttrType.type, value }),
  types: (name: string, value: number[]): Attr => ({ name, type: AttrType.type, value }),
  int: (name: string, value: number): Attr => ({ name, type: AttrType.int, value }),
  ints: (name: string, value: number[]): Attr => ({ name, type: AttrType.int, value }),
  float: (name: string, value: number): Attr => ({ name, type: AttrType.float, value }),
  bool: (name: string, value: boolean): Attr => ({ name, type: AttrType.bool, value }),
  string: (name: string, value: string | Uint8Array): Attr => ({ name, type: AttrType.string, value }),
  shape: (name: string, value: readonly number[]): Attr => ({ name, type: AttrType.shape, value: [...value] }),
  function: (name: string, value: string): Attr => ({ name, type: AttrType.function, value }),
}
