// A worker for tests that speaks the protocol without TensorFlow. What it does is the name of the run: finish, wait (at step 10,
// until told to stop or a file "release" appears in the run's folder), deaf (waits and never stops), killed, exit, fail, memory
// (all at step 10), late (killed at step 13), outlive (waits, and saves a later state after its host is gone). It saves its state
// every 5 steps and goes on from there; what goes on does not misbehave again, as step 10 lies behind it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type {
  EpochResult,
  HostToWorker,
  StepPoint,
  StopMode,
  TrainJob,
  WorkerToHost,
} from '../../shared/worker-protocol.ts'
import { scriptedEnvironment } from './scripted-environment.ts'
import { dropOldStates, readState, type ScriptedState, writeState } from './scripted-state.ts'

const stepsPerEpoch = 10
const epochs = 2
const totalSteps = stepsPerEpoch * epochs
const stepSeconds = 0.01
const stateEvery = 5

let stop: StopMode | null = null
let pause: { keepDevice: boolean } | null = null
let hostGone = false
let behaviour = ''

type Ended = 'finished' | 'stopped' | 'paused'

function send(message: WorkerToHost): void {
  if (process.connected) process.send?.(message)
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

function save(job: TrainJob, seed: number, state: ScriptedState): void {
  send({ type: 'checkpoint', checkpoint: writeState(job.runDir, seed, stepsPerEpoch, state) })
  for (const file of dropOldStates(job.runDir, seed)) send({ type: 'checkpoint-removed', file })
}

function endSeed(seed: number, step: number, stopped: boolean): void {
  const { testTop1, testTop5, testLoss, epoch } = epochResult(seed, step, true)
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

/** What the seed goes on from; says so where that is not its beginning. */
function begin(job: TrainJob, seed: number): ScriptedState {
  send({ type: 'seed-start', seed, totalSteps, stepsPerEpoch, parameters: 60_850 })
  const saved = readState(job.runDir, seed)
  if (!saved) return { step: 0, points: [], epochs: [] }
  const { state, entry, skipped } = saved
  const points = new Float64Array(state.points.flatMap(({ step, epoch, loss, lr }) => [step, epoch, loss, lr]))
  const trainSeconds = state.step * stepSeconds
  const { epoch } = entry
  const record = { points, epochs: state.epochs }
  send({ type: 'resumed', seed, step: state.step, epoch, trainSeconds, record, skipped })
  if (job.change) {
    send({ type: 'change', change: { ...job.change, seed, step: state.step, at: Date.now(), by: 'user' } })
  }
  return state
}

async function trainSeed(job: TrainJob, seed: number): Promise<Ended> {
  const state = begin(job, seed)
  const lr = 0.1 * (job.change?.lrScale ?? 1)
  send({ type: 'phase', phase: 'training', seed })
  while (state.step < totalSteps) {
    state.step += 1
    const { step } = state
    const point: StepPoint = { step, epoch: step / stepsPerEpoch, loss: 2 / step, lr }
    state.points.push(point)
    const secondsLeft = (totalSteps - step) * stepSeconds
    send({ type: 'steps', seed, points: [point], step, imagesPerSecond: 6400, stepSeconds, secondsLeft })
    if (step % stepsPerEpoch === 0) {
      const result = epochResult(seed, step, false)
      state.epochs.push(result)
      send({ type: 'epoch', result })
    }
    if (step % stateEvery === 0) save(job, seed, state)
    if (step === 13) await misbehaveLate()
    if (step !== stepsPerEpoch) continue
    send({ type: 'machine', sample: { cpu: 0.9, rssBytes: 1e9, dataWait: 0.01 } })
    await misbehave()
    const ended = await waitAt(job, seed, state)
    if (ended) return ended
  }
  send({ type: 'epoch', result: epochResult(seed, totalSteps, true) })
  endSeed(seed, totalSteps, false)
  return 'finished'
}

/** Waits as the behaviour says, and pauses meanwhile. @returns how the seed ended, or null where it goes on */
async function waitAt(job: TrainJob, seed: number, state: ScriptedState): Promise<Ended | null> {
  const waits = () => (behaviour === 'wait' || behaviour === 'outlive') && !existsSync(join(job.runDir, 'release'))
  let paused = false
  while (behaviour === 'deaf' || waits() || pause) {
    if (hostGone) await outlive(job, seed, state)
    if (stop && behaviour !== 'deaf') break
    if (pause && !paused) {
      save(job, seed, state)
      if (!pause.keepDevice) return 'paused'
      send({ type: 'paused' })
      paused = true
    } else if (pause && !pause.keepDevice) return 'paused'
    else if (!pause && paused) {
      send({ type: 'continued' })
      paused = false
    }
    await delay(5)
  }
  if (paused && !stop) send({ type: 'continued' })
  if (!stop) return null
  endSeed(seed, state.step, true)
  return 'stopped'
}

/** A worker that sees late that its host is gone: it still saves its state. */
async function outlive(job: TrainJob, seed: number, state: ScriptedState): Promise<never> {
  await delay(300)
  save(job, seed, { ...state, step: state.step + 2 })
  process.exit(0)
}

async function misbehave(): Promise<void> {
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
  if (behaviour === 'memory') process.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n")
  if (behaviour === 'exit') process.stderr.write('cannot open the file\n')
  if (behaviour === 'killed') process.stderr.write('allocating 4 GiB\nlast words\n')
  await delay(20)
  if (behaviour === 'exit') process.exit(3)
  if (behaviour === 'killed' || behaviour === 'memory') await killSelf()
}

async function misbehaveLate(): Promise<void> {
  if (behaviour !== 'late') return
  await delay(50)
  await killSelf()
}

async function killSelf(): Promise<void> {
  process.kill(process.pid, 'SIGKILL')
  await delay(60_000)
}

async function train(job: TrainJob): Promise<void> {
  send({ type: 'phase', phase: 'libraries' })
  send({ type: 'environment', environment: scriptedEnvironment })
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
    const ended = await trainSeed(job, seed)
    if (ended === 'finished') continue
    send({ type: 'done', ended })
    process.exit(0)
  }
  send({ type: 'done', ended: 'finished' })
  process.disconnect()
}

process.on('disconnect', () => {
  hostGone = true
  if (behaviour !== 'outlive') process.exit(0)
})
process.on('message', (message: HostToWorker) => {
  if (message.type === 'stop') stop = message.mode
  else if (message.type === 'pause') pause = { keepDevice: message.keepDevice }
  else if (message.type === 'continue') pause = null
  else {
    const config = readFileSync(join(message.job.runDir, 'config.json'), 'utf8')
    behaviour = (JSON.parse(config) as { name: string }).name
    void train(message.job)
  }
})
