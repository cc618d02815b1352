// What a reader of one format makes of a folder or archive.
import type { BoxRule, ReaderName } from '../../../shared/registry/readers.ts'
import type { SplitPictures } from '../idx-source.ts'
import type { FileTree, PictureLocation, SourceProblem, TreeFile } from './file-tree.ts'

/** Parts that a source may set apart itself. */
export type GivenPart = 'train' | 'val' | 'test'

export interface FoundPicture {
  /** Unique in the source, for people to read: most often the path. */
  name: string
  location: PictureLocation
  /** Encoded, once unpacked. */
  bytes: number
  /** Place in `classes` of the detection. */
  label: number
  /** Null where the source sets no parts apart. */
  part: GivenPart | null
  /** What a split by group keeps together: by default the picture's folder; '' where there is none. */
  group: string
}

export type { SourceProblem }

interface Detected {
  reader: ReaderName
  /** Name for people, from the source's own name. */
  label: string
  /** By what it was recognised, as a sentence: "Looks like ImageNet: 1,000 folders named nNNNNNNNN." */
  reason: string
  /** The files that are read whole for pictures and labels; their published hashes can tell a benchmark. */
  wholeFiles?: readonly TreeFile[]
}

/** Encoded pictures, which stay where they are. */
export interface DetectedFiles extends Detected {
  storage: 'files'
  /** Complete once `pictures` has ended; some formats name their classes only there. */
  classes: string[]
  /** Pictures there are, where that is known without reading. */
  total: number | null
  /**
   * The pictures in chunks, the same order every time; rows without one are told to `onProblem`. Throws `data-format` when the
   * source contradicts itself.
   */
  pictures(options: { signal: AbortSignal; onProblem(problem: SourceProblem): void }): AsyncIterable<FoundPicture[]>
}

/** Raw pixels of one size, which are read whole. */
export interface DetectedPixels extends Detected {
  storage: 'pixels'
  read(options: { signal: AbortSignal }): Promise<SplitPictures & { classes: string[] }>
}

export type Detection = DetectedFiles | DetectedPixels

/** What a path turned out to be. */
export type DetectedSource = Detection & {
  /** Absolute path of the folder or archive that the locations of its pictures start from. */
  root: string
}

export interface ReaderOptions {
  boxRule: BoxRule
}

/** One format. `detect` answers by content, cheaply, and null for what is not its own. */
export interface DataReader {
  name: ReaderName
  detect(tree: FileTree, options: ReaderOptions): Promise<Detection | null>
}
