// The trainings of a proof: the real train worker, forked as the host forks it, straight through or broken off on the way.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { forkWorker, type WorkerExit } from '../launch/worker-process.ts'
import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import type { EnvironmentSummary, HostToWorker, TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'

/** What all trainings of a proof share. */
export type ProofJob = Omit<TrainJob, 'runDir' | 'change'>

export interface ProofTraining {
  /** Folder of the run. */
  runDir: string
  /** Of the newest process; null before it has said so. */
  environment: EnvironmentSummary | null
  totalSteps: number
  stepsPerEpoch: number
  trainSeconds: number
  /** Steps after which a process ended to make room for the next. */
  pausedAt: number[]
}

/** Says of a message whether the training shall be paused now. */
type PauseWhen = (message: WorkerToHost, training: ProofTraining) => boolean

/** Shortest half of an epoch in which a report of its steps is sure to come in time, in seconds. */
const reportedSeconds = 1
const keptLines = 5

export interface TrainingProcesses {
  /** Trains from start to end in one process. */
  straight(name: string, onStep: (done: number, total: number) => void): Promise<ProofTraining>
  /**
   * Trains in three processes: the first ends, with its device freed, when the evaluation after the first epoch begins, the
   * second in the second epoch. `epochSeconds` tells how long an epoch takes: where it is short, the second process ends
   * after its first steps. Throws `not-allowed` when a training ends before it can be broken off.
   */
  pausedTwice(name: string, epochSeconds: number, onStep: (done: number, total: number) => void): Promise<ProofTraining>
  /** Ends what still trains, at once. */
  kill(): void
}

/** Trainings in folders of `workDir`. They throw what a worker reports, and `worker-died` where it ends without a word. */
export function trainingProcesses(job: ProofJob, workDir: string): TrainingProcesses {
  let kill = () => {}

  /** One process, to its end or to a pause; resolves with how it ended. */
  async function part(
    training: ProofTraining,
    onStep: (done: number, total: number) => void,
    pauseWhen: PauseWhen | null,
  ): Promise<'finished' | 'stopped' | 'paused'> {
    const outcome: { last: Extract<WorkerToHost, { type: 'done' | 'failed' }> | null } = { last: null }
    const lines: string[] = []
    let asked = false
    let savedStep = 0
    const worker = forkWorker<HostToWorker, WorkerToHost>({
      entry: join(import.meta.dirname, 'main.ts'),
      env: process.env,
      onLine: (line) => {
        lines.push(line)
        if (lines.length > keptLines) lines.shift()
      },
      onMessage: (message) => {
        if (message.type === 'done' || message.type === 'failed') outcome.last = message
        if (message.type === 'environment') training.environment = message.environment
        if (message.type === 'resumed') savedStep = message.step
        if (message.type === 'checkpoint' && message.checkpoint.kind === 'state') savedStep = message.checkpoint.step
        if (message.type === 'seed-end') training.trainSeconds = message.result.trainSeconds
        if (message.type === 'seed-start') {
          training.totalSteps = message.totalSteps
          training.stepsPerEpoch = message.stepsPerEpoch
        }
        if (message.type === 'steps') onStep(message.step, training.totalSteps)
        if (asked || !pauseWhen?.(message, training)) return
        asked = true
        worker.send({ type: 'pause', keepDevice: false })
      },
    })
    kill = worker.kill
    worker.send({ type: 'job', job: { ...job, runDir: training.runDir } })
    const exit = await worker.ended
    kill = () => {}
    if (outcome.last?.type === 'failed') throw fromErrorReport(outcome.last.error)
    if (outcome.last === null) throw workerDied(exit, lines)
    if (outcome.last.ended === 'paused') training.pausedAt.push(savedStep)
    return outcome.last.ended
  }

  const begin = (name: string): ProofTraining => {
    const runDir = join(workDir, name)
    mkdirSync(join(runDir, 'checkpoints'), { recursive: true })
    return { runDir, environment: null, totalSteps: 0, stepsPerEpoch: 0, trainSeconds: 0, pausedAt: [] }
  }

  return {
    straight: async (name, onStep) => {
      const training = begin(name)
      await part(training, onStep, null)
      return training
    },
    pausedTwice: async (name, epochSeconds, onStep) => {
      const training = begin(name)
      const inSecondEpoch: PauseWhen =
        epochSeconds / 2 < reportedSeconds
          ? (message) => message.type === 'steps'
          : (message, { stepsPerEpoch }) => message.type === 'steps' && message.step >= 1.25 * stepsPerEpoch
      for (const pauseWhen of [afterFirstEpoch, inSecondEpoch]) {
        if ((await part(training, onStep, pauseWhen)) !== 'paused') throw tooShort(training.totalSteps)
      }
      await part(training, onStep, null)
      return training
    },
    kill: () => kill(),
  }
}

const afterFirstEpoch: PauseWhen = (message, { stepsPerEpoch }) =>
  (message.type === 'phase' && message.phase === 'evaluating') ||
  (message.type === 'steps' && message.step >= stepsPerEpoch)

function workerDied({ code, signal }: WorkerExit, lines: string[]): RepriseError {
  return new RepriseError({
    code: 'worker-died',
    message: 'The process of a training of the proof ended without a word.',
    found: lines.at(-1) ?? `exit code ${code ?? 'none'}, signal ${signal ?? 'none'}`,
    fix: 'If memory ran out, close other programs or prove with fewer pictures; then try again.',
    details: { code, signal, lines },
  })
}

function tooShort(steps: number): RepriseError {
  return new RepriseError({
    code: 'not-allowed',
    message: 'The training ended before it could be broken off.',
    found: `${steps} steps in all`,
    fix: 'Prove with more pictures.',
  })
}
