// MATLAB's MAT files of level 5, as "MAT-File Format" (The MathWorks) lays them out: a header of 128 bytes, then elements of
// type, size and data, of which a variable is one, compressed by zlib or not. Numbers, texts, structures and cells are read.
import { inflateSync } from 'node:zlib'
import { RepriseError } from '../../shared/errors.ts'

export type MatNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

export type MatValue =
  /** Column-major: the first index runs fastest. */
  | { kind: 'numbers'; shape: number[]; data: MatNumbers }
  | { kind: 'text'; text: string }
  /** One record for each element of the structure array. */
  | { kind: 'records'; shape: number[]; records: Map<string, MatValue>[] }
  | { kind: 'cells'; shape: number[]; cells: MatValue[] }
  /** Sparse arrays, objects and 64-bit numbers, which data sets do not use. */
  | { kind: 'other' }

const headerBytes = 128
const mostBytes = 2 ** 31
const deepest = 16

// Types of elements.
const matrix = 14
const compressed = 15

type Decode = (bytes: Uint8Array, at: number, count: number, little: boolean) => MatNumbers

interface NumberType {
  width: number
  decode: Decode
}

/** Numbers by the type of their element, in the order of the format's table; a type that is missing is none of numbers. */
const numberTypes: Record<number, NumberType> = {
  1: { width: 1, decode: (bytes, at, count) => new Int8Array(bytes.buffer, bytes.byteOffset + at, count) },
  2: { width: 1, decode: (bytes, at, count) => bytes.subarray(at, at + count) },
  3: each(2, Int16Array, (view, at, little) => view.getInt16(at, little)),
  4: each(2, Uint16Array, (view, at, little) => view.getUint16(at, little)),
  5: each(4, Int32Array, (view, at, little) => view.getInt32(at, little)),
  6: each(4, Uint32Array, (view, at, little) => view.getUint32(at, little)),
  7: each(4, Float32Array, (view, at, little) => view.getFloat32(at, little)),
  9: each(8, Float64Array, (view, at, little) => view.getFloat64(at, little)),
  16: { width: 1, decode: (bytes, at, count) => bytes.subarray(at, at + count) },
  17: each(2, Uint16Array, (view, at, little) => view.getUint16(at, little)),
}

// Classes of arrays.
const cellClass = 1
const structClass = 2
const textClass = 4
const numberClasses = [6, 7, 8, 9, 10, 11, 12, 13]

function each(
  width: number,
  Numbers: new (count: number) => MatNumbers,
  get: (view: DataView, at: number, little: boolean) => number,
): NumberType {
  return {
    width,
    decode: (bytes, at, count, little) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const numbers = new Numbers(count)
      for (let i = 0; i < count; i++) numbers[i] = get(view, at + i * width, little)
      return numbers
    },
  }
}

/** True when the bytes begin as a MAT file of level 5 or of version 7.3, which only `readMat` tells apart. */
export function matchMat(bytes: Uint8Array): boolean {
  return bytes.length >= headerBytes && new TextDecoder('latin1').decode(bytes.subarray(0, 7)) === 'MATLAB '
}

/**
 * The variables of those names, as many as there are; others are passed over without being kept.
 * Throws `data-truncated` when the file ends too early, and `data-format` when it is damaged, unpacks to more than 2 GiB or is
 * of version 7.3, which is HDF5.
 */
export function readMat(bytes: Uint8Array, file: string, names: readonly string[]): Map<string, MatValue> {
  if (bytes.length < headerBytes) throw truncated(file, `a header of ${headerBytes} bytes`, bytes.length)
  const mark = String.fromCharCode(bytes[126] ?? 0, bytes[127] ?? 0)
  const little = mark === 'IM'
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint16(124, little)
  if (version === 0x0200 && matchMat(bytes)) {
    throw new RepriseError({
      code: 'data-format',
      message: `${file} is a MAT file of version 7.3, which is not read`,
      expected: 'a MAT file of level 5',
      found: 'HDF5 inside',
      fix: "Save it with scipy.io.savemat, or in MATLAB with save(..., '-v7').",
    })
  }
  if ((mark !== 'IM' && mark !== 'MI') || version !== 0x0100) throw damaged(file, 'another header')
  const variables = new Map<string, MatValue>()
  let at = headerBytes
  let unpackedBytes = 0
  while (at < bytes.length) {
    const outer = new Elements(bytes, at, bytes.length, little, file)
    let element = outer.next()
    at = outer.at
    if (element.type === compressed) {
      const packed = bytes.subarray(element.start, element.end)
      const unpacked = inflate(packed, file, mostBytes - unpackedBytes)
      unpackedBytes += unpacked.length
      element = new Elements(unpacked, 0, unpacked.length, little, file).next()
    }
    if (element.type !== matrix) continue
    const { name, read } = openArray(element, little, file)
    if (names.includes(name)) variables.set(name, read(0))
  }
  return variables
}

interface Element {
  type: number
  bytes: Uint8Array
  start: number
  end: number
}

/** The elements between two places, one after the other. */
class Elements {
  at: number
  private readonly bytes: Uint8Array
  private readonly end: number
  private readonly little: boolean
  private readonly file: string
  private readonly view: DataView

  constructor(bytes: Uint8Array, start: number, end: number, little: boolean, file: string) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = start
    this.end = end
    this.little = little
    this.file = file
  }

  next(): Element {
    if (this.at + 8 > this.end) throw truncated(this.file, `an element at byte ${this.at}`, this.end)
    const first = this.view.getUint32(this.at, this.little)
    const isSmall = first >>> 16 !== 0
    const type = isSmall ? first & 0xffff : first
    const size = isSmall ? first >>> 16 : this.view.getUint32(this.at + 4, this.little)
    const start = this.at + (isSmall ? 4 : 8)
    const end = start + size
    if (isSmall && size > 4) throw damaged(this.file, `a short element of ${size} bytes`)
    if (end > this.end) throw truncated(this.file, `${size} bytes of an element at byte ${this.at}`, this.end)
    // Only compressed elements are not padded to eight bytes.
    this.at = isSmall ? this.at + 8 : type === compressed ? end : Math.min(this.end, start + Math.ceil(size / 8) * 8)
    return { type, bytes: this.bytes, start, end }
  }
}

/** Name of an array, and how to read the rest of it. */
function openArray(array: Element, little: boolean, file: string): { name: string; read: (depth: number) => MatValue } {
  if (array.type !== matrix) throw damaged(file, `an element of type ${array.type} in place of an array`)
  // An array without anything is written as no bytes at all.
  if (array.start === array.end)
    return { name: '', read: () => ({ kind: 'numbers', shape: [0, 0], data: new Uint8Array() }) }
  const parts = new Elements(array.bytes, array.start, array.end, little, file)
  const flags = numbersOf(parts.next(), little, file)
  const shape = [...numbersOf(parts.next(), little, file)]
  const name = textOf(numbersOf(parts.next(), little, file))
  const count = shape.reduce((product, size) => product * size, 1)
  if (shape.length < 2 || shape.some((size) => size < 0) || !Number.isSafeInteger(count)) {
    throw damaged(file, `an array of ${shape.join(' x ')}`)
  }
  const arrayClass = (flags[0] ?? 0) & 0xff
  const read = (depth: number): MatValue => {
    if (depth > deepest) throw damaged(file, `more than ${deepest} arrays inside each other`)
    const inner = () => openArray(parts.next(), little, file).read(depth + 1)
    if (arrayClass === cellClass) {
      requireRoom(count, array, file)
      return { kind: 'cells', shape, cells: Array.from({ length: count }, inner) }
    }
    if (arrayClass === structClass) {
      const width = numbersOf(parts.next(), little, file)[0] ?? 0
      const fields = fieldNames(numbersOf(parts.next(), little, file), width)
      requireRoom(count * fields.length, array, file)
      if (fields.length === 0) return { kind: 'records', shape, records: [] }
      const record = () => new Map(fields.map((field) => [field, inner()] as const))
      return { kind: 'records', shape, records: Array.from({ length: count }, record) }
    }
    if (arrayClass === textClass) {
      const element = parts.next()
      // UTF-16 and byte codes are texts of one code each; UTF-8 is what scipy writes.
      const codes = numbersOf(element, little, file)
      return {
        kind: 'text',
        text: element.type === 16 ? new TextDecoder().decode(Uint8Array.from(codes)) : textOf(codes),
      }
    }
    if (!numberClasses.includes(arrayClass)) return { kind: 'other' }
    // Numbers are stored in the smallest type that holds them, whatever their class.
    const data = numbersOf(parts.next(), little, file)
    if (data.length !== count) throw damaged(file, `${data.length} numbers in an array of ${shape.join(' x ')}`)
    return { kind: 'numbers', shape, data }
  }
  return { name, read }
}

/** Each inner array takes eight bytes at least, so a count beyond that is a lie. */
function requireRoom(count: number, array: Element, file: string): void {
  if (count * 8 > array.end - array.start) throw damaged(file, `${count} arrays in ${array.end - array.start} bytes`)
}

function numbersOf(element: Element, little: boolean, file: string): MatNumbers {
  const type = numberTypes[element.type]
  const size = element.end - element.start
  if (type === undefined || size % type.width !== 0) {
    throw damaged(file, `${size} bytes of type ${element.type} in place of numbers`)
  }
  return type.decode(element.bytes, element.start, size / type.width, little)
}

function fieldNames(codes: MatNumbers, width: number): string[] {
  if (width <= 0) return []
  return Array.from({ length: Math.floor(codes.length / width) }, (_, i) =>
    textOf(codes.slice(i * width, (i + 1) * width)).replace(/\0.*$/s, ''),
  )
}

function textOf(codes: MatNumbers): string {
  let text = ''
  for (const code of codes) text += String.fromCharCode(code)
  return text
}

function inflate(packed: Uint8Array, file: string, most: number): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    throw damaged(file, `a compressed part that cannot be unpacked (${(error as Error).message})`)
  }
}

function truncated(file: string, expected: string, found: number): RepriseError {
  return new RepriseError({
    code: 'data-truncated',
    message: `${file} ends too early`,
    expected,
    found: `${found} bytes`,
    fix: 'The copy or download was cut off: get the file again from its source.',
  })
}

function damaged(file: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} cannot be read as a MAT file`,
    expected: 'a sound MAT file of level 5',
    found,
    fix: 'Get the file again from its source.',
  })
}
