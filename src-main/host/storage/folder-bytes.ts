// How large a folder is.
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** So many files are asked for at once: data sets may have millions. */
const atOnce = 64

/**
 * Bytes of all files under `folder`; 0 where it is not there. Links inside are not followed and count nothing. Files that vanish or
 * may not be read meanwhile count nothing.
 */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const parent = next
    const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
    folders.push(...entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name)))
    const files = entries.filter((entry) => entry.isFile())
    for (let first = 0; first < files.length; first += atOnce) {
      const sizes = await Promise.all(
        files.slice(first, first + atOnce).map(({ name }) => fileBytes(join(parent, name))),
      )
      bytes += sizes.reduce((sum, size) => sum + size, 0)
    }
  }
  return bytes
}

/** Bytes of one file; 0 where it is not there. */
export async function fileBytes(file: string): Promise<number> {
  return (await lstat(file).catch(() => null))?.size ?? 0
}
