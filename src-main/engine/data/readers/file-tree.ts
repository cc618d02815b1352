// A folder or an archive, seen the same way by the readers of data formats.

/**
 * Where the encoded bytes of one picture lie, below the root of its tree: a file, a part of one (a member of an archive, a
 * record), or a value in a compressed page of a Parquet file. Names are relative, with forward slashes; a byte that is no UTF-8
 * is written as NUL and two hex digits (escaped-names.ts). read-location.ts reads all kinds.
 */
export type PictureLocation =
  | { kind: 'file'; path: string }
  | {
      kind: 'part'
      /** '' is the root itself, where the root is an archive. */
      path: string
      offset: number
      /** As they lie in the file. */
      bytes: number
      packing: 'stored' | 'deflate'
      /** Once unpacked. */
      unpackedBytes: number
    }
  | {
      kind: 'page'
      /** As of `part`. */
      path: string
      /** Of the compressed page, or the piece of one, which may hold many pictures and is unpacked whole. */
      offset: number
      bytes: number
      packing: PagePacking
      unpackedBytes: number
      /** The picture's own bytes within the unpacked page. */
      start: number
      length: number
    }

/**
 * Compression of Parquet pages; pages that are not compressed give `part`. `snappy-elements` are those of a piece of a page, without
 * the length that stands before them (formats/snappy.ts).
 */
export type PagePacking = 'snappy' | 'snappy-elements' | 'gzip' | 'zstd' | 'brotli' | 'lz4' | 'lz4-raw'

/** Raw pixels of a prepared data set: the picture's place in the training or the test set as prepared. */
export interface PixelsLocation {
  kind: 'pixels'
  set: 'train' | 'test'
  index: number
}

export interface TreeFile {
  /** From the root of the tree, with forward slashes. */
  path: string
  /** Once unpacked. */
  bytes: number
  location: PictureLocation
}

/** Something that gives no picture: a row of a list whose file is not there, a folder without permission, a broken record. */
export interface SourceProblem {
  name: string
  reason: string
}

export interface TreeFolder {
  /** Names without their folder, in natural order; hidden ones left out. */
  folders: string[]
  files: TreeFile[]
  /** Entries that are there but cannot be read, and are in neither list; the folder itself where that cannot be. */
  problems: SourceProblem[]
}

export interface FileTree {
  kind: 'folder' | 'zip' | 'tar'
  /** Absolute path of the folder or archive. */
  root: string
  /** The root's own name, without the endings of archives. */
  name: string
  /** The bytes of the archive itself, for readers that want its members in their order; null for a folder. */
  archive: PictureLocation | null
  /** What lies directly in a folder ('' is the root). Links to folders are not followed. Empty for a folder that is not there. */
  list(folder: string): Promise<TreeFolder>
  /**
   * All files below a folder, folder by folder in natural order, in chunks of at most some thousands. `onProblem` hears of the
   * entries that cannot be read. Throws `cancelled`.
   */
  walk(folder: string, signal: AbortSignal, onProblem?: (problem: SourceProblem) => void): AsyncIterable<TreeFile[]>
  /** Null where there is no such file, or where the path would leave the tree. */
  find(path: string): Promise<TreeFile | null>
  /** The whole content, or `bytes` of it from `offset`. Throws `data-truncated` when the file ends before. */
  read(file: Pick<TreeFile, 'location'>, range?: { offset: number; bytes: number }): Promise<Uint8Array>
}
