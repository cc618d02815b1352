// HDF5 files in memory, through the HDF5 library in WebAssembly: it sees these bytes and no other file.
import h5wasm, { Dataset, File, Group } from 'h5wasm'
import { RepriseError } from '../../shared/errors.ts'
import { bytesPerValue, type SafetensorsTensor } from './safetensors.ts'

const deepest = 24
const mostObjects = 100_000
const spareBytes = 64 * 1024 * 1024
const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)
let opened = 0

/** A group as it lies in the file. */
export interface Hdf5Group {
  /** Texts and lists of texts; other attributes are left out. */
  attributes: ReadonlyMap<string, string | string[]>
  groups: ReadonlyMap<string, Hdf5Group>
  datasets: ReadonlyMap<string, Hdf5Dataset>
}

export interface Hdf5Dataset {
  shape: number[]
  /** The values, row-major; `name` is that of the result. Throws `data-format` for other types than float32, float64, int32 and int64. */
  read(name: string): SafetensorsTensor
}

/** True when the bytes begin as an HDF5 file. */
export function matchHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte)
}

/**
 * Hands the root group to `use`; datasets can be read until it returns.
 * Throws `data-format` when the file is damaged, holds links to elsewhere, nests more than 24 deep, or when its datasets
 * claim more than four times the file's bytes and 64 MiB.
 */
export async function withHdf5<T>(bytes: Uint8Array, file: string, use: (root: Hdf5Group) => T): Promise<T> {
  if (!matchHdf5(bytes)) throw refused(file, 'an HDF5 file', 'other first bytes')
  const { FS, activate_throwing_error_handler: throwErrors } = await h5wasm.ready
  // Without this the library prints its errors.
  throwErrors()
  const path = `/weights-${opened++}.h5`
  FS.writeFile(path, bytes)
  try {
    const handle = new File(path, 'r')
    try {
      return use(groupOf(handle, { file, objects: 0, bytesLeft: 4 * bytes.length + spareBytes }, 0))
    } finally {
      handle.close()
    }
  } catch (error) {
    if (error instanceof RepriseError) throw error
    throw refused(file, 'a whole HDF5 file', 'parts that the HDF5 library cannot read', error)
  } finally {
    FS.unlink(path)
  }
}

interface Limits {
  file: string
  /** Groups and datasets so far; links can make a few of them seem many. */
  objects: number
  bytesLeft: number
}

function groupOf(group: Group, limits: Limits, depth: number): Hdf5Group {
  if (depth > deepest) throw refused(limits.file, `groups at most ${deepest} deep`, 'deeper ones')
  countObject(limits)
  const attributes = new Map<string, string | string[]>()
  for (const [name, { value }] of Object.entries(group.attrs)) {
    if (typeof value === 'string') attributes.set(name, value)
    else if (Array.isArray(value) && value.every((each) => typeof each === 'string')) attributes.set(name, value)
  }
  const groups = new Map<string, Hdf5Group>()
  const datasets = new Map<string, Hdf5Dataset>()
  for (const name of group.keys()) {
    const child = group.get(name)
    if (child instanceof Group) groups.set(name, groupOf(child, limits, depth + 1))
    else if (child instanceof Dataset) datasets.set(name, datasetOf(child, limits))
    else throw refused(limits.file, 'groups and datasets', `${name}, which leads elsewhere`)
  }
  return { attributes, groups, datasets }
}

function datasetOf(dataset: Dataset, limits: Limits): Hdf5Dataset {
  countObject(limits)
  return {
    shape: dataset.shape ?? [],
    read(name) {
      const shape = dataset.shape ?? []
      const dtype = dtypes[String(dataset.dtype)]
      if (dtype === undefined) {
        throw refused(limits.file, `floats or integers of 32 or 64 bits in ${name}`, String(dataset.dtype))
      }
      limits.bytesLeft -= shape.reduce((product, axis) => product * axis, bytesPerValue[dtype])
      if (!(limits.bytesLeft >= 0))
        throw refused(limits.file, 'datasets of about its own size', `[${shape}] in ${name}`)
      const value = dataset.value
      const values = typeof value === 'number' || typeof value === 'bigint' ? singles[dtype](value) : value
      if (!ArrayBuffer.isView(values)) throw refused(limits.file, `numbers in ${name}`, typeof value)
      return { name, dtype, shape, data: bytesOf(values) }
    },
  }
}

function countObject(limits: Limits): void {
  limits.objects++
  if (limits.objects > mostObjects) throw refused(limits.file, `at most ${mostObjects} groups and datasets`, 'more')
}

/** By h5wasm's names. */
const dtypes: Record<string, NumberType> = { '<f': 'F32', '<d': 'F64', '<i': 'I32', '<q': 'I64' }

type NumberType = 'F32' | 'F64' | 'I32' | 'I64'

const singles: Record<NumberType, (value: number | bigint) => ArrayBufferView> = {
  F32: (value) => Float32Array.of(Number(value)),
  F64: (value) => Float64Array.of(Number(value)),
  I32: (value) => Int32Array.of(Number(value)),
  I64: (value) => BigInt64Array.of(BigInt(value)),
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function refused(file: string, expected: string, found: string, cause?: unknown): RepriseError {
  return new RepriseError(
    {
      code: 'data-format',
      message: `${file} cannot be read`,
      expected,
      found,
      fix: 'Get the file again from its source, or save it again with Keras.',
    },
    { cause },
  )
}
