// One run: libraries, data, then every seed.
import { join } from 'node:path'
import type { Dataset } from '../engine/data/dataset.ts'
import { startTensorFlow } from '../engine/tensorflow/backend.ts'
import type { TensorFlowRuntime } from '../engine/tensorflow/runtime.ts'
import { writeCheckpoint } from '../engine/train/checkpoint.ts'
import { type SeedReports, type StopRequest, trainSeed } from '../engine/train/seed-training.ts'
import { RepriseError } from '../shared/errors.ts'
import type { SeedResult, TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { chooseDevice, requirePrecision } from './device.ts'
import { environmentOf } from './environment.ts'
import { sampleMachine } from './machine-sampler.ts'
import { loadTrainingData } from './training-data.ts'
import { unreadPictures } from './unread-pictures.ts'

type Send = (message: WorkerToHost) => void

/** Trains every seed of the job, reporting through `send`. Resolves with whether it was stopped before the end. */
export async function trainRun(job: TrainJob, send: Send, stop: StopRequest): Promise<{ stopped: boolean }> {
  const { config } = job
  send({ type: 'phase', phase: 'libraries' })
  chooseDevice(config.compute.device)
  const runtime = await startTensorFlow(job.libtensorflowDir, {
    intraThreads: config.compute.threads,
    gpu: { allowGrowth: true },
  })
  const device = requirePrecision(runtime.devices(), config.compute)
  send({ type: 'environment', environment: environmentOf(runtime, device, config.compute.precision) })
  send({ type: 'phase', phase: 'data' })
  const dataset = await loadTrainingData(job, send, stop.now).catch(nullIfCancelled)
  if (dataset === null) return { stopped: true }
  const unread = unreadPictures(job, dataset, send)

  const sampler = sampleMachine((sample) => send({ type: 'machine', sample }))
  try {
    for (const seed of job.seeds) {
      const result = await trainOneSeed(runtime, dataset, job, seed, send, stop, {
        dataWait: sampler.setDataWait,
        broken: unread.tell,
      })
      unread.sum()
      if (result) send({ type: 'seed-end', result })
      if (stop.now.aborted || stop.afterEpoch || result?.stopped) return { stopped: true }
    }
    return { stopped: false }
  } finally {
    sampler.end()
  }
}

function nullIfCancelled(error: unknown): null {
  if (error instanceof RepriseError && error.code === 'cancelled') return null
  throw error
}

function trainOneSeed(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  job: TrainJob,
  seed: number,
  send: Send,
  stop: StopRequest,
  more: Pick<SeedReports, 'dataWait' | 'broken'>,
): Promise<SeedResult | null> {
  const { config } = job
  if (dataset.train.count < config.train.batchSize && config.train.dropLast)
    throw batchTooLarge(dataset, config.train.batchSize)
  send({ type: 'log', level: 'info', text: `Seed ${seed}: ${config.model.name} on ${dataset.summary.label}` })
  return trainSeed(
    runtime,
    dataset,
    config,
    seed,
    {
      phase: (phase, done, total) =>
        send({
          type: 'phase',
          phase,
          seed,
          ...(done === undefined ? {} : { done }),
          ...(total === undefined ? {} : { total }),
        }),
      start: (info) => send({ type: 'seed-start', seed, ...info }),
      steps: (points, clock) => send({ type: 'steps', seed, points, ...clock }),
      epoch: (result) => {
        send({ type: 'epoch', result })
        const percent = (100 * result.testTop1).toFixed(2)
        send({
          type: 'log',
          level: 'info',
          text: `Seed ${seed}, epoch ${Number(result.epoch.toFixed(2))}: test top-1 ${percent} %`,
        })
      },
      checkpoint: (kind, network, slots, at) => {
        const model = config.model.name
        const entry = writeCheckpoint(join(job.runDir, 'checkpoints'), network, slots, { seed, kind, ...at, model })
        send({ type: 'checkpoint', seed, kind, file: entry.file, step: entry.step, bytes: entry.bytes })
      },
      ...more,
    },
    stop,
  )
}

function batchTooLarge(dataset: Dataset, batchSize: number): RepriseError {
  return new RepriseError({
    code: 'config-out-of-range',
    message: 'The batch is larger than the training set, and incomplete batches are dropped.',
    expected: `train.batchSize at most ${dataset.train.count}`,
    found: String(batchSize),
    fix: 'Use a smaller batch, or set train.dropLast to false.',
  })
}
