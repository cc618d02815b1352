// What the index of a data set knows about its pictures, and what may be asked of it. One SQLite file for each data set.
import type { PictureLocation, PixelsLocation } from '../engine/data/readers/file-tree.ts'
import type { FoundPicture, GivenPart, SourceProblem } from '../engine/data/readers/reader.ts'
import type { Finding, FindingKind, Part, PictureExamination, PictureFilter } from '../shared/dataset-views.ts'

/** A picture as it enters the index; raw pixels have no encoded bytes: 0. */
export interface NewPicture extends Omit<FoundPicture, 'location'> {
  location: PictureLocation | PixelsLocation
}

/** A picture of the index. `picture` is its number, from 0, in the order of the source. */
export interface IndexedPicture extends Omit<NewPicture, 'part'> {
  picture: number
  given: GivenPart | null
  /** `val` is held out of training. Null for pictures that no part takes. */
  part: Part | null
  /** Of the check; null before it. */
  examination: PictureExamination | null
  excluded: boolean
}

/** What a check found out about a picture beyond what people see. */
export interface PictureTraces {
  /** sha256 of the decoded pixels with width and height, 32 bytes; equal for exact copies. Null when it cannot be decoded. */
  digest: Uint8Array | null
  /** 64-bit perceptual hash, 8 bytes. */
  perceptual: Uint8Array | null
  /** Per channel, of 0..255 values: sums and sums of squares over the pixels; and how many pixels. */
  sums: number[]
  squares: number[]
  pixels: number
}

/** A picture of a finding, with its twin where the finding is about pairs. */
export interface FindingMember {
  picture: number
  twin: number | null
  /** 1 for exact copies. */
  score: number | null
}

/** What training needs of one part, in the order of the source; excluded pictures are left out. */
export interface PartRows {
  count: number
  labels: Uint16Array
  /** Number of each picture in the index. */
  pictures: Uint32Array
}

export interface PictureIndex {
  /** Adds pictures of the source in order; one transaction each. Throws `data-format` for labels above 65,535. */
  add(pictures: readonly NewPicture[]): void
  addProblem(problem: SourceProblem): void
  problems(): SourceProblem[]
  count(): number
  get(picture: number): IndexedPicture | null
  /** In the order of the source, or most alike first for findings about pairs. */
  page(
    filter: PictureFilter,
    offset: number,
    limit: number,
  ): { total: number; pictures: (IndexedPicture & { twin: FindingMember | null })[] }
  /** All pictures in chunks, in the order of the source. */
  scan(chunk: number): Iterable<IndexedPicture[]>
  /** Counts by label and part, excluded ones apart. */
  classCounts(): { label: number; part: Part | null; excluded: boolean; count: number }[]
  /** Sets the parts of all pictures; `parts[i]` for picture i. */
  setParts(parts: readonly (Part | null)[]): void
  partRows(part: Part): PartRows
  setExamination(picture: number, examination: PictureExamination, traces: PictureTraces): void
  /** Traces of all pictures in the order of the source, null where there are none. */
  traces(): Iterable<{ picture: number; label: number; part: Part | null; traces: PictureTraces | null }>
  /** Replaces the members of one finding. */
  setFinding(finding: Finding, members: readonly FindingMember[]): void
  findings(): Finding[]
  members(kind: FindingKind): FindingMember[]
  /** Returns how many changed. */
  setExcluded(pictures: readonly number[], excluded: boolean): number
  /** Small values that are kept with the index, such as the report's histograms. */
  setNote(key: string, value: unknown): void
  /** Null where there is none. */
  note(key: string): unknown
  /** Runs several changes as one transaction. */
  together(work: () => void): void
  close(): void
}

/** An index that is being made; its place may hold an older one until then. */
export interface GrowingIndex extends PictureIndex {
  /** Puts the index in the place of the older one, whole or not at all, and closes it. */
  finish(): void
}
