// A folder or an archive, seen the same way by the readers of data formats.

/**
 * Where the encoded bytes of one picture lie, below the root of its tree: a file, or a part of one (a member of an archive, a
 * record). Names are relative, with forward slashes; a byte that is no UTF-8 is written as NUL and two hex digits
 * (escaped-names.ts).
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

export interface TreeFile {
  /** From the root of the tree, with forward slashes. */
  path: string
  /** Once unpacked. */
  bytes: number
  location: PictureLocation
}

export interface TreeFolder {
  /** Names without their folder, in natural order; hidden ones left out. */
  folders: string[]
  files: TreeFile[]
}

export interface FileTree {
  kind: 'folder' | 'zip' | 'tar'
  /** Absolute path of the folder or archive. */
  root: string
  /** The root's own name, without the endings of archives. */
  name: string
  /** What lies directly in a folder ('' is the root). Links to folders are not followed. Empty for a folder that is not there. */
  list(folder: string): Promise<TreeFolder>
  /** All files below a folder, folder by folder in natural order, in chunks of some thousands. */
  walk(folder: string, signal: AbortSignal): AsyncIterable<TreeFile[]>
  /** Null where there is no such file. */
  find(path: string): Promise<TreeFile | null>
  /** The whole content, or `bytes` of it from `offset`. Throws `data-truncated` when the file ends before. */
  read(file: Pick<TreeFile, 'location'>, range?: { offset: number; bytes: number }): Promise<Uint8Array>
}
