// A data set out of class folders: every picture decoded to one size, broken ones named.
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import type { PrepareDataJob } from '../../shared/worker-protocol.ts'
import { throwIfCancelled } from './cancellation.ts'
import { type ClassFolders, type PictureFile, pathBelow } from './class-folders.ts'
import { type ImageSet, labelArray, type PictureShape, type SourceData } from './dataset.ts'
import { brokenReason, decodePicture, type PictureHeader, readPictureHeader } from './decode-picture.ts'
import { type FreeBytes, requireFreeSpace } from './free-space.ts'
import { stratifiedSplit } from './stratified-split.ts'

const testShare = 0.2
const splitSeed = 1
const largestKept = 64
const commonSide = 32
const mostBytes = 2 ** 31

export interface PictureFolderOptions {
  onPictures: (text: string, done: number, total: number) => void
  signal: AbortSignal
  freeBytes: FreeBytes
}

/**
 * Decodes all pictures. A size that all share is kept up to 64 pixels, else they become 32 x 32; grey only when all
 * are grey. Without test pictures in the folder, a fifth of each class is set apart from a fixed seed.
 * Throws `picture-broken` naming every broken picture unless the job skips them.
 */
export async function readPictureFolder(
  folder: string,
  found: ClassFolders,
  job: PrepareDataJob,
  options: PictureFolderOptions,
): Promise<SourceData> {
  const all = [...found.train, ...(found.test ?? [])]
  const broken = new Map<PictureFile, string>()
  const headers = new Map<PictureFile, PictureHeader>()
  await eachPicture(all, 'Looking at pictures', options, async (picture) => {
    try {
      headers.set(picture, await readPictureHeader(picture.path))
    } catch (error) {
      broken.set(picture, brokenReason(error, picture.path))
    }
  })
  const { shape, resized } = commonShape([...headers.values()])
  const [height, width, channels] = shape
  const bytesPerPicture = height * width * channels
  requireMemory(headers.size, bytesPerPicture)
  await requireFreeSpace(job.datasetsDir, headers.size * bytesPerPicture, basename(folder), options.freeBytes)

  const pixels = new Map<PictureFile, Uint8Array>()
  const target = { height, width, channels: channels === 1 ? 1 : 3 } as const
  await eachPicture([...headers.keys()], 'Decoding pictures', options, async (picture) => {
    try {
      pixels.set(picture, await decodePicture(picture.path, target))
    } catch (error) {
      broken.set(picture, brokenReason(error, picture.path))
    }
  })
  const skipped = all.flatMap((picture) => {
    const reason = broken.get(picture)
    return reason === undefined ? [] : [{ path: pathBelow(folder, picture.path), reason }]
  })
  if (skipped.length > 0 && job.brokenPictures === 'refuse') throw brokenPictures(skipped)

  const isWhole = (picture: PictureFile) => !broken.has(picture)
  const trainWhole = found.train.filter(isWhole)
  requireEveryClass(found.classes, trainWhole)
  const split =
    found.test === null
      ? stratifiedSplit(trainWhole, testShare, splitSeed)
      : { train: trainWhole, test: found.test.filter(isWhole) }
  if (split.test.length === 0) throw noTestPictures(folder)
  return {
    label: basename(folder),
    shape,
    classes: found.classes,
    train: gather(split.train, pixels, bytesPerPicture, found.classes.length),
    test: gather(split.test, pixels, bytesPerPicture, found.classes.length),
    split: found.test === null ? { kind: 'stratified', testShare, seed: splitSeed } : { kind: 'given' },
    recognisedBy: found.reason,
    resized,
    skipped,
  }
}

/** Handles pictures several at a time, in order of their start; stops between pictures when cancelled. */
async function eachPicture(
  pictures: readonly PictureFile[],
  text: string,
  { onPictures, signal }: PictureFolderOptions,
  handle: (picture: PictureFile) => Promise<void>,
): Promise<void> {
  let next = 0
  let done = 0
  const worker = async () => {
    for (;;) {
      throwIfCancelled(signal)
      const picture = pictures[next++]
      if (picture === undefined) return
      await handle(picture)
      done += 1
      if (done % 100 === 0 || done === pictures.length) onPictures(text, done, pictures.length)
    }
  }
  onPictures(text, 0, pictures.length)
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

function commonShape(headers: PictureHeader[]): { shape: PictureShape; resized: string | null } {
  const channels = headers.every((header) => header.isGrey) ? 1 : 3
  const [first] = headers
  const sharesSize = headers.every(({ width, height }) => width === first?.width && height === first.height)
  if (first !== undefined && sharesSize && Math.max(first.width, first.height) <= largestKept) {
    return { shape: [first.height, first.width, channels], resized: null }
  }
  const resized = `Scaled to cover ${commonSide} x ${commonSide} pixels (Lanczos) and cut in the middle.`
  return { shape: [commonSide, commonSide, channels], resized }
}

function gather(
  pictures: readonly PictureFile[],
  pixels: ReadonlyMap<PictureFile, Uint8Array>,
  bytesPerPicture: number,
  classes: number,
): ImageSet {
  const images = new Uint8Array(pictures.length * bytesPerPicture)
  const labels = labelArray(pictures.length, classes)
  for (const [i, picture] of pictures.entries()) {
    images.set(pixels.get(picture) ?? new Uint8Array(), i * bytesPerPicture)
    labels[i] = picture.label
  }
  return { images, labels, count: pictures.length }
}

function requireMemory(count: number, bytesPerPicture: number): void {
  if (count * bytesPerPicture <= mostBytes) return
  throw new RepriseError({
    code: 'data-format',
    message: 'The folder holds more pictures than can be kept in memory',
    expected: `at most ${Math.floor(mostBytes / bytesPerPicture)} pictures of this size`,
    found: `${count} pictures`,
    fix: 'Choose a part of the folder.',
  })
}

function requireEveryClass(classes: readonly string[], pictures: readonly PictureFile[]): void {
  const present = new Set(pictures.map(({ label }) => label))
  const empty = classes.filter((_, label) => !present.has(label))
  if (empty.length === 0) return
  throw new RepriseError({
    code: 'data-missing',
    message: `No picture of ${empty.slice(0, 5).join(', ')} can be read`,
    expected: 'at least one readable training picture of every class',
    fix: 'Repair the pictures, or remove the folder.',
  })
}

function noTestPictures(folder: string): RepriseError {
  return new RepriseError({
    code: 'data-missing',
    message: `${basename(folder)} has no pictures left to test with`,
    expected: 'a class with at least two readable pictures, or a folder of test pictures',
    fix: 'Add pictures, or a test folder with the same class folders.',
  })
}

function brokenPictures(broken: { path: string; reason: string }[]): RepriseError {
  const listed = broken.slice(0, 10).map(({ path, reason }) => `${path} (${reason})`)
  const more = broken.length > listed.length ? `, and ${broken.length - listed.length} more` : ''
  return new RepriseError({
    code: 'picture-broken',
    message: broken.length === 1 ? 'One picture cannot be read' : `${broken.length} pictures cannot be read`,
    found: `${listed.join(', ')}${more}`,
    fix: 'Repair or remove them, or choose to train without broken pictures.',
    details: { broken },
  })
}
