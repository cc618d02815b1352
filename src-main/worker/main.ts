// The process that trains one run: takes a job from its parent, drives the engine, reports, and ends.
import { createTrainingControl } from '../engine/train/training-control.ts'
import { toErrorReport } from '../shared/errors.ts'
import type { HostToWorker, TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'
import { trainRun } from './train-run.ts'

const control = createTrainingControl()

function send(message: WorkerToHost): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })
}

async function work(job: TrainJob): Promise<number> {
  try {
    const ended = await trainRun(job, (message) => void send(message), control)
    await send({ type: 'done', ended })
    return 0
  } catch (error) {
    await send({ type: 'failed', error: toErrorReport(error) })
    return 1
  }
}

process.on('message', (message: HostToWorker) => {
  switch (message.type) {
    case 'job':
      // TensorFlow's threads outlive JavaScript, so the process leaves by exit rather than by running dry.
      void work(message.job).then((code) => process.exit(code))
      break
    case 'stop':
      control.requestStop(message.mode)
      break
    case 'pause':
      control.requestPause(message.keepDevice ? 'keep-device' : 'free-device')
      break
    case 'continue':
      control.requestContinue()
      break
  }
})
// Without its parent nobody keeps what it reports: it stops at the next step, and its checkpoint stays.
process.on('disconnect', () => control.requestStop('now'))
