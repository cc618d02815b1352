// What every source of pictures becomes: two sets of pictures with labels, and what is known about them.
import type { Part, SplitRecipe } from '../../shared/dataset-views.ts'
import type { ReaderName } from '../../shared/registry/readers.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'
import type { DecodedPlace, DecodedStore } from './decoded-pictures.ts'
import type { PictureLocation } from './readers/file-tree.ts'

export interface ImageSet {
  /** [count, height, width, channels], raw bytes. */
  images: Uint8Array
  /** [count]; 16-bit when there are more than 256 classes. */
  labels: Uint8Array | Uint16Array
  count: number
}

export type PictureShape = [height: number, width: number, channels: number]

interface DatasetFacts {
  /** Counts are those of the sets below; after a limit the data is no benchmark any more and has its own fingerprint. */
  summary: DataSummary
  /** Per channel, on 0..1 pixels of the whole training set; empty for files that no check has read. */
  mean: number[]
  std: number[]
}

/** Raw pixels of one shape, whole in memory. */
export interface PixelDataset extends DatasetFacts {
  storage: 'pixels'
  shape: PictureShape
  train: ImageSet
  test: ImageSet
}

/** Encoded pictures of unlike sizes, which are read when they are needed. */
export interface FileDataset extends DatasetFacts {
  storage: 'files'
  /** Absolute path of the folder or archive that holds them. */
  root: string
  shape: typeof unlikeSizes
  train: FileSet
  test: FileSet
  /** Where those of kind `decoded` lie; null before any is decoded. */
  decoded: DecodedStore | null
}

/** What a run trains on and is judged on; `test` is the part it is judged on, which may be the validation part. */
export type Dataset = PixelDataset | FileDataset

export interface FileSet {
  count: number
  /** [count] */
  labels: Uint16Array
  /** [count], the number of each picture in the index of the data set. */
  pictures: Uint32Array
  /** Where picture `i` of the set lies. */
  location(i: number): PictureLocation | DecodedPlace
}

/** The shape that stands for colour pictures of any size. */
export const unlikeSizes = [0, 0, 3] as const satisfies Readonly<PictureShape>

/** A picture of raw pixels, in the order of the source. */
export interface NamedPixels {
  name: string
  /** What a split by group keeps together. */
  group: string
  /** As the source sets it apart. */
  given: Part | null
  set: 'train' | 'test'
  /** Its place in the set. */
  index: number
}

/** What a reader of any format hands over, before it is checked against the known benchmarks. */
export interface SourceData {
  label: string
  shape: PictureShape
  classes: string[]
  train: ImageSet
  test: ImageSet
  split: SplitRecipe
  /** How the content was recognised, as a sentence. */
  recognisedBy: string
  /** What was done to the pictures, or null when they are as they were found. */
  resized: string | null
  skipped: DataSummary['skipped']
  reader: ReaderName | null
  /** Null where pictures have no names: they are numbered, and given by set. */
  pictures: NamedPixels[] | null
}

/** Labels in the smallest type that holds `classes` classes. */
export function labelArray(count: number, classes: number): Uint8Array | Uint16Array {
  return classes > 256 ? new Uint16Array(count) : new Uint8Array(count)
}
