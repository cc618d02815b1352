// Safetensors (Hugging Face, format of 2022): eight bytes of header length, a JSON header of names, types, shapes and
// offsets, then the values, little-endian and without gaps.
import { RepriseError } from '../../shared/errors.ts'

/** Bytes of one value by type. */
export const bytesPerValue = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const

export type SafetensorsDtype = keyof typeof bytesPerValue

export interface SafetensorsTensor {
  name: string
  dtype: SafetensorsDtype
  shape: number[]
  /** The values' bytes; a view into the file's bytes when it was read. */
  data: Uint8Array
}

export interface SafetensorsFile {
  tensors: SafetensorsTensor[]
  metadata: Record<string, string>
}

/** A tensor to write; any typed array whose bytes are the values of `dtype`. */
export interface TensorToWrite {
  name: string
  dtype: SafetensorsDtype
  shape: readonly number[]
  data: ArrayBufferView
}

const mostHeaderBytes = 100_000_000
const metadataKey = '__metadata__'

/**
 * Writes tensors and text metadata as one file: largest value type first, so that every tensor is aligned, then by
 * name. Throws `internal` when a name repeats or data does not fit its shape.
 */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = tensors.toSorted(
    (a, b) => bytesPerValue[b.dtype] - bytesPerValue[a.dtype] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : []
  let offset = 0
  for (const [i, { name, dtype, shape, data }] of sorted.entries()) {
    const size = byteSize(dtype, shape)
    if (size === null || size !== data.byteLength || name === metadataKey || sorted[i - 1]?.name === name) {
      throw new RepriseError({
        code: 'internal',
        message: `The tensor ${name} cannot be written`,
        expected: `a name of its own and ${size} bytes for ${dtype} ${JSON.stringify(shape)}`,
        found: `${data.byteLength} bytes`,
      })
    }
    header.push([name, { dtype, shape, data_offsets: [offset, offset + size] }])
    offset += size
  }
  // Names like "__proto__" are own keys here, which an object literal could not hold.
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  const headerBytes = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(8 + headerBytes + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.set(text, 8)
  file.fill(0x20, 8 + text.length, 8 + headerBytes)
  let at = 8 + headerBytes
  for (const { data } of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}

/**
 * Reads a whole file; the tensors stand in the order of their offsets.
 * Throws `checkpoint-damaged` when anything is not as the format wants it: header, types, shapes, gaps, overlaps, ends.
 */
export function readSafetensors(bytes: Uint8Array, file = 'The file'): SafetensorsFile {
  if (bytes.length < 8) throw damaged(file, 'at least 8 bytes', `${bytes.length} bytes`)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(Math.min(mostHeaderBytes, bytes.length - 8))) {
    throw damaged(file, `a header of at most ${Math.min(mostHeaderBytes, bytes.length - 8)} bytes`, `${length} bytes`)
  }
  const start = 8 + Number(length)
  const header = parseHeader(bytes.subarray(8, start), file)
  const values = bytes.subarray(start)
  const metadata: Record<string, string> = {}
  const placed: { tensor: SafetensorsTensor; begin: number; end: number }[] = []
  for (const [name, entry] of Object.entries(header)) {
    if (name === metadataKey) Object.assign(metadata, parseMetadata(entry, file))
    else placed.push(parseEntry(name, entry, values, file))
  }
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let covered = 0
  for (const { tensor, begin, end } of placed) {
    if (begin !== covered) throw damaged(file, `${tensor.name} to begin at byte ${covered}`, `byte ${begin}`)
    covered = end
  }
  if (covered !== values.length) throw damaged(file, `${covered} bytes of values`, `${values.length} bytes`)
  return { tensors: placed.map(({ tensor }) => tensor), metadata }
}

/** The values of an F32 tensor; a copy when the bytes are not aligned. Throws `checkpoint-damaged` for other types. */
export function float32Values(tensor: SafetensorsTensor): Float32Array {
  if (tensor.dtype !== 'F32') throw damaged(tensor.name, 'F32 values', tensor.dtype)
  const { buffer, byteOffset, byteLength } = tensor.data
  if (byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, byteLength / 4)
  return new Float32Array(new Uint8Array(tensor.data).buffer)
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    if (isRecord(header)) return header
  } catch {
    // Told below: what the parser says of binary bytes helps nobody.
  }
  throw damaged(file, 'a JSON object as header', 'something else')
}

function parseMetadata(entry: unknown, file: string): Record<string, string> {
  if (isRecord(entry) && Object.values(entry).every((value) => typeof value === 'string')) {
    return entry as Record<string, string>
  }
  throw damaged(file, 'metadata of texts only', JSON.stringify(entry).slice(0, 200))
}

function parseEntry(name: string, entry: unknown, values: Uint8Array, file: string) {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {}
  const isKnown = typeof dtype === 'string' && Object.hasOwn(bytesPerValue, dtype)
  if (!isKnown) throw damaged(file, `a known type for ${name}`, String(dtype))
  if (!isSizes(shape)) throw damaged(file, `a shape for ${name}`, String(JSON.stringify(shape)).slice(0, 200))
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw damaged(file, `two offsets for ${name}`, String(JSON.stringify(offsets)).slice(0, 200))
  }
  const [begin = 0, end = 0] = offsets
  const size = byteSize(dtype as SafetensorsDtype, shape)
  if (end > values.length) throw damaged(file, `${name} to end before byte ${values.length}`, `byte ${end}`)
  if (size === null || end - begin !== size) {
    throw damaged(file, `${size ?? 'countable'} bytes for ${name}`, `${end - begin} bytes`)
  }
  const data = values.subarray(begin, end)
  return { tensor: { name, dtype: dtype as SafetensorsDtype, shape, data }, begin, end }
}

/** Bytes of a tensor, or null when they are more than can be counted exactly. */
function byteSize(dtype: SafetensorsDtype, shape: readonly number[]): number | null {
  const size = shape.reduce((product, axis) => product * axis, bytesPerValue[dtype])
  return Number.isSafeInteger(size) ? size : null
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function damaged(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'checkpoint-damaged',
    message: `${file} is not a whole safetensors file`,
    expected,
    found,
    fix: 'Use another checkpoint of the run.',
  })
}
