// The data of a run: loaded, held against its config, and decoded once where that pays.
import { statfs } from 'node:fs/promises'
import type { Dataset, FileDataset } from '../engine/data/dataset.ts'
import { decodeDataset, sampleSizes } from '../engine/data/decoded-cache.ts'
import { loadDataset } from '../engine/data/load-dataset.ts'
import { needsFeed } from '../engine/train/picture-feed.ts'
import { inputMisfit } from '../shared/input-fit.ts'
import { type CacheChoice, chooseCache, gigabytes, predictedBytes } from '../shared/picture-cache.ts'
import type { RunConfig } from '../shared/run-config.ts'
import { totalSteps } from '../shared/training-length.ts'
import type { TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { partReader } from './picture-parts.ts'

const tellEveryMs = 250

/**
 * Loads the data set of a job and reports what it is and where its pictures lie. Throws what `loadDataset`, `inputMisfit`,
 * `chooseCache` and `decodeDataset` throw.
 */
export async function loadTrainingData(
  job: Pick<TrainJob, 'config' | 'datasetsDir' | 'seeds'>,
  send: (message: WorkerToHost) => void,
  signal: AbortSignal,
): Promise<Dataset> {
  const { config, datasetsDir } = job
  const { dataset: id, ...used } = config.data
  const shared = (shape: Dataset['shape']) => needsFeed(config, shape)
  const dataset = await loadDataset(id, { ...used, datasetsDir, readParts: partReader(datasetsDir), shared })
  for (const { path, reason } of dataset.summary.skipped)
    send({ type: 'log', level: 'warn', text: `Left out ${path}: ${reason}` })
  const misfit = inputMisfit(config, dataset.shape, dataset.summary.label)
  if (misfit) throw misfit
  if (takesStatisticsOfImagenet(config.input, dataset)) {
    const text = 'No check has measured the mean and std of these pictures: those of ImageNet are used'
    send({ type: 'log', level: 'warn', text })
  }
  const loaded = dataset.storage === 'files' ? await decoded(dataset, job, send, signal) : dataset
  send({ type: 'data', data: loaded.summary })
  return loaded
}

function takesStatisticsOfImagenet({ normalization, mean, std }: RunConfig['input'], dataset: Dataset): boolean {
  return normalization === 'channel' && dataset.mean.length === 0 && (mean.length === 0 || std.length === 0)
}

async function decoded(
  dataset: FileDataset,
  { config, datasetsDir, seeds }: Pick<TrainJob, 'config' | 'datasetsDir' | 'seeds'>,
  send: (message: WorkerToHost) => void,
  signal: AbortSignal,
): Promise<FileDataset> {
  const { shortSide } = config.data
  const { train, test } = dataset
  const shown = totalSteps(train.count, config) * config.train.batchSize * config.train.accumulate * seeds.length
  const disk = await statfs(datasetsDir)
  const choice = chooseCache({
    cache: config.data.cache,
    bytes: predictedBytes(await sampleSizes(dataset), train.count + test.count, shortSide),
    epochs: shown / train.count,
    freeMemoryBytes: process.availableMemory(),
    freeDiskBytes: disk.bavail * disk.bsize,
  })
  send({ type: 'log', level: 'info', text: `Pictures: ${words(choice, shortSide)}` })
  let told = Number.NEGATIVE_INFINITY
  const onProgress = (done: number, total: number) => {
    if (done < total && performance.now() - told < tellEveryMs) return
    told = performance.now()
    send({ type: 'phase', phase: 'data', done, total })
  }
  const kept = await decodeDataset(dataset, { choice, shortSide, datasetsDir, signal, onProgress })
  return { ...kept, summary: { ...kept.summary, decoded: { kept: choice.kind, bytes: choice.bytes } } }
}

function words({ kind, bytes }: CacheChoice, shortSide: number): string {
  const resized = shortSide > 0 ? `, shorter side at most ${shortSide}` : ''
  if (kind === 'none') return `streamed from their files${resized}`
  return `decoded once ${kind === 'memory' ? 'in memory' : 'in a file'}, about ${gigabytes(bytes)}${resized}`
}
