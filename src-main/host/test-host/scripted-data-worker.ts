// A data worker for tests. A user's path decides: "broken" fails, "slow" waits for a stop; anything else is prepared at once.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DatasetManifest } from '../../engine/data/dataset-manifest.ts'
import type { DataWorkerToHost, HostToDataWorker, PrepareDataJob } from '../../shared/worker-protocol.ts'

function send(message: DataWorkerToHost): void {
  process.send?.(message)
}

function writeManifest(job: PrepareDataJob): DatasetManifest {
  const hash = 'a'.repeat(64)
  const set = (name: string, count: number) => ({
    count,
    images: { file: `${name}-images.bin`, bytes: count, sha256: hash },
    labels: { file: `${name}-labels.bin`, bytes: count, sha256: hash },
    content: hash,
  })
  const manifest: DatasetManifest = {
    version: 1,
    id: job.datasetId,
    label: job.datasetId,
    classes: ['a', 'b'],
    shape: [28, 28, 1],
    mean: [0.5],
    std: [0.5],
    labelBits: 8,
    train: set('train', 60_000),
    test: set('test', 10_000),
    fingerprint: hash,
    benchmark: job.path === undefined ? job.datasetId : null,
    split: { kind: 'given' },
    recognisedBy: 'test',
    resized: null,
    skipped: [],
    path: job.path ?? null,
    preparedAt: new Date().toISOString(),
  }
  const folder = join(job.datasetsDir, job.datasetId)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return manifest
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
  const { id, label, train, test, classes, fingerprint, benchmark, skipped, shape } = writeManifest(job)
  send({
    type: 'prepared',
    data: {
      id,
      label,
      train: train.count,
      test: test.count,
      classes,
      fingerprint,
      benchmark: benchmark !== null,
      skipped,
    },
    shape,
  })
  process.disconnect()
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: HostToDataWorker) => {
  if (message.type === 'job') return prepare(message.job)
  send({ type: 'failed', error: { code: 'cancelled', message: 'Stopped.' } })
  process.disconnect()
})
