// Proofs that runs can be broken off, one at a time, each in a process of its own; the certificate is kept with the run.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { forkWorker } from '../../launch/worker-process.ts'
import type { DatasetSummary, ProofState, RunDetail } from '../../shared/api.ts'
import { withConfigValue } from '../../shared/config-fields.ts'
import { type ErrorReport, fromErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { ProveResumeAnswer, ProveResumeTask, ResumeCertificate } from '../../shared/resume-certificate.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { ProofService } from '../api/services.ts'
import { runNumber } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import type { TensorflowLibrary } from '../machine/tensorflow-library.ts'
import { runFolder, writeWhole } from '../runs/run-folder.ts'
import type { WorkerParts } from '../runs/run-worker.ts'

export interface ProofParts {
  context: HostContext
  library: Pick<TensorflowLibrary, 'ready'>
  /** Throws `unknown-run`. */
  run(id: string): RunDetail
  dataset(id: string): DatasetSummary
  readyDataset: WorkerParts['readyDataset']
  /** Tells windows of the run's new state. */
  publishRun(run: number): void
}

/** Steps of an epoch at most: a proof takes four epochs, and shows as much in short ones. */
const mostSteps = 100

type FromProver = ProveResumeAnswer | { type: 'failed'; error: ErrorReport }

interface Proof {
  runId: string
  state: ProofState
  cancel: AbortController
  ended: Promise<void>
}

export function createProofService(parts: ProofParts): ProofService & { close(): Promise<void> } {
  const { context } = parts
  const workDir = join(context.folders.data, 'proofs')
  // Of a host that was killed while it proved.
  rmSync(workDir, { recursive: true, force: true })
  const proofs = new Map<string, Proof>()
  let running: Proof | null = null

  const change = (proof: Proof, next: Partial<ProofState>) => {
    proof.state = { ...proof.state, ...next }
    context.events.publish({ type: 'proof', runId: proof.runId, proof: proof.state })
  }

  async function prove(proof: Proof, run: RunDetail): Promise<ResumeCertificate> {
    const { signal } = proof.cancel
    const waiting = { signal, onProgress: () => {} }
    const library = await parts.library.ready(waiting)
    await parts.readyDataset(run.config.data.dataset, waiting)
    signal.throwIfAborted()
    let answer: ResumeCertificate | null = null
    let error: ErrorReport | null = null
    let lastLine = ''
    const prover = forkWorker<ProveResumeTask | { type: 'cancel' }, FromProver>({
      entry: context.entries.proveResume,
      env: library.environment,
      onLine: (line) => {
        lastLine = line
      },
      onMessage: (message) => {
        if (message.type === 'certificate') answer = message.certificate
        else if (message.type === 'failed') error = message.error
        else change(proof, { part: message.part, done: message.done, total: message.total })
      },
    })
    signal.addEventListener('abort', () => prover.send({ type: 'cancel' }), { once: true })
    prover.send({
      type: 'prove-resume',
      subject: run.id,
      ...shortened(run.config, parts.dataset(run.config.data.dataset)),
      datasetsDir: context.folders.datasets,
      libtensorflowDir: library.folder,
      workDir,
    })
    const { code, signal: killedBy } = await prover.ended
    signal.throwIfAborted()
    if (answer) return answer
    if (error) throw fromErrorReport(error)
    throw new RepriseError({
      code: 'worker-died',
      message: 'The process of the proof ended without a word.',
      found: lastLine || (killedBy ?? `exit code ${code}`),
      fix: 'If memory ran out, close other programs; then try again.',
    })
  }

  const keep = (run: RunDetail, certificate: ResumeCertificate) => {
    const number = runNumber(run.id) ?? 0
    const { history, writer } = context
    const file = join(runFolder(context.folders.runs, number), 'resume-certificate.json')
    writeWhole(file, `${JSON.stringify(certificate, null, 2)}\n`)
    writer.write(
      () => history.runs.update(number, { certificate }),
      () => parts.publishRun(number),
    )
  }

  async function life(proof: Proof, run: RunDetail): Promise<void> {
    try {
      keep(run, await prove(proof, run))
      change(proof, { status: 'done' })
    } catch (error) {
      if (proof.cancel.signal.aborted) change(proof, { status: 'cancelled' })
      else change(proof, { status: 'failed', error: toErrorReport(error) })
    } finally {
      running = null
    }
  }

  return {
    start: (id) => {
      const run = parts.run(id)
      if (running) {
        throw new RepriseError({
          code: 'not-allowed',
          message: 'Only one proof runs at a time.',
          found: `one of ${running.runId}`,
          fix: 'Wait for its end, or cancel it.',
        })
      }
      const proof: Proof = {
        runId: run.id,
        state: { status: 'running', part: null, done: 0, total: 0, error: null },
        cancel: new AbortController(),
        ended: Promise.resolve(),
      }
      running = proof
      proofs.set(run.id, proof)
      change(proof, {})
      proof.ended = life(proof, run)
      return proof.state
    },
    state: (id) => proofs.get(parts.run(id).id)?.state ?? null,
    cancel: (id) => {
      const proof = proofs.get(parts.run(id).id)
      proof?.cancel.abort()
      return proof?.state ?? null
    },
    close: async () => {
      const proof = running
      proof?.cancel.abort()
      await proof?.ended
    },
  }
}

/** The first pictures alone, of training and of test, where an epoch would be long. */
function shortened(config: RunConfig, data: DatasetSummary): Pick<ProveResumeTask, 'config' | 'changes'> {
  const most = mostSteps * config.train.batchSize * config.train.accumulate
  const limits = [
    { key: 'data.limitTrain', used: config.data.limitTrain || data.train },
    { key: 'data.limitTest', used: config.data.limitTest || data.test },
  ].filter(({ used }) => used > most)
  return {
    config: limits.reduce((before, { key }) => withConfigValue(before, key, most), config),
    changes: Object.fromEntries(limits.map(({ key }) => [key, most])),
  }
}
