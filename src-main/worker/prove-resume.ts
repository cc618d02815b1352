// The process that proves a resume: trains straight through and broken off twice, and compares all that came of it.
import { rmSync } from 'node:fs'
import { readManifest, summaryOf } from '../engine/data/dataset-manifest.ts'
import { RepriseError } from '../shared/errors.ts'
import type { ProveResumeAnswer, ProveResumeTask, ResumeCertificate } from '../shared/resume-certificate.ts'
import { compareTrainings } from './compare-trainings.ts'
import { answerOneTask } from './one-task.ts'
import { proofConfig, proofEpochs } from './proof-config.ts'
import { type ProofTraining, trainingProcesses } from './proof-trainings.ts'

const tellEveryMs = 250

async function trainingPictures({ config, datasetsDir }: ProveResumeTask): Promise<number> {
  const { dataset, limitTrain } = config.data
  const manifest = await readManifest(datasetsDir, dataset)
  if (manifest === null) {
    throw new RepriseError({
      code: 'data-missing',
      message: `The data set ${dataset} is not on this machine.`,
      fix: `Run "reprise datasets fetch ${dataset}".`,
    })
  }
  const { train } = summaryOf(manifest)
  return limitTrain > 0 ? Math.min(limitTrain, train) : train
}

async function prove(
  task: ProveResumeTask,
  report: (answer: ProveResumeAnswer) => Promise<void>,
): Promise<ResumeCertificate> {
  const began = performance.now()
  const { config, changes } = proofConfig(task.config, await trainingPictures(task))
  const seed = config.seeds.first
  rmSync(task.workDir, { recursive: true, force: true })
  const trainings = trainingProcesses(
    {
      type: 'train',
      runId: 'proof',
      config,
      seeds: [seed],
      datasetsDir: task.datasetsDir,
      libtensorflowDir: task.libtensorflowDir,
    },
    task.workDir,
  )
  // However this process ends, short of being killed, nothing of the proof stays behind.
  process.once('exit', () => {
    trainings.kill()
    rmSync(task.workDir, { recursive: true, force: true, maxRetries: 5 })
  })
  let told = 0
  const progress = (part: 'straight' | 'paused') => (done: number, total: number) => {
    if (done < total && performance.now() - told < tellEveryMs) return
    told = performance.now()
    void report({ type: 'progress', part, done, total })
  }

  const straight = await trainings.straight('straight', progress('straight'))
  const paused = await trainings.pausedTwice('paused', straight.stepsPerEpoch, progress('paused'))
  await report({ type: 'progress', part: 'comparing', done: 0, total: 1 })
  return {
    subject: task.subject,
    ...compareTrainings(straight.runDir, paused.runDir, seed),
    at: Date.now(),
    seconds: (performance.now() - began) / 1000,
    epochs: proofEpochs,
    steps: straight.totalSteps,
    pausedAt: paused.pausedAt,
    changes: { ...task.changes, ...changes },
    environment: requireEnvironment(straight),
  }
}

function requireEnvironment({ environment }: ProofTraining) {
  if (environment) return environment
  throw new RepriseError({ code: 'internal', message: 'A training did not say what it ran on.' })
}

// The parent asks for an end by a message; an interrupt in a terminal reaches this process by itself.
process.on('message', (message: ProveResumeTask | { type: 'cancel' }) => {
  if (message.type === 'cancel') process.exit(1)
})
process.once('SIGINT', () => process.exit(1))
process.once('SIGTERM', () => process.exit(1))
answerOneTask<ProveResumeTask, ProveResumeAnswer>(async (task, report) =>
  report({ type: 'certificate', certificate: await prove(task, report) }),
)
