// For tests: the archives and files of records of tools/fixtures/make_containers.py, and what they are compared with.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../../../shared/errors.ts'
import type { FileTree, SourceProblem, TreeFile } from './file-tree.ts'
import { fixturesFolder } from './fixtures.ts'
import { openTree, treeOfFile } from './open-tree.ts'
import { createLocationReader } from './read-location.ts'
import type { DataReader, FoundPicture } from './reader.ts'

export interface ExpectedMember {
  name: string
  bytes: number
  sha256: string
}

export interface ExpectedPicture {
  name: string
  class: string
  part: string | null
  sha256: string
}

export const signal = new AbortController().signal

export function fixture(...path: string[]): string {
  return join(fixturesFolder, ...path)
}

/** What make_containers.py wrote into the fixtures of a format. */
export function expectedIn<Expected>(format: string): Expected {
  return JSON.parse(readFileSync(fixture(format, 'containers.json'), 'utf8'))
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function walked(tree: FileTree, folder = ''): Promise<{ files: TreeFile[]; problems: SourceProblem[] }> {
  const files: TreeFile[] = []
  const problems: SourceProblem[] = []
  for await (const chunk of tree.walk(folder, signal, (problem) => problems.push(problem))) files.push(...chunk)
  return { files, problems }
}

/** Each member as its archive's program wrote it: read by the tree, by the location and by the location at once. */
export async function membersOf(tree: FileTree): Promise<ExpectedMember[]> {
  const reader = createLocationReader(tree.root)
  const members: ExpectedMember[] = []
  for (const file of (await walked(tree)).files) {
    const hashes = [await tree.read(file), await reader.read(file.location), reader.readSync(file.location)].map(sha256)
    if (new Set(hashes).size !== 1) throw new Error(`${file.path} is read in different ways`)
    members.push({ name: file.path, bytes: file.bytes, sha256: hashes[0] ?? '' })
  }
  reader.close()
  return members
}

/** What a reader finds in a folder, archive or file, with the hash of each picture. Null where it is not its own. */
export async function readBy(
  reader: DataReader,
  path: string,
): Promise<{
  pictures: ExpectedPicture[]
  found: FoundPicture[]
  classes: string[]
  problems: SourceProblem[]
  reason: string
} | null> {
  const { tree, chosen } = await openTree(path)
  const detection = await reader.detect(chosen === null ? tree : treeOfFile(tree, chosen), { boxRule: 'single' })
  if (detection === null || detection.storage !== 'files') return null
  const found: FoundPicture[] = []
  const problems: SourceProblem[] = []
  const onProblem = (problem: SourceProblem) => problems.push(problem)
  for await (const chunk of detection.pictures({ signal, onProblem })) found.push(...chunk)
  const locations = createLocationReader(tree.root)
  const pictures = found.map(({ name, label, part, location }) => ({
    name,
    class: detection.classes[label] ?? '',
    part,
    sha256: sha256(locations.readSync(location)),
  }))
  locations.close()
  return { pictures, found, classes: detection.classes, problems, reason: detection.reason }
}

/**
 * Reads damaged copies of a file and says how many there were. Anything but an error of ours is thrown again; a copy that takes
 * longer than a second throws too.
 */
export async function surviveDamage(
  copies: Iterable<Uint8Array>,
  write: (bytes: Uint8Array) => string,
  read: (path: string) => Promise<unknown>,
): Promise<number> {
  let count = 0
  for (const bytes of copies) {
    const path = write(bytes)
    const start = performance.now()
    try {
      await read(path)
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
    }
    const milliseconds = performance.now() - start
    if (milliseconds > 1000) throw new Error(`copy ${count} took ${milliseconds} ms`)
    count += 1
  }
  return count
}
