// Pictures that were decoded once for many epochs: where each lies, in shared memory or in one file.
import { closeSync, openSync, readSync } from 'node:fs'
import type { Picture } from './transforms/picture.ts'

/** RGB bytes [height, width, 3] of one picture in a store, from `offset` on. */
export interface DecodedPlace {
  kind: 'decoded'
  offset: number
  height: number
  width: number
}

/** Cheap to send to a thread: memory is shared, a file is named by its absolute path. */
export type DecodedStore = { kind: 'memory'; data: SharedArrayBuffer } | { kind: 'file'; path: string }

export interface DecodedReader {
  /** The pixels of memory are not copied. Throws when the file ends before the picture. */
  read(place: DecodedPlace): Picture
  close(): void
}

/**
 * Opens a store for reading; each thread opens its own. Node maps no files into memory, so a file is read picture by picture
 * with its place given (pread), which the operating system answers from its cache once the pages have been read.
 */
export function openDecoded(store: DecodedStore): DecodedReader {
  if (store.kind === 'memory') {
    const read = ({ offset, height, width }: DecodedPlace): Picture => {
      return { height, width, channels: 3, data: new Uint8Array(store.data, offset, height * width * 3) }
    }
    return { read, close: () => {} }
  }
  const file = openSync(store.path, 'r')
  return {
    read({ offset, height, width }) {
      const data = new Uint8Array(height * width * 3)
      for (let at = 0; at < data.length; ) {
        const bytes = readSync(file, data, at, data.length - at, offset + at)
        if (bytes === 0) throw new Error(`the file of decoded pictures ends at ${offset + at}`)
        at += bytes
      }
      return { height, width, channels: 3, data }
    },
    close: () => closeSync(file),
  }
}
