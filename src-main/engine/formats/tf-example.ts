// tf.train.Example (tensorflow/core/example/example.proto, feature.proto): a map from names to lists of bytes, floats or whole
// numbers, in the wire format of protocol buffers. Bytes are located and not read: most of a record is the picture.
import { RepriseError } from '../../shared/errors.ts'

export interface ExampleFeature {
  /** Places of the values of a bytes_list. */
  bytes: { offset: number; bytes: number }[]
  /** Values of an int64_list; those past 2^53 are rounded. */
  numbers: number[]
}

type Read = (offset: number, length: number) => Uint8Array

const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5
/** Of a list; a label or a picture is the first. */
const mostValues = 16
const mostNameBytes = 1000

interface Field {
  number: number
  wire: number
  /** Of the content, for `lengthDelimited`. */
  start: number
  end: number
  value: number
}

/**
 * The features of the Example at [offset, offset + bytes) by name. Throws `data-format` when the bytes are no such message.
 */
export function readExample(read: Read, offset: number, bytes: number): Map<string, ExampleFeature> {
  const features = new Map<string, ExampleFeature>()
  // Example { Features features = 1 }, Features { map<string, Feature> feature = 1 }
  for (const inExample of fieldsOf(read, offset, offset + bytes)) {
    if (inExample.number !== 1 || inExample.wire !== lengthDelimited) continue
    for (const inFeatures of fieldsOf(read, inExample.start, inExample.end)) {
      if (inFeatures.number !== 1 || inFeatures.wire !== lengthDelimited) continue
      const entry = readEntry(read, inFeatures)
      if (entry !== null) features.set(...entry)
    }
  }
  return features
}

/** Map entry { string key = 1, Feature value = 2 } */
function readEntry(read: Read, entry: Field): [string, ExampleFeature] | null {
  let name = ''
  const feature: ExampleFeature = { bytes: [], numbers: [] }
  for (const field of fieldsOf(read, entry.start, entry.end)) {
    if (field.wire !== lengthDelimited) continue
    if (field.number === 1) {
      if (field.end - field.start > mostNameBytes) return null
      name = new TextDecoder().decode(read(field.start, field.end - field.start))
    } else if (field.number === 2) readFeature(read, field, feature)
  }
  return [name, feature]
}

/** Feature { oneof { BytesList bytes_list = 1, FloatList float_list = 2, Int64List int64_list = 3 } }, each { value = 1 } */
function readFeature(read: Read, feature: Field, into: ExampleFeature): void {
  for (const list of fieldsOf(read, feature.start, feature.end)) {
    if (list.wire !== lengthDelimited || (list.number !== 1 && list.number !== 3)) continue
    for (const value of fieldsOf(read, list.start, list.end)) {
      if (into.bytes.length >= mostValues || into.numbers.length >= mostValues) return
      if (value.number !== 1) continue
      if (list.number === 1 && value.wire === lengthDelimited) {
        into.bytes.push({ offset: value.start, bytes: value.end - value.start })
      } else if (list.number === 3 && value.wire === varint) into.numbers.push(value.value)
      else if (list.number === 3 && value.wire === lengthDelimited) readPacked(read, value, into.numbers)
    }
  }
}

function readPacked(read: Read, { start, end }: Field, into: number[]): void {
  for (let at = start; at < end && into.length < mostValues; ) {
    const { value, next } = readVarint(read, at, end)
    into.push(value)
    at = next
  }
}

function* fieldsOf(read: Read, start: number, end: number): Generator<Field> {
  let at = start
  while (at < end) {
    const tag = readVarint(read, at, end)
    const wire = tag.value % 8
    const field: Field = { number: Math.floor(tag.value / 8), wire, start: tag.next, end: tag.next, value: 0 }
    if (wire === varint) {
      const { value, next } = readVarint(read, tag.next, end)
      field.value = value
      field.end = next
    } else if (wire === lengthDelimited) {
      const { value, next } = readVarint(read, tag.next, end)
      field.start = next
      field.end = next + value
    } else if (wire === fixed64) field.end = tag.next + 8
    else if (wire === fixed32) field.end = tag.next + 4
    else throw noExample(at)
    if (!(field.end >= field.start && field.end <= end)) throw noExample(at)
    yield field
    at = field.end
  }
}

/** Negative numbers are written as 64 bits in two's complement. */
function readVarint(read: Read, at: number, end: number): { value: number; next: number } {
  const bytes = read(at, Math.min(10, end - at))
  let value = 0n
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    // Nearly all are short.
    if (i === 0 && byte < 0x80) return { value: byte, next: at + 1 }
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value: Number(BigInt.asIntN(64, value)), next: at + i + 1 }
  }
  throw noExample(at)
}

function noExample(at: number): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: 'A record is no tf.train.Example',
    expected: 'a message of protocol buffers',
    found: `other bytes at ${at}`,
    fix: 'Write the records as tf.train.Example.',
  })
}
