// The process that trains one run: takes a job from its parent, drives the engine, reports, and ends.
import { toErrorReport } from '../shared/errors.ts'
import type { HostToWorker, StopMode, TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { trainRun } from './train-run.ts'

const stopNow = new AbortController()
let afterEpoch = false

function send(message: WorkerToHost): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })
}

function stop(mode: StopMode): void {
  if (mode === 'now') stopNow.abort()
  else afterEpoch = true
}

async function work(job: TrainJob): Promise<number> {
  try {
    const stopRequest = {
      now: stopNow.signal,
      get afterEpoch() {
        return afterEpoch
      },
    }
    const { stopped } = await trainRun(job, (message) => void send(message), stopRequest)
    await send({ type: 'done', stopped })
    return 0
  } catch (error) {
    await send({ type: 'failed', error: toErrorReport(error) })
    return 1
  }
}

process.on('message', (message: HostToWorker) => {
  if (message.type === 'stop') stop(message.mode)
  // TensorFlow's threads outlive JavaScript, so the process leaves by exit rather than by running dry.
  else void work(message.job).then((code) => process.exit(code))
})
// Without its parent nobody keeps what it reports: it stops at the next step, and its checkpoint stays.
process.on('disconnect', () => stop('now'))
