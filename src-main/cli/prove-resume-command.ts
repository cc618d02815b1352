// `reprise runs prove-resume`: shows that a training which is broken off and goes on ends as one that was never broken off.
import { join } from 'node:path'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { dataFolder } from '../launch/data-folder.ts'
import type { ProofState } from '../shared/api.ts'
import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import { configFromRecipe } from '../shared/recipe.ts'
import type { ProveResumeAnswer, ProveResumeTask, ResumeCertificate } from '../shared/resume-certificate.ts'
import { ensureDataset } from './dataset-progress.ts'
import { runEngineWorker } from './engine-worker.ts'
import { withHost } from './host-connection.ts'
import { count, duration, size } from './number-words.ts'
import type { Output } from './output.ts'
import { type ProgressBar, progressBar } from './progress-bar.ts'
import { runChanges } from './run-changes.ts'

export interface ProofFlags {
  set?: string[] | undefined
  /** Use only the first so many pictures of training and of test. */
  limit?: number | undefined
}

/**
 * Proves a recipe in processes of its own, or a run through the host, which keeps the certificate with the run. Prints the
 * certificate; throws `internal` after it where the trainings differ.
 */
export async function proveResume(subject: string, flags: ProofFlags, output: Output): Promise<void> {
  const bar = progressBar()
  const certificate = await (/^r-\d+$/.test(subject)
    ? proveRun(subject, flags, bar)
    : proveRecipe(subject, flags, output, bar)
  ).finally(bar.clear)
  output.result(certificate, () => certificateText(certificate))
  if (certificate.equal) return
  throw new RepriseError({
    code: 'internal',
    message: 'The training that was broken off differs from the one that was not.',
    expected: 'equality of every bit',
    found: `${certificate.firstDifference}, largest difference ${certificate.maxDifference}`,
    fix: 'On a GPU some operations add in an order that changes: try --set compute.device=cpu. Else report it.',
  })
}

async function proveRecipe(
  id: string,
  flags: ProofFlags,
  output: Output,
  bar: ProgressBar,
): Promise<ResumeCertificate> {
  const limits = flags.limit === undefined ? {} : { 'data.limitTrain': flags.limit, 'data.limitTest': flags.limit }
  const changes = { ...runChanges({ set: flags.set }), ...limits }
  const config = await withHost(async (host) => {
    const { recipe } = await host.call(host.client.recipes.get.query({ id }))
    const asked = configFromRecipe(recipe, changes)
    await ensureDataset(host, asked.data.dataset, output)
    return asked
  })
  const library = await findLibtensorflow()
  const task: ProveResumeTask = {
    type: 'prove-resume',
    subject: id,
    config,
    changes,
    datasetsDir: join(dataFolder(), 'datasets'),
    libtensorflowDir: library.folder,
    workDir: join(dataFolder(), 'proofs', String(process.pid)),
  }
  const found: { certificate?: ResumeCertificate } = {}
  const take = (answer: ProveResumeAnswer) => {
    if (answer.type === 'certificate') found.certificate = answer.certificate
    else showPart(bar, answer)
  }
  await runEngineWorker<ProveResumeTask, ProveResumeAnswer>('prove-resume.ts', task, take, { endsItself: true })
  if (found.certificate) return found.certificate
  throw new RepriseError({ code: 'internal', message: 'The proof ended without a certificate.' })
}

function proveRun(id: string, flags: ProofFlags, bar: ProgressBar): Promise<ResumeCertificate> {
  if (flags.set !== undefined || flags.limit !== undefined) {
    throw new RepriseError({
      code: 'usage',
      message: 'A run is proved with its own settings.',
      expected: 'no --set and no --limit',
      fix: 'Prove its recipe to change settings.',
    })
  }
  return withHost(async (host) => {
    let settle = (_state: ProofState) => {}
    const ended = new Promise<ProofState>((resolve) => {
      settle = (state) => {
        showPart(bar, state)
        if (state.status !== 'running') resolve(state)
      }
    })
    const stopListening = await host.listen((event) => {
      if (event.type === 'proof' && event.runId === id) settle(event.proof)
    })
    const cancel = () => void host.client.proofs.cancel.mutate({ runId: id }).catch(() => {})
    process.once('SIGINT', cancel)
    try {
      await host.call(host.client.proofs.start.mutate({ runId: id }))
      const { status, error } = await host.call(ended)
      if (error) throw fromErrorReport(error)
      if (status === 'cancelled') throw new RepriseError({ code: 'cancelled', message: 'The proof was cancelled.' })
      const { certificate } = await host.call(host.client.runs.get.query({ id }))
      if (certificate) return certificate
      throw new RepriseError({ code: 'internal', message: 'The run has no certificate.' })
    } finally {
      process.off('SIGINT', cancel)
      stopListening()
    }
  })
}

const partWords = {
  straight: 'training straight through',
  paused: 'training, broken off twice',
  comparing: 'comparing',
} as const

function showPart(bar: ProgressBar, { part, done, total }: Pick<ProofState, 'part' | 'done' | 'total'>): void {
  if (part) bar.update(total > 0 ? done / total : null, partWords[part])
}

function certificateText(certificate: ResumeCertificate): string {
  const { subject, equal, epochs, steps, pausedAt, tensors, bytes, reports, environment, changes } = certificate
  const changed = Object.entries(changes).map(([key, value]) => `${key} ${value}`)
  return [
    equal
      ? `${subject}: equal, bit by bit.`
      : `${subject}: not equal. First: ${certificate.firstDifference}; largest difference ${certificate.maxDifference}.`,
    `Trained twice for ${epochs} epochs (${count(steps)} steps), the second time broken off after steps ${pausedAt.join(' and ')},`,
    'each time with the process ended and a new one begun.',
    `Compared: ${count(tensors)} tensors of the final states (${size(bytes)}) and ${count(reports)} losses and evaluations.`,
    ...(changed.length > 0 ? [`Settings for the proof: ${changed.join(', ')}.`] : []),
    `${environment.device}, ${environment.precision}, TensorFlow ${environment.tensorflow}, ${environment.cpu}; ${duration(certificate.seconds)}.`,
  ].join('\n')
}
