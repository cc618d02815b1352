// Tells what a user's file or folder is, by its content, and says by what it was recognised.
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { matchCifarBinary } from '../formats/cifar-binary.ts'
import { matchGzip } from '../formats/gzip.ts'
import { matchIdx } from '../formats/idx.ts'
import { matchPickle } from '../formats/pickle.ts'
import { matchTar } from '../formats/tar.ts'
import { isCifarBinaryName, isCifarPythonName } from './cifar-source.ts'
import { type ClassFolders, describeFolder, findClassFolders, subfolders } from './class-folders.ts'
import { isPictureName } from './decode-picture.ts'
import { fileOnDisk, filesInArchive, filesInFolder, type NamedFile } from './named-files.ts'

export type DetectedData =
  | { format: 'idx' | 'cifar-binary' | 'cifar-python'; files: NamedFile[]; reason: string }
  | { format: 'class-folders'; folder: string; found: ClassFolders; reason: string }

const mostArchiveBytes = 2 ** 31 - 1
const deepest = 3

/**
 * Looks at a file or folder.
 * Throws `data-missing` when nothing is there, `no-class-folders` for a folder and `data-format` for a file that is
 * none of the known kinds; both say what was found.
 */
export async function detectData(path: string): Promise<DetectedData> {
  const entry = await stat(path).catch((): null => null)
  if (entry === null) {
    throw new RepriseError({
      code: 'data-missing',
      message: `There is nothing at ${path}`,
      fix: 'Choose the folder or file again.',
    })
  }
  return entry.isDirectory() ? detectFolder(path) : detectFile(path, entry.size)
}

async function detectFolder(chosen: string): Promise<DetectedData> {
  let folder = chosen
  for (let depth = 0; depth <= deepest; depth++) {
    const files = await detectFiles(await filesInFolder(folder))
    if (files !== null) return files
    const found = await findClassFolders(folder)
    if (found !== null) return { format: 'class-folders', folder, found, reason: found.reason }
    // Archives often unpack to a folder in a folder.
    const [only, ...others] = await subfolders(folder)
    if (only === undefined || others.length > 0) break
    folder = join(folder, only)
  }
  throw new RepriseError({
    code: 'no-class-folders',
    message: 'The folder holds neither class folders nor the files of a known data set',
    expected: 'a folder of pictures for each of at least two classes, optionally inside train and test',
    found: await describeFolder(chosen),
    fix: 'Sort the pictures into one folder per class, or choose the folder above or below.',
  })
}

async function detectFile(path: string, size: number): Promise<DetectedData> {
  const file = fileOnDisk(path, size)
  const head = await file.head()
  if (matchGzip(head) || matchTar(head)) {
    if (size > mostArchiveBytes) throw unknownFile(file.name, `${size} bytes, too large to unpack in memory`)
    const files = filesInArchive(await readFile(path), file.name)
    if (files !== null) {
      const detected = await detectFiles(files)
      if (detected !== null) return { ...detected, reason: `In the archive: ${detected.reason}` }
      throw unknownFile(file.name, `an archive of ${files.length} files that are not CIFAR batches or IDX files`)
    }
  }
  if ((await sniff(file)) === null) throw unknownFile(file.name, `${size} bytes of another kind`)
  const beside = await detectFiles(await filesInFolder(dirname(path)))
  if (beside !== null) return beside
  throw unknownFile(file.name, 'a file of a data set whose other files are not beside it')
}

type FileFormat = 'idx' | 'cifar-binary' | 'cifar-python'

async function detectFiles(files: readonly NamedFile[]): Promise<Extract<DetectedData, { files: unknown }> | null> {
  const byFormat = new Map<FileFormat, NamedFile[]>()
  for (const file of files) {
    if (isPictureName(file.name)) continue
    const format = await sniff(file)
    if (format !== null) byFormat.set(format, [...(byFormat.get(format) ?? []), file])
  }
  const idx = byFormat.get('idx')
  if (idx !== undefined) {
    return { format: 'idx', files: idx, reason: `${idx.length} files begin with the IDX magic number.` }
  }
  const pickles = byFormat.get('cifar-python')
  if (pickles !== undefined) {
    return { format: 'cifar-python', files: pickles, reason: `${pickles.length} files are Python pickles.` }
  }
  const binaries = byFormat.get('cifar-binary')
  if (binaries === undefined) return null
  const reason = `${binaries.length} files consist of CIFAR records (3,073 or 3,074 bytes with a valid label).`
  // The class names lie in a text file beside the pictures.
  return { format: 'cifar-binary', files: [...files], reason }
}

/** The format of one file by its first bytes; CIFAR batches have none of their own, so they are read whole. */
async function sniff(file: NamedFile): Promise<FileFormat | null> {
  const head = await file.head()
  if (matchIdx(head)) return 'idx'
  if (isCifarPythonName(file.name) && matchPickle(head)) return 'cifar-python'
  if (/\.gz$/i.test(file.name) && matchGzip(head) && /idx|ubyte/i.test(file.name)) return 'idx'
  // A batch that was cut off is still taken for one, so that the reader is told how much is missing.
  if (isCifarBinaryName(file.name)) return 'cifar-binary'
  const hasRecordLength = file.size > 0 && (file.size % 3073 === 0 || file.size % 3074 === 0)
  return hasRecordLength && matchCifarBinary(await file.read()) !== null ? 'cifar-binary' : null
}

function unknownFile(name: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${name} is not a data set that can be read`,
    expected: 'an archive or file of CIFAR (binary or Python version), IDX files, or a folder of class folders',
    found,
    fix: 'Unpack archives of pictures first and choose the folder.',
  })
}
