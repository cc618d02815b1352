// A data worker for tests. A user's path decides: "broken" fails, "slow" waits for a stop; anything else is prepared at once.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type DatasetManifest, summaryOf, untouchedParts } from '../../engine/data/dataset-manifest.ts'
import { createPictureIndex, indexFile } from '../../picture-index/open-index.ts'
import type { NewPicture } from '../../picture-index/types.ts'
import type { DataWorkerToHost, HostToDataWorker, PrepareDataJob } from '../../shared/worker-protocol.ts'

function send(message: DataWorkerToHost): void {
  process.send?.(message)
}

const hash = 'a'.repeat(64)
const counts = { train: 60_000, test: 10_000 }
const split = { kind: 'given', valShare: 0, seed: 1 } as const

function writeManifest(job: PrepareDataJob): DatasetManifest {
  const set = (name: string, count: number) => ({
    count,
    images: { file: `${name}-images.bin`, bytes: count, sha256: hash },
    labels: { file: `${name}-labels.bin`, bytes: count, sha256: hash },
    content: hash,
  })
  const benchmark = job.path === undefined ? job.datasetId : null
  const manifest: DatasetManifest = {
    version: 2,
    id: job.datasetId,
    label: job.datasetId,
    storage: 'pixels',
    reader: job.path === undefined ? null : 'class-folders',
    classes: ['a', 'b'],
    shape: [28, 28, 1],
    mean: [0.5],
    std: [0.5],
    labelBits: 8,
    train: set('train', counts.train),
    test: set('test', counts.test),
    bytes: 4 * 28 * 28,
    fingerprint: hash,
    benchmark,
    ...untouchedParts(split, counts, benchmark),
    likeness: null,
    recognisedBy: 'test',
    resized: null,
    skipped: [],
    path: job.path ?? null,
    preparedAt: new Date().toISOString(),
  }
  const folder = join(job.datasetsDir, job.datasetId)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  writePictures(folder)
  return manifest
}

/** Three training pictures and a test picture, each of one grey. */
function writePictures(folder: string): void {
  const bytes = 28 * 28
  writeFileSync(join(folder, 'train-images.bin'), Buffer.concat([10, 20, 30].map((grey) => Buffer.alloc(bytes, grey))))
  writeFileSync(join(folder, 'test-images.bin'), Buffer.alloc(bytes, 40))
  const index = createPictureIndex(join(folder, indexFile))
  const picture = (set: 'train' | 'test', place: number): NewPicture => ({
    name: `${set} ${place}`,
    location: { kind: 'pixels', set, index: place },
    bytes: 0,
    label: place % 2,
    part: set,
    group: '',
  })
  index.add([picture('train', 0), picture('train', 1), picture('train', 2), picture('test', 0)])
  index.setParts(['train', 'train', 'train', 'test'])
  index.finish()
}

function prepare(job: PrepareDataJob): void {
  const behaviour = job.path === undefined ? 'known' : basename(job.path)
  if (behaviour === 'broken') {
    send({
      type: 'failed',
      error: { code: 'picture-broken', message: 'A picture cannot be read.', details: { path: 'train/frog/3.png' } },
    })
    process.disconnect()
    return
  }
  send({ type: 'network', what: `${job.datasetId} from a package` })
  send({ type: 'progress', text: 'fetching', done: 1, total: 2, unit: 'bytes' })
  if (behaviour === 'slow') return
  const manifest = writeManifest(job)
  send({ type: 'prepared', data: summaryOf(manifest), shape: manifest.shape })
  process.disconnect()
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: HostToDataWorker) => {
  if (message.type === 'job') return prepare(message.job)
  send({ type: 'failed', error: { code: 'cancelled', message: 'Stopped.' } })
  process.disconnect()
})
