// The trainings of a proof: the real train worker, forked as the host forks it, straight through or broken off on the way.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { forkWorker, type WorkerExit } from '../launch/worker-process.ts'
import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import type { EnvironmentSummary, HostToWorker, TrainJob, WorkerToHost } from '../shared/worker-protocol.ts'

/** What all trainings of a proof share. */
export type ProofJob = Omit<TrainJob, 'runDir' | 'change' | 'pauseAfter'>

export interface ProofTraining {
  /** Folder of the run. */
  runDir: string
  /** Of the newest process; null before it has said so. */
  environment: EnvironmentSummary | null
  totalSteps: number
  stepsPerEpoch: number
  /** Steps after which a process ended to make room for the next. */
  pausedAt: number[]
}

const keptLines = 5

export interface TrainingProcesses {
  /** Trains from start to end in one process. */
  straight(name: string, onStep: (done: number, total: number) => void): Promise<ProofTraining>
  /**
   * Trains in three processes: the first ends, with its device freed, after the first epoch and its evaluation, the second a
   * quarter into the second epoch. Throws `not-allowed` where an epoch has too few steps for that.
   */
  pausedTwice(
    name: string,
    stepsPerEpoch: number,
    onStep: (done: number, total: number) => void,
  ): Promise<ProofTraining>
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
    pauseAfter?: number,
  ): Promise<'finished' | 'stopped' | 'paused'> {
    const outcome: { last: Extract<WorkerToHost, { type: 'done' | 'failed' }> | null } = { last: null }
    const lines: string[] = []
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
        if (message.type === 'seed-start') {
          training.totalSteps = message.totalSteps
          training.stepsPerEpoch = message.stepsPerEpoch
        }
        if (message.type === 'steps') onStep(message.step, training.totalSteps)
      },
    })
    kill = worker.kill
    const pause = pauseAfter === undefined ? {} : { pauseAfter }
    worker.send({ type: 'job', job: { ...job, ...pause, runDir: training.runDir } })
    const exit = await worker.ended
    kill = () => {}
    if (outcome.last?.type === 'failed') throw fromErrorReport(outcome.last.error)
    if (outcome.last === null) throw workerDied(exit, lines)
    if (outcome.last.ended === 'paused' && pauseAfter !== undefined) training.pausedAt.push(pauseAfter)
    return outcome.last.ended
  }

  const begin = (name: string): ProofTraining => {
    const runDir = join(workDir, name)
    mkdirSync(join(runDir, 'checkpoints'), { recursive: true })
    return { runDir, environment: null, totalSteps: 0, stepsPerEpoch: 0, pausedAt: [] }
  }

  return {
    straight: async (name, onStep) => {
      const training = begin(name)
      await part(training, onStep)
      return training
    },
    pausedTwice: async (name, stepsPerEpoch, onStep) => {
      const training = begin(name)
      for (const step of [stepsPerEpoch, stepsPerEpoch + Math.ceil(stepsPerEpoch / 4)]) {
        if ((await part(training, onStep, step)) !== 'paused') throw tooShort(training.totalSteps)
      }
      await part(training, onStep)
      return training
    },
    kill: () => kill(),
  }
}

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
