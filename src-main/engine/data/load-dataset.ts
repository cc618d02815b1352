// Brings a prepared data set into memory: raw pixels whole, of files where each picture lies.
import { createHash } from 'node:crypto'
import { RepriseError } from '../../shared/errors.ts'
import { datasets } from '../../shared/registry/datasets.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { DataSummary } from '../../shared/worker-protocol.ts'
import { datasetRecord } from './benchmark.ts'
import {
  type Dataset,
  type FileDataset,
  type FileSet,
  type ImageSet,
  type PictureShape,
  type PixelDataset,
  unlikeSizes,
} from './dataset.ts'
import { readCachedSets } from './dataset-cache.ts'
import {
  type DatasetManifest,
  type FileManifest,
  type PixelManifest,
  readManifest,
  summaryOf,
} from './dataset-manifest.ts'
import { firstRows, type PartColumns, soundRows } from './part-columns.ts'
import type { PictureLocation } from './readers/file-tree.ts'

type DataConfig = RunConfig['data']

/** What the index of a data set says of its parts, excluded pictures left out; `judged` is the part asked for. */
export type ReadParts = (
  id: string,
  judgeOn: DataConfig['judgeOn'],
) => Promise<{ train: PartColumns; judged: PartColumns }>

export interface LoadOptions extends Partial<Omit<DataConfig, 'dataset'>> {
  datasetsDir: string
  /** Needed for pictures in files, and where parts of raw pixels are chosen by the index. */
  readParts?: ReadParts
  /** Whether threads are to read raw pixels of that shape too. */
  shared?: (shape: PictureShape) => boolean
}

/**
 * Loads a data set that `prepareDataset` made ready; nothing is fetched.
 * Throws `data-missing` or `unknown-dataset` when it is not there, `data-truncated` when a file has the wrong size,
 * `picture-broken` when pictures are known to be broken and the policy refuses them, `config-out-of-range` for a part without
 * pictures.
 */
export async function loadDataset(id: string, options: LoadOptions): Promise<Dataset> {
  const manifest = await requireManifest(id, options)
  if (manifest.storage === 'files') return loadFileDataset(manifest, await partsOf(manifest, options), options)
  return loadPixels(manifest, options)
}

/** The same for a data set of which it is known that it holds raw pixels. */
export async function loadPixelDataset(id: string, options: LoadOptions): Promise<PixelDataset> {
  const manifest = await requireManifest(id, options)
  if (manifest.storage === 'files') throw new Error(`the data set ${id} holds no raw pixels`)
  return loadPixels(manifest, options)
}

async function requireManifest(id: string, { datasetsDir }: LoadOptions): Promise<DatasetManifest> {
  const manifest = await readManifest(datasetsDir, id)
  if (manifest === null) throw notPrepared(id)
  return manifest
}

async function loadPixels(manifest: PixelManifest, options: LoadOptions): Promise<PixelDataset> {
  const { shape, mean, std } = manifest
  const whole = await readCachedSets(options.datasetsDir, manifest, options.shared?.(shape) ?? false)
  const isChosen = options.judgeOn === 'val' || manifest.chosenParts
  const sets = isChosen ? chosenPixels(whole, shape, await partsOf(manifest, options)) : whole
  const train = firstPictures(sets.train, shape, options.limitTrain)
  const test = firstPictures(sets.test, shape, options.limitTest)
  const counts = { train: sets.train.count, test: sets.test.count }
  const summary = summaryOfUsed(manifest, counts, { train: train.count, test: test.count }, options)
  return { storage: 'pixels', summary, shape, mean, std, train, test }
}

/** Pictures in files, by the columns of their index. */
function loadFileDataset(
  manifest: FileManifest,
  { train, judged }: { train: PartColumns; judged: PartColumns },
  options: LoadOptions,
): FileDataset {
  const used = (columns: PartColumns, limit = 0) =>
    firstRows(options.brokenPictures === 'skip' ? soundRows(columns) : columns, limit)
  const [trained, tested] = [used(train, options.limitTrain), used(judged, options.limitTest)]
  const broken = [...train.broken, ...judged.broken]
  if (options.brokenPictures === 'refuse' && broken.length > 0) throw refusedBroken(manifest.label, broken)
  const skipped = options.brokenPictures === 'skip' ? broken.map(({ name, reason }) => ({ path: name, reason })) : []
  const counts = { train: trained.count, test: tested.count }
  const whole = { train: train.count, test: judged.count }
  return {
    storage: 'files',
    summary: { ...summaryOfUsed(manifest, whole, counts, options), skipped: [...manifest.skipped, ...skipped] },
    shape: unlikeSizes,
    mean: manifest.mean,
    std: manifest.std,
    root: manifest.root,
    decoded: null,
    train: fileSet(trained),
    test: fileSet(tested),
  }
}

function fileSet({ count, labels, pictures, location }: PartColumns): FileSet {
  return { count, labels, pictures, location: (i) => location(i) as PictureLocation }
}

/** What the index says of the parts. Throws `config-out-of-range` where the part to be judged on has no pictures. */
async function partsOf(manifest: DatasetManifest, options: LoadOptions) {
  const judgeOn = options.judgeOn ?? 'test'
  const parts = await options.readParts?.(manifest.id, judgeOn)
  if (parts === undefined) throw new Error(`the parts of ${manifest.id} lie in its index, and nobody reads it`)
  const empty = parts.train.count === 0 ? 'train' : parts.judged.count === 0 ? judgeOn : null
  if (empty === null) return parts
  throw new RepriseError({
    code: 'config-out-of-range',
    message: `${manifest.label} has no pictures in the part ${empty}.`,
    expected: `pictures to ${empty === 'train' ? 'train on' : 'judge on'}`,
    found: '0',
    fix:
      empty === 'val'
        ? 'Hold a share of the training pictures out on the page of the data set, or set data.judgeOn to test.'
        : 'Choose another split on the page of the data set.',
  })
}

/** The pictures that the parts name, in their order, out of both sets as they were prepared. */
function chosenPixels(
  sets: { train: ImageSet; test: ImageSet },
  shape: PictureShape,
  parts: { train: PartColumns; judged: PartColumns },
): { train: ImageSet; test: ImageSet } {
  const bytes = shape[0] * shape[1] * shape[2]
  const Memory = sets.train.images.buffer instanceof SharedArrayBuffer ? SharedArrayBuffer : ArrayBuffer
  const images = new Uint8Array(new Memory((parts.train.count + parts.judged.count) * bytes))
  const chosen = ({ count, labels, location }: PartColumns, first: number): ImageSet => {
    const target = images.subarray(first * bytes, (first + count) * bytes)
    for (let i = 0; i < count; i++) {
      const place = location(i)
      if (place.kind !== 'pixels') throw new Error(`picture ${i} of a set of raw pixels is none`)
      const from = place.index * bytes
      target.set(sets[place.set].images.subarray(from, from + bytes), i * bytes)
    }
    return { images: target, labels, count }
  }
  return { train: chosen(parts.train, 0), test: chosen(parts.judged, parts.train.count) }
}

function firstPictures(set: ImageSet, shape: PictureShape, limit = 0): ImageSet {
  if (limit === 0 || limit >= set.count) return set
  const images = set.images.subarray(0, limit * shape[0] * shape[1] * shape[2])
  return { images, labels: set.labels.subarray(0, limit), count: limit }
}

type Counts = Pick<DataSummary, 'train' | 'test'>

/** After a limit, or judged on another part, the data is no benchmark any more and has its own fingerprint. */
function summaryOfUsed(
  manifest: DatasetManifest,
  whole: Counts,
  used: Counts,
  { judgeOn = 'test' }: LoadOptions,
): DataSummary {
  const summary = { ...summaryOf(manifest), ...used }
  const sameTest = judgeOn === 'test' && used.test === whole.test
  if (sameTest && used.train === whole.train) return summary
  const part = judgeOn === 'test' ? '' : ` ${judgeOn}`
  const text = `${summary.fingerprint}${part} first ${used.train} ${used.test}`
  const fingerprint = createHash('sha256').update(text).digest('hex')
  return { ...summary, benchmark: false, ...(sameTest ? {} : { benchmarkTest: null }), fingerprint }
}

const listedBroken = 5

function refusedBroken(label: string, broken: PartColumns['broken']): RepriseError {
  const listed = broken.slice(0, listedBroken).map(({ name, reason }) => `${name} (${reason})`)
  return new RepriseError({
    code: 'picture-broken',
    message: `${broken.length === 1 ? 'A picture' : `${broken.length} pictures`} of ${label} cannot be read.`,
    expected: 'pictures that can be decoded',
    found: [...listed, ...(broken.length > listedBroken ? ['...'] : [])].join(', '),
    fix: 'Leave them out on the page of the data set, or set data.brokenPictures to skip or replace.',
  })
}

function notPrepared(id: string): RepriseError {
  const record = datasetRecord(id)
  if (record !== null) {
    const way =
      record.source === 'user'
        ? `Add your copy with "reprise datasets add PATH --id ${id}"`
        : `Fetch it with "reprise datasets fetch ${id}"`
    return new RepriseError({
      code: 'data-missing',
      message: `The data set ${id} is not on this machine yet`,
      fix: `${way}, or on the page of data sets.`,
    })
  }
  return new RepriseError({
    code: 'unknown-dataset',
    message: `There is no data set "${id}"`,
    expected: `${Object.keys(datasets).join(', ')}, or one that you added`,
    fix: 'Add your folder or file first with "reprise datasets add PATH".',
  })
}
