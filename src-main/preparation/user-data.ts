// What the user has on disk, whatever its kind: raw pixels as one object, or an index of files that stay where they are.
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { SourceData } from '../engine/data/dataset.ts'
import { datasetFolder, type FileManifest } from '../engine/data/dataset-manifest.ts'
import { detectSource } from '../engine/data/readers/detect.ts'
import { displayName } from '../engine/data/readers/escaped-names.ts'
import { publishedHashes } from '../engine/data/readers/published-hashes.ts'
import type { DetectedPixels, DetectedSource } from '../engine/data/readers/reader.ts'
import { unpackTarGz } from '../engine/data/readers/unpack-tar-gz.ts'
import { discardGrowingIndex, indexFile } from '../picture-index/open-index.ts'
import type { GrowingIndex } from '../picture-index/types.ts'
import { RepriseError } from '../shared/errors.ts'
import type { PrepareDataJob } from '../shared/worker-protocol.ts'
import { type DecodeOptions, decodePictures } from './decode-pictures.ts'
import { indexSource } from './index-source.ts'

export interface UserDataOptions extends DecodeOptions {
  onBytes: (text: string, done: number, total: number) => void
  /** For archives that must be unpacked once. */
  unpackedDir: string
}

/** Lists in a manifest end here; the index has them all. */
const mostListed = 1000

interface SourceHashes {
  /** md5 of the files that are published with one. */
  hashes: ReadonlySet<string>
}

export type UserData = SourceHashes & (UserPixels | UserFiles)

interface UserPixels {
  storage: 'pixels'
  data: SourceData
}

interface UserFiles {
  storage: 'files'
  /** Whole, but not finished. */
  index: GrowingIndex
  facts: Pick<FileManifest, 'label' | 'classes' | 'reader' | 'recognisedBy' | 'root' | 'source' | 'bytes' | 'skipped'>
}

/**
 * Reads the folder, file or archive at `path`. Encoded pictures stay files unless they are small and share a size, or the job
 * asks for one size. Throws what detection, the readers of each format and decoding throw.
 */
export async function readUserData(path: string, job: PrepareDataJob, options: UserDataOptions): Promise<UserData> {
  const { onPictures, onBytes, signal, freeBytes } = options
  // How many pictures there are is known only after reading: a total of 0.
  onPictures(`Reading ${basename(path)}`, 0, 0)
  const detected = await detectSource(path, {
    boxRule: job.boxRule ?? 'single',
    signal,
    unpackTarGz: (archive) =>
      unpackTarGz(archive, options.unpackedDir, {
        signal,
        freeBytes,
        onProgress: ({ bytesRead, bytes }) => onBytes(`Unpacking ${basename(archive)}`, bytesRead, bytes),
      }),
  })
  const hashes = await publishedHashes(detected, options)
  if (detected.storage === 'pixels') return { storage: 'pixels', data: await rawPixels(detected, job, signal), hashes }
  return { ...(await listedFiles(detected, job, options)), hashes }
}

async function rawPixels(detected: DetectedPixels, { fit }: PrepareDataJob, signal: AbortSignal): Promise<SourceData> {
  if (fit) {
    throw new RepriseError({
      code: 'usage',
      message: `${detected.label} consists of raw pixels, which keep their size`,
      expected: 'encoded pictures, such as JPEG or PNG files',
      found: detected.reason,
      fix: 'Add it without a size; a run can resize its inputs.',
    })
  }
  const { label, reader, reason } = detected
  return {
    ...(await detected.read({ signal })),
    label,
    reader,
    recognisedBy: reason,
    split: { kind: 'given', valShare: 0, seed: 1 },
    resized: null,
    skipped: [],
    pictures: null,
  }
}

async function listedFiles(
  detected: Extract<DetectedSource, { storage: 'files' }>,
  job: PrepareDataJob,
  options: UserDataOptions,
): Promise<UserPixels | UserFiles> {
  const folder = datasetFolder(job.datasetsDir, job.datasetId)
  await mkdir(folder, { recursive: true })
  const file = join(folder, indexFile)
  const { index, problems, source, bytes } = await indexSource(detected, file, options)
  try {
    if (index.count() === 0) throw noPictures(detected.label, problems.length)
    const { label, reader, reason: recognisedBy, root } = detected
    const classes = [...detected.classes]
    const listed = problems.slice(0, mostListed).map(({ name, reason }) => ({ path: displayName(name), reason }))
    const decoded = await decodePictures(index, { label, classes, root }, job, options)
    if (decoded === null) {
      index.together(() => {
        for (const problem of problems) index.addProblem(problem)
      })
      return {
        storage: 'files',
        index,
        facts: { label, classes, reader, recognisedBy, root, source, bytes, skipped: listed },
      }
    }
    index.close()
    discardGrowingIndex(file)
    const skipped = [...listed, ...decoded.skipped]
    return { storage: 'pixels', data: { ...decoded, label, classes, reader, recognisedBy, skipped } }
  } catch (error) {
    index.close()
    throw error
  }
}

function noPictures(label: string, problems: number): RepriseError {
  return new RepriseError({
    code: 'data-missing',
    message: `${label} holds no pictures`,
    expected: 'at least two pictures with classes',
    found: problems === 0 ? 'none' : `none, and ${problems} that are not there or have no class`,
    fix: 'Choose another folder or file.',
  })
}
