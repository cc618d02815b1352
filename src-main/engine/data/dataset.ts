// What every source of pictures becomes: two sets of raw pixels with labels, and what is known about them.
import type { DataSummary } from '../../shared/worker-protocol.ts'

export interface ImageSet {
  /** [count, height, width, channels], raw bytes. */
  images: Uint8Array
  /** [count]; 16-bit when there are more than 256 classes. */
  labels: Uint8Array | Uint16Array
  count: number
}

export type PictureShape = [height: number, width: number, channels: number]

export interface Dataset {
  /** Counts are those of the sets below; after a limit the data is no benchmark any more and has its own fingerprint. */
  summary: DataSummary
  shape: PictureShape
  /** Per channel, on 0..1 pixels of the whole training set. */
  mean: number[]
  std: number[]
  train: ImageSet
  test: ImageSet
}

/** How the test pictures were set apart, as it is recorded with the data. */
export type SplitRecord = { kind: 'given' } | { kind: 'stratified'; testShare: number; seed: number }

/** What a reader of any format hands over, before it is checked against the known benchmarks. */
export interface SourceData {
  label: string
  shape: PictureShape
  classes: string[]
  train: ImageSet
  test: ImageSet
  split: SplitRecord
  /** How the content was recognised, as a sentence. */
  recognisedBy: string
  /** What was done to the pictures, or null when they are as they were found. */
  resized: string | null
  skipped: DataSummary['skipped']
}

/** Labels in the smallest type that holds `classes` classes. */
export function labelArray(count: number, classes: number): Uint8Array | Uint16Array {
  return classes > 256 ? new Uint16Array(count) : new Uint8Array(count)
}
