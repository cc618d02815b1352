// Pages of Parquet columns (parquet-format, README.md and Encodings.md) as far as data sets of pictures need them: values that are
// bytes or whole numbers, plain or by dictionary, at most one for each row. hyparquet reads the footer and the page headers; the
// values are found here, because their places are wanted and because damaged counts must not be believed.
import type { ColumnMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { RepriseError } from '../../shared/errors.ts'
import { type SnappyFragment, snappyFragments } from './snappy.ts'
import { endOfStruct } from './thrift-bounds.ts'

export type ParquetCodec = ColumnMetaData['codec']

export interface ParquetColumn {
  /** Of the chunk, from the start of the file. */
  offset: number
  bytes: number
  codec: ParquetCodec
  type: 'BYTE_ARRAY' | 'INT32' | 'INT64'
  /** Definition level of a value that is there; lower ones are nulls. */
  deepest: number
}

/** The values of a page as they lie in the file. */
export interface PageData {
  offset: number
  bytes: number
  /** Null where they are not compressed. */
  codec: Exclude<ParquetCodec, 'UNCOMPRESSED'> | null
  unpackedBytes: number
  /** Pieces that can be unpacked alone; null where there are none. Known once a value of the page has been given. */
  fragments: SnappyFragment[] | null
}

/** A value that is bytes: where it lies in its unpacked page. */
export interface BytesValue {
  page: PageData
  start: number
  length: number
  /** A view into the page. */
  bytes: Uint8Array
}

export type PageValue = BytesValue | number | null

export interface PageReader {
  read(offset: number, length: number): Uint8Array
  unpack(packed: Uint8Array, codec: NonNullable<PageData['codec']>, bytes: number): Uint8Array
}

const mostHeaderBytes = 1024 * 1024
const usualHeaderBytes = 64 * 1024
/** Pages hold about 1 MB and one picture more. */
const mostPageBytes = 256 * 1024 * 1024
const mostValuesOfPage = 10_000_000

/**
 * The values of a column chunk in its order, page by page; null for rows without one.
 * Throws `data-format` for damage, and for encodings other than plain and by dictionary.
 */
export function* columnValues(reader: PageReader, column: ParquetColumn, file: string): Generator<PageValue[]> {
  const end = column.offset + column.bytes
  let dictionary: PageValue[] | null = null
  let at = column.offset
  while (at < end) {
    const { header, headerBytes } = readHeader(reader, at, end, file)
    const start = at + headerBytes
    const packedBytes = countOf(header.compressed_page_size, mostPageBytes, file)
    const unpackedBytes = countOf(header.uncompressed_page_size, mostPageBytes, file)
    at = start + packedBytes
    if (at > end) throw damaged(file, `a page of ${packedBytes} bytes that reaches past its column`)
    const whole: PageData = {
      offset: start,
      bytes: packedBytes,
      codec: column.codec === 'UNCOMPRESSED' ? null : column.codec,
      unpackedBytes,
      fragments: null,
    }
    if (header.type === 'DICTIONARY_PAGE') {
      const count = countOf(header.dictionary_page_header?.num_values, mostValuesOfPage, file)
      dictionary = plainValues(whole, unpacked(reader, whole, file), 0, count, column.type, file)
    } else if (header.type === 'DATA_PAGE' && header.data_page_header !== undefined) {
      const { encoding, num_values: values } = header.data_page_header
      const data = unpacked(reader, whole, file)
      const count = countOf(values, mostValuesOfPage, file)
      // Levels of version 1 are in the page, after their length.
      const levelBytes = column.deepest === 0 ? 0 : 4 + uint32(data, 0, file)
      const levels = column.deepest === 0 ? null : data.subarray(4, levelBytes)
      const present = presentValues(levels, count, column.deepest, file)
      yield spread(present, valuesOf(whole, data, levelBytes, encoding, present, dictionary, column, file))
    } else if (header.type === 'DATA_PAGE_V2' && header.data_page_header_v2 !== undefined) {
      const of = header.data_page_header_v2
      const repetitionBytes = countOf(of.repetition_levels_byte_length, packedBytes, file)
      const definitionBytes = countOf(of.definition_levels_byte_length, packedBytes - repetitionBytes, file)
      const levelBytes = repetitionBytes + definitionBytes
      if (levelBytes > unpackedBytes) throw damaged(file, 'levels longer than their page')
      const levels = reader.read(start + repetitionBytes, definitionBytes)
      const count = countOf(of.num_values, mostValuesOfPage, file)
      const present = presentValues(column.deepest === 0 ? null : levels, count, column.deepest, file)
      // Levels of version 2 are before the page and never compressed.
      const page: PageData = {
        offset: start + levelBytes,
        bytes: packedBytes - levelBytes,
        codec: of.is_compressed === false ? null : whole.codec,
        unpackedBytes: unpackedBytes - levelBytes,
        fragments: null,
      }
      const data = page.unpackedBytes === 0 ? new Uint8Array() : unpacked(reader, page, file)
      yield spread(present, valuesOf(page, data, 0, of.encoding, present, dictionary, column, file))
    }
  }
}

function readHeader(reader: PageReader, at: number, end: number, file: string) {
  // A header is some dozens of bytes, unless it holds the smallest and largest value.
  for (const most of [usualHeaderBytes, mostHeaderBytes]) {
    const bytes = reader.read(at, Math.min(most, end - at))
    try {
      const headerBytes = endOfStruct(bytes, 0)
      const source = { view: new DataView(bytes.buffer, bytes.byteOffset, headerBytes), offset: 0 }
      return { header: parquetHeader(source), headerBytes }
    } catch (error) {
      if (bytes.length < most || most === mostHeaderBytes)
        throw damaged(file, `${(error as Error).message} at byte ${at}`)
    }
  }
  throw damaged(file, `a page header at byte ${at} that does not end`)
}

function unpacked(reader: PageReader, page: PageData, file: string): Uint8Array {
  const packed = reader.read(page.offset, page.bytes)
  // A copy: values are kept while the next pages are read.
  if (page.codec === null) return packed.slice()
  if (page.codec === 'SNAPPY') page.fragments = snappyFragments(packed)
  try {
    return reader.unpack(packed, page.codec, page.unpackedBytes)
  } catch (error) {
    throw damaged(file, `a page at byte ${page.offset} that cannot be unpacked: ${(error as Error).message}`)
  }
}

/** Which of the `count` values are there. */
function presentValues(levels: Uint8Array | null, count: number, deepest: number, file: string): boolean[] {
  if (levels === null) return new Array<boolean>(count).fill(true)
  const width = 32 - Math.clz32(deepest)
  return hybridNumbers(levels, width, count, file).map((level) => level === deepest)
}

function valuesOf(
  page: PageData,
  data: Uint8Array,
  at: number,
  encoding: string | undefined,
  present: readonly boolean[],
  dictionary: readonly PageValue[] | null,
  column: ParquetColumn,
  file: string,
): PageValue[] {
  const count = present.reduce((sum, isThere) => sum + (isThere ? 1 : 0), 0)
  if (count === 0) return []
  if (encoding === 'PLAIN') return plainValues(page, data, at, count, column.type, file)
  if (encoding !== 'PLAIN_DICTIONARY' && encoding !== 'RLE_DICTIONARY') {
    throw new RepriseError({
      code: 'data-format',
      message: `${file} is written in a way that is not supported`,
      expected: 'values that are plain or by dictionary',
      found: `the encoding ${encoding}`,
      fix: 'Write the file again with the default encodings of pyarrow or datasets.',
    })
  }
  const width = data[at] ?? 0
  if (width > 32) throw damaged(file, `places of ${width} bits in a dictionary`)
  return hybridNumbers(data.subarray(at + 1), width, count, file).map((place) => {
    const value = dictionary?.[place]
    if (value === undefined) throw damaged(file, `the place ${place} in a dictionary of ${dictionary?.length ?? 0}`)
    return value
  })
}

function spread(present: readonly boolean[], values: readonly PageValue[]): PageValue[] {
  let next = 0
  return present.map((isThere) => (isThere ? (values[next++] ?? null) : null))
}

/** Values one after the other: numbers in little-endian, bytes after their length of 32 bits. */
function plainValues(
  page: PageData,
  data: Uint8Array,
  at: number,
  count: number,
  type: ParquetColumn['type'],
  file: string,
): PageValue[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const values: PageValue[] = []
  let start = at
  for (let i = 0; i < count; i++) {
    const size = type === 'INT64' ? 8 : type === 'INT32' ? 4 : 4 + uint32(data, start, file)
    if (start + size > data.length) throw damaged(file, 'a page that ends inside a value')
    if (type === 'INT64') values.push(Number(view.getBigInt64(start, true)))
    else if (type === 'INT32') values.push(view.getInt32(start, true))
    else values.push({ page, start: start + 4, length: size - 4, bytes: data.subarray(start + 4, start + size) })
    start += size
  }
  return values
}

/** Runs of equal numbers and groups of eight packed ones (Encodings.md, RLE / bit-packing hybrid). */
function hybridNumbers(data: Uint8Array, width: number, count: number, file: string): number[] {
  const numbers: number[] = []
  let at = 0
  const valueBytes = Math.ceil(width / 8)
  while (numbers.length < count) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = data[at++]
      if (byte === undefined || shift > 28) throw damaged(file, 'a page that ends inside its levels or places')
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const wanted = count - numbers.length
    if (header % 2 === 0) {
      let value = 0
      for (let i = 0; i < valueBytes; i++) value += (data[at + i] ?? 0) * 2 ** (8 * i)
      at += valueBytes
      for (let i = Math.min(Math.floor(header / 2), wanted); i > 0; i--) numbers.push(value)
      if (header === 0) throw damaged(file, 'a run without values')
    } else {
      const packed = Math.min(Math.floor(header / 2) * 8, wanted)
      for (let i = 0; i < packed; i++) numbers.push(packedNumber(data, at * 8 + i * width, width))
      if (header === 1 || at >= data.length + 1) throw damaged(file, 'a page that ends inside its levels or places')
      at += Math.floor(header / 2) * width
    }
  }
  return numbers
}

/** The number of `width` bits at a bit offset, least significant bit first; bits past the end are 0. */
function packedNumber(data: Uint8Array, bit: number, width: number): number {
  let value = 0
  for (let done = 0; done < width; ) {
    const at = bit + done
    const within = at % 8
    const taken = Math.min(8 - within, width - done)
    const bits = ((data[Math.floor(at / 8)] ?? 0) >>> within) & ((1 << taken) - 1)
    value += bits * 2 ** done
    done += taken
  }
  return value
}

function uint32(data: Uint8Array, at: number, file: string): number {
  if (at + 4 > data.length) throw damaged(file, 'a page that ends inside a length')
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(at, true)
}

/** A count of a page header, which a damaged one may write as anything. */
function countOf(value: unknown, most: number, file: string): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= most))
    throw damaged(file, `a page with a count of ${value}`)
  return value
}

function damaged(file: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} is damaged`,
    expected: 'sound pages of columns',
    found,
    fix: 'Get the file again from its source.',
  })
}
