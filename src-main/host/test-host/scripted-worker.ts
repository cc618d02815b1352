// A worker for tests that speaks the protocol without TensorFlow. What it does is the name of the run:
// finish, wait (until told to stop, or a file "release" appears in the run's folder), deaf (never stops), killed, exit, fail.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EpochResult, HostToWorker, StopMode, TrainJob, WorkerToHost } from '../../shared/worker-protocol.ts'

const stepsPerEpoch = 10
const epochs = 2
const totalSteps = stepsPerEpoch * epochs
const stepSeconds = 0.01

let stop: StopMode | null = null

function send(message: WorkerToHost): void {
  process.send?.(message)
}

function epochResult(seed: number, step: number, final: boolean): EpochResult {
  const top1 = 0.98 + step / 10_000 + seed / 100_000
  return {
    seed,
    step,
    epoch: step / stepsPerEpoch,
    trainLoss: 1 / step,
    trainTop1: top1,
    testLoss: 1 / step,
    testTop1: top1,
    testTop5: 1,
    trainSeconds: step * stepSeconds,
    final,
  }
}

function endSeed(seed: number, step: number, stopped: boolean): void {
  const { testTop1, testTop5, testLoss, epoch } = epochResult(seed, step, true)
  send({ type: 'checkpoint', seed, kind: 'last', file: `checkpoints/seed-${seed}-last.safetensors`, step, bytes: 1000 })
  send({
    type: 'seed-end',
    result: {
      seed,
      last: { epoch, step, top1: testTop1, top5: testTop5, loss: testLoss },
      best: { epoch, step, top1: testTop1 },
      trainSeconds: step * stepSeconds,
      seconds: step * stepSeconds * 1.1,
      stopped,
    },
  })
}

async function trainSeed(job: TrainJob, seed: number, behaviour: string): Promise<boolean> {
  send({ type: 'seed-start', seed, totalSteps, stepsPerEpoch, parameters: 60_850 })
  send({ type: 'phase', phase: 'training', seed })
  for (let step = 1; step <= totalSteps; step += 1) {
    send({
      type: 'steps',
      seed,
      points: [{ step, epoch: step / stepsPerEpoch, loss: 2 / step, lr: 0.1 }],
      step,
      imagesPerSecond: 6400,
      stepSeconds,
      secondsLeft: (totalSteps - step) * stepSeconds,
    })
    if (step % stepsPerEpoch === 0) send({ type: 'epoch', result: epochResult(seed, step, false) })
    if (step !== stepsPerEpoch) continue
    send({ type: 'machine', sample: { cpu: 0.9, rssBytes: 1e9, dataWait: 0.01 } })
    await misbehave(behaviour)
    const released = () => existsSync(join(job.runDir, 'release'))
    while (behaviour === 'deaf' || (behaviour === 'wait' && !stop && !released())) await delay(5)
    if (stop) {
      endSeed(seed, step, true)
      return false
    }
  }
  send({ type: 'epoch', result: epochResult(seed, totalSteps, true) })
  endSeed(seed, totalSteps, false)
  return true
}

async function misbehave(behaviour: string): Promise<void> {
  if (behaviour === 'fail') {
    send({
      type: 'failed',
      error: {
        code: 'not-finite',
        message: 'The loss became NaN at step 10.',
        fix: 'Lower the rate.',
        details: { step: 10 },
      },
    })
    process.exit(1)
  }
  if (behaviour !== 'killed' && behaviour !== 'exit') return
  process.stderr.write('allocating 4 GiB\nterminate called after throwing std::bad_alloc\n')
  await delay(20)
  if (behaviour === 'exit') process.exit(3)
  process.kill(process.pid, 'SIGKILL')
  await delay(60_000)
}

async function train(job: TrainJob): Promise<void> {
  const { name } = JSON.parse(readFileSync(join(job.runDir, 'config.json'), 'utf8')) as { name: string }
  send({ type: 'phase', phase: 'libraries' })
  send({
    type: 'environment',
    environment: {
      device: 'CPU',
      cpu: 'scripted',
      cores: 2,
      precision: 'fp32',
      tensorflow: '2.21.0',
      node: process.versions.node,
      reprise: '0.1.0',
      platform: process.platform,
    },
  })
  send({
    type: 'data',
    data: {
      id: job.config.data.dataset,
      label: 'Scripted',
      train: 60_000,
      test: 10_000,
      classes: ['a', 'b'],
      fingerprint: 'f'.repeat(64),
      benchmark: true,
      skipped: [],
    },
  })
  send({ type: 'log', level: 'info', text: `training ${job.runId}` })
  for (const seed of job.seeds) {
    if (await trainSeed(job, seed, name)) continue
    send({ type: 'done', stopped: true })
    process.exit(0)
  }
  send({ type: 'done', stopped: false })
  process.disconnect()
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: HostToWorker) => {
  if (message.type === 'stop') stop = message.mode
  else void train(message.job)
})
