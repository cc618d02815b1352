// Files of a folder or of an archive, seen the same way by the readers of data formats.
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { gunzip, matchGzip } from '../formats/gzip.ts'
import { matchTar, readTar } from '../formats/tar.ts'

export interface NamedFile {
  /** Without its folder. */
  name: string
  /** The whole content, unpacked when it is gzip. */
  read: () => Promise<Uint8Array>
}

/** The regular files directly in `folder`, hidden ones left out, in natural order of their names. */
export async function filesInFolder(folder: string): Promise<NamedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const files: NamedFile[] = []
  for (const name of names.sort(naturalOrder)) {
    const found = await stat(join(folder, name)).catch((): null => null)
    if (found?.isFile()) files.push(fileOnDisk(join(folder, name)))
  }
  return files
}

function fileOnDisk(path: string): NamedFile {
  const name = basename(path)
  return {
    name,
    read: async () => {
      const bytes = await readFile(path)
      return matchGzip(bytes) ? gunzip(bytes, name) : bytes
    },
  }
}

/** The files of a tar archive, compressed by gzip or not; null when the bytes are no tar archive. */
export function filesInArchive(bytes: Uint8Array, name: string): NamedFile[] | null {
  const unpacked = matchGzip(bytes) ? gunzip(bytes, name) : bytes
  if (!matchTar(unpacked)) return null
  const files = readTar(unpacked, name).map((entry): NamedFile => {
    const entryName = entry.name.slice(entry.name.lastIndexOf('/') + 1)
    return {
      name: entryName,
      read: async () => (matchGzip(entry.data) ? gunzip(entry.data, entryName) : entry.data),
    }
  })
  return files.sort((a, b) => naturalOrder(a.name, b.name))
}

/** The file of that name. Throws `data-missing` when it is not there. */
export function fileNamed(files: readonly NamedFile[], name: string, where: string): NamedFile {
  const file = files.find((candidate) => candidate.name === name)
  if (file !== undefined) return file
  throw new RepriseError({
    code: 'data-missing',
    message: `${where} has no ${name}`,
    found: files.map((candidate) => candidate.name).join(', ') || 'no files',
    fix: 'Get the data again from its source.',
  })
}

/** Compares names so that batch 10 comes after batch 2. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b)
}

const collator = new Intl.Collator('en', { numeric: true })
