// The proof that a run which is broken off and goes on ends as one that was never broken off.
import type { RunConfig } from './run-config.ts'
import type { EnvironmentSummary } from './worker-protocol.ts'

export interface ResumeCertificate {
  /** Recipe, or run, that was proved. */
  subject: string
  equal: boolean
  at: number
  seconds: number
  epochs: number
  steps: number
  /** Steps after which the second training was broken off and began again in a new process. */
  pausedAt: number[]
  /** Tensors of the final state and their bytes, all of which were compared. */
  tensors: number
  bytes: number
  /** Losses and figures of every step and evaluation, counted. */
  reports: number
  /** Largest absolute difference over all values; 0 when equal. */
  maxDifference: number
  /** What differs first, by name, or null. */
  firstDifference: string | null
  /** Settings that differ from those of the subject, such as a shorter length: dotted key to value. */
  changes: Record<string, unknown>
  environment: EnvironmentSummary
}

/** What a proof is asked to do. */
export interface ProveResumeTask {
  type: 'prove-resume'
  subject: string
  config: RunConfig
  changes: Record<string, unknown>
  datasetsDir: string
  libtensorflowDir: string
  /** Folder for the trainings; emptied and removed by the proof. */
  workDir: string
}

export type ProveResumeAnswer =
  | { type: 'progress'; part: 'straight' | 'paused' | 'comparing'; done: number; total: number }
  | { type: 'certificate'; certificate: ResumeCertificate }
