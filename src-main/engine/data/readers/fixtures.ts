// For tests: the data sets of tools/fixtures as folder or archive, what must be found in them, and what was.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { BoxRule, ReaderName } from '../../../shared/registry/readers.ts'
import { readTar } from '../../formats/tar.ts'
import type { ImageSet } from '../dataset.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { detectSource } from './detect.ts'
import { createLocationReader } from './read-location.ts'
import type { DetectedSource, FoundPicture, SourceProblem } from './reader.ts'
import { unpackTarGz } from './unpack-tar-gz.ts'

export const fixturesFolder = join(import.meta.dirname, '..', '..', '..', '..', 'tools', 'fixtures')

export const containers = ['folder', 'zip', 'tar', 'tar.gz'] as const

interface ExpectedSet {
  shape: number[]
  labels: number[]
  sha256: string
}

export interface ExpectedSource {
  classes: string[]
  pictures?: { class: string; part: string | null; sha256: string }[]
  problems?: number
  train?: ExpectedSet
  test?: ExpectedSet
}

/** What the reference programs found in the fixtures of a reader, by their names. */
export function expectedOf(reader: ReaderName): Record<string, ExpectedSource> {
  return JSON.parse(readFileSync(join(fixturesFolder, reader, 'expected.json'), 'utf8'))
}

/** A fixture in one of the containers; its folder is removed when the test ends. */
export function fixtureIn(container: (typeof containers)[number], reader: ReaderName, name: string): string {
  const packed = join(fixturesFolder, reader, name)
  if (container === 'zip' || container === 'tar.gz') return `${packed}.${container}`
  const tar = gunzipSync(readFileSync(`${packed}.tar.gz`))
  const path = join(temporaryFolder(), name)
  if (container === 'tar') {
    writeFileSync(`${path}.tar`, tar)
    return `${path}.tar`
  }
  for (const { name: file, data } of readTar(tar, name)) {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), data)
  }
  return path
}

/** Files by their paths below a new folder, or below one that there is; of a list of paths, the path is the content. */
export function writeFiles(
  files: readonly string[] | Readonly<Record<string, string | Uint8Array>>,
  folder = join(temporaryFolder(), 'set'),
): string {
  const contents = Array.isArray(files) ? files.map((path) => [path, path] as const) : Object.entries(files)
  for (const [path, content] of contents) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

export function detectFixture(path: string, boxRule: BoxRule = 'single'): Promise<DetectedSource> {
  const cache = temporaryFolder()
  const signal = new AbortController().signal
  return detectSource(path, {
    boxRule,
    unpackTarGz: (archive) => unpackTarGz(archive, cache, { signal, onProgress: () => {} }),
  })
}

interface FoundInFiles {
  classes: string[]
  pictures: FoundPicture[]
  problems: SourceProblem[]
}

export async function readFiles(detected: DetectedSource): Promise<FoundInFiles> {
  if (detected.storage !== 'files') throw new Error(`${detected.reader} gives pixels`)
  const pictures: FoundPicture[] = []
  const problems: SourceProblem[] = []
  const { signal } = new AbortController()
  for await (const chunk of detected.pictures({ signal, onProblem: (problem) => problems.push(problem) })) {
    pictures.push(...chunk)
  }
  return { classes: detected.classes, pictures, problems }
}

/** The source in the form of what is expected, every picture read where it was located. */
export async function summaryOf(detected: DetectedSource): Promise<ExpectedSource> {
  if (detected.storage === 'pixels') {
    const { classes, shape, train, test } = await detected.read({ signal: new AbortController().signal })
    return { classes, train: setOf(train, shape), test: setOf(test, shape) }
  }
  const { pictures, problems } = await readFiles(detected)
  const reader = createLocationReader(detected.root)
  const rows = pictures.map((picture) => {
    const bytes = reader.readSync(picture.location)
    if (bytes.length !== picture.bytes) throw new Error(`${picture.name} has ${bytes.length} bytes`)
    return { class: detected.classes[picture.label] ?? '', part: picture.part, sha256: sha256(bytes) }
  })
  reader.close()
  return { classes: detected.classes, pictures: rows, problems: problems.length }
}

function setOf({ images, labels, count }: ImageSet, shape: readonly number[]): ExpectedSet {
  return { shape: [count, ...shape], labels: [...labels], sha256: sha256(images) }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
