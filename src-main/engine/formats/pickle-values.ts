// What a pickle may hold here, and how numpy's arrays are made of plain values without calling anything.
import type { TorchStorage, TorchTensor } from './torch-pickle.ts'

export interface NumpyArray {
  kind: 'array'
  /** numpy's short type name, such as "u1" or "<i8" without its byte order: "i8". */
  dtype: string
  littleEndian: boolean
  /** True when the first axis varies fastest. */
  columnMajor: boolean
  shape: number[]
  /** A view into the pickle's bytes where possible. */
  data: Uint8Array
}

export interface NumpyDtype {
  kind: 'dtype'
  name: string
  littleEndian: boolean
}

export interface GlobalName {
  kind: 'global'
  name: string
}

/** A value that is skipped: nothing is known of it but the name of the function that makes it. */
export interface OpaqueValue {
  kind: 'opaque'
  name: string
}

/** Tuples are arrays too; byte strings that are keys of a dict become texts (latin-1). */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | NumpyArray
  | NumpyDtype
  | GlobalName
  | OpaqueValue
  | TorchStorage
  | TorchTensor

/** The functions whose results a reader knows. Nothing is ever called: `construct` makes values of its own. */
export interface PickleVocabulary {
  /** What the file should hold, for messages. */
  expected: string
  /** What a reader can do about a file that holds something else. */
  fix: string
  understands(name: string): boolean
  /** What the named function would return for plain data; null when the arguments are not what it takes. */
  construct(name: string, args: PickleValue[]): PickleValue
  /** The value that a persistent id stands for; null when the id is not understood. Files without such ids need none. */
  load?(id: PickleValue): PickleValue
}

/** Numbers, texts, lists, dicts and numpy arrays. */
export const plainData: PickleVocabulary = {
  expected: 'plain data and numpy arrays',
  fix: 'Choose the original files, or their binary version.',
  understands: (name) => understood.has(name),
  construct,
}

const understood = new Set([
  '_codecs.encode',
  'numpy.ndarray',
  'numpy.dtype',
  'numpy._core.multiarray._reconstruct',
  'numpy._core.numeric._frombuffer',
])

function construct(name: string, args: PickleValue[]): PickleValue {
  const [first, second, third, fourth] = args
  switch (name) {
    case '_codecs.encode': // Python 3 writes byte strings so for protocol 2.
      return typeof first === 'string' && second === 'latin1' ? fromLatin1(first) : null
    case 'numpy.dtype': {
      const type = first instanceof Uint8Array ? latin1(first) : first
      return typeof type === 'string' ? { kind: 'dtype', name: type, littleEndian: true } : null
    }
    case 'numpy._core.multiarray._reconstruct':
      return { kind: 'array', dtype: 'u1', littleEndian: true, columnMajor: false, shape: [0], data: new Uint8Array() }
    case 'numpy._core.numeric._frombuffer':
      if (!(first instanceof Uint8Array) || !isKind(second, 'dtype') || !isShape(third)) return null
      return filledArray(second, third, fourth === 'F', first)
    default:
      return null
  }
}

/** A numpy array of that type over `data`. */
export function filledArray(dtype: NumpyDtype, shape: number[], columnMajor: boolean, data: Uint8Array): NumpyArray {
  return { kind: 'array', dtype: dtype.name, littleEndian: dtype.littleEndian, columnMajor, shape, data }
}

/** True for a value that carries this mark. */
export function isKind<K extends 'array' | 'dtype' | 'global' | 'opaque' | 'storage' | 'tensor'>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

/** True when a value that was read is a numpy array. */
export function isNumpyArray(value: PickleValue | undefined): value is NumpyArray {
  return isKind(value, 'array')
}

/** A value in a message: texts and numbers as they are, of others only what they are, since they may be of any depth. */
export function inWords(value: PickleValue | undefined): string {
  if (typeof value === 'string') return value.slice(0, 200)
  if (typeof value !== 'object') return String(value)
  if (value instanceof Map) return 'a dict'
  return Array.isArray(value) ? 'a list' : value !== null && 'kind' in value ? `a ${value.kind}` : 'None or bytes'
}

/** True for a list of sizes. */
export function isShape(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
}

/** Bytes as text, one character a byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function fromLatin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}
