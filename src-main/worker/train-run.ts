// One run: libraries, data, then every seed.
import { join } from 'node:path'
import type { Dataset } from '../engine/data/dataset.ts'
import { startTensorFlow } from '../engine/tensorflow/backend.ts'
import type { TensorFlowRuntime } from '../engine/tensorflow/runtime.ts'
import { type SeedEnd, type SeedReports, trainSeed } from '../engine/train/seed-training.ts'
import type { TrainingControl } from '../engine/train/training-control.ts'
import { RepriseError } from '../shared/errors.ts'
import type { TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { chooseDevice, requirePrecision } from './device.ts'
import { environmentOf } from './environment.ts'
import { sampleMachine } from './machine-sampler.ts'
import { loadTrainingData } from './training-data.ts'
import { unreadPictures } from './unread-pictures.ts'

type Send = (message: WorkerToHost) => void

/** Trains every seed of the job, each from where it was broken off, reporting through `send`. Resolves with how it ended. */
export async function trainRun(job: TrainJob, send: Send, control: TrainingControl): Promise<SeedEnd['ended']> {
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
  const dataset = await loadTrainingData(job, send, control.now).catch(nullIfCancelled)
  if (dataset === null) return 'stopped'
  const unread = unreadPictures(job, dataset, send)

  const sampler = sampleMachine((sample) => send({ type: 'machine', sample }))
  try {
    for (const [index, seed] of job.seeds.entries()) {
      // A change is meant for the seed that was broken off, the first of those not finished.
      const { ended, result } = await trainOneSeed(
        runtime,
        dataset,
        index === 0 ? job : withoutChange(job),
        seed,
        send,
        control,
        {
          dataWait: sampler.setDataWait,
          broken: unread.tell,
        },
      )
      unread.sum()
      if (result) send({ type: 'seed-end', result })
      if (ended !== 'finished') return ended
      if (index + 1 < job.seeds.length && (control.now.aborted || control.afterEpoch)) return 'stopped'
    }
    return 'finished'
  } finally {
    sampler.end()
  }
}

function nullIfCancelled(error: unknown): null {
  if (error instanceof RepriseError && error.code === 'cancelled') return null
  throw error
}

function withoutChange({ change: _, ...job }: TrainJob): TrainJob {
  return job
}

function trainOneSeed(
  runtime: TensorFlowRuntime,
  dataset: Dataset,
  job: TrainJob,
  seed: number,
  send: Send,
  control: TrainingControl,
  more: Pick<SeedReports, 'dataWait' | 'broken'>,
): Promise<SeedEnd> {
  const { config } = job
  if (dataset.train.count < config.train.batchSize && config.train.dropLast)
    throw batchTooLarge(dataset, config.train.batchSize)
  send({ type: 'log', level: 'info', text: `Seed ${seed}: ${config.model.name} on ${dataset.summary.label}` })
  return trainSeed(runtime, dataset, config, seed, { ...seedReports(seed, send), ...more }, control, {
    checkpoints: join(job.runDir, 'checkpoints'),
    ...(job.change ? { change: job.change } : {}),
    ...(job.pauseAfter === undefined ? {} : { pauseAfter: job.pauseAfter }),
  })
}

/** The reports of a seed as messages to the host. */
function seedReports(seed: number, send: Send): Omit<SeedReports, 'dataWait' | 'broken'> {
  const log = (level: 'info' | 'warn', text: string) => send({ type: 'log', level, text: `Seed ${seed}: ${text}` })
  return {
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
      log('info', `epoch ${Number(result.epoch.toFixed(2))}, test top-1 ${percent} %`)
    },
    resumed: ({ step, epoch }, trainSeconds, record, skipped) => {
      send({ type: 'resumed', seed, step, epoch, trainSeconds, record, skipped })
      for (const { file, reason } of skipped) log('warn', `passed over ${file}: ${reason}`)
      log('info', `goes on from step ${step}`)
    },
    checkpoint: (checkpoint) => send({ type: 'checkpoint', checkpoint }),
    checkpointRemoved: (file) => send({ type: 'checkpoint-removed', file }),
    paused: (step) => {
      send({ type: 'paused' })
      log('info', `paused after step ${step}`)
    },
    continued: () => send({ type: 'continued' }),
    alert: (alert) => send({ type: 'alert', alert }),
    change: (change) => send({ type: 'change', change }),
  }
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
