// The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of one label byte (CIFAR-100: coarse, then
// fine) and 3,072 pixel bytes as a red, a green and a blue plane of 32 x 32.
import { RepriseError } from '../../shared/errors.ts'

export interface CifarRecords {
  /** [count, 32, 32, 3] */
  images: Uint8Array
  /** [count]; CIFAR-100: the fine labels. */
  labels: Uint8Array
  count: number
}

export type CifarClasses = 10 | 100

const side = 32
const pixelBytes = side * side * 3
const labelBytes = (classes: CifarClasses): number => (classes === 10 ? 1 : 2)

/** Says which CIFAR binary the bytes are, by record length and label range, or null when neither. */
export function matchCifarBinary(bytes: Uint8Array): CifarClasses | null {
  for (const classes of [10, 100] as const) {
    const record = labelBytes(classes) + pixelBytes
    if (bytes.length > 0 && bytes.length % record === 0 && firstBadLabel(bytes, classes) === null) return classes
  }
  return null
}

/**
 * Reads one batch file.
 * Throws `data-truncated` when it ends inside a record, `data-format` when a label is out of range.
 */
export function parseCifarBinary(bytes: Uint8Array, classes: CifarClasses, name: string): CifarRecords {
  const head = labelBytes(classes)
  const record = head + pixelBytes
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw new RepriseError({
      code: 'data-truncated',
      message: `${name} ends inside a picture`,
      expected: `a multiple of ${record} bytes, as CIFAR-${classes} records have`,
      found: `${bytes.length} bytes`,
      fix: 'The copy or download was cut off: get the file again from its source.',
    })
  }
  const bad = firstBadLabel(bytes, classes)
  if (bad !== null) {
    throw new RepriseError({
      code: 'data-format',
      message: `${name} holds a label that CIFAR-${classes} does not have`,
      expected: `labels below ${classes}`,
      found: `${bad.label} in record ${bad.record}`,
      fix: 'Choose the files of the binary version (data_batch_1.bin to test_batch.bin).',
    })
  }
  const count = bytes.length / record
  const images = new Uint8Array(count * pixelBytes)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const start = i * record
    labels[i] = bytes[start + head - 1] ?? 0
    interleavePlanes(bytes.subarray(start + head, start + record), images, i * pixelBytes)
  }
  return { images, labels, count }
}

/** Copies one picture from three 32 x 32 planes to [32, 32, 3] at `offset` of `target`. */
export function interleavePlanes(planes: Uint8Array, target: Uint8Array, offset: number): void {
  const area = side * side
  for (let pixel = 0; pixel < area; pixel++) {
    const at = offset + pixel * 3
    target[at] = planes[pixel] ?? 0
    target[at + 1] = planes[area + pixel] ?? 0
    target[at + 2] = planes[2 * area + pixel] ?? 0
  }
}

function firstBadLabel(bytes: Uint8Array, classes: CifarClasses): { record: number; label: number } | null {
  const head = labelBytes(classes)
  const record = head + pixelBytes
  for (let start = 0; start + record <= bytes.length; start += record) {
    const label = bytes[start + head - 1] ?? 0
    if (label >= classes) return { record: start / record, label }
    if (classes === 100 && (bytes[start] ?? 0) >= 20) return { record: start / record, label: bytes[start] ?? 0 }
  }
  return null
}
