// A row of the runs table, and the run that it stands for.
import type { QueuePriority, RunStatus } from '../../shared/api.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import type { Recipe } from '../../shared/recipe.ts'
import type { ResumeCertificate } from '../../shared/resume-certificate.ts'
import { type RunConfig, runConfigSchema } from '../../shared/run-config.ts'
import type { AppliedChange, Interruption, ResumeChange } from '../../shared/saved-state.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { DataSummary, EnvironmentSummary } from '../../shared/worker-protocol.ts'
import { fromColumn } from './json-column.ts'

/** One row with its JSON read. `run` is the number of the id. */
export interface StoredRun {
  run: number
  name: string
  recipeId: string
  recipe: Recipe
  config: RunConfig
  status: RunStatus
  createdAt: number
  /** Of its first start. */
  startedAt: number | null
  finishedAt: number | null
  /** Orders the runs that wait, within their priority; kept by a run in the bin. */
  queuePosition: number | null
  changes: number
  environment: EnvironmentSummary | null
  data: DataSummary | null
  verdict: Verdict | null
  error: ErrorReport | null
  removedAt: number | null
  priority: QueuePriority
  sweep: string | null
  interruption: Interruption | null
  applied: AppliedChange[] | null
  certificate: ResumeCertificate | null
  /** A change that the user asked for and no worker has made yet. */
  pendingChange: ResumeChange | null
  /** The process that trains. */
  workerPid: number | null
  /** When a worker last reported. */
  reportedAt: number | null
}

export interface RunRow {
  run: number
  name: string
  recipe_id: string
  recipe: string
  config: string
  status: RunStatus
  created_at: number
  started_at: number | null
  finished_at: number | null
  queue_position: number | null
  changes: number
  environment: string | null
  data: string | null
  verdict: string | null
  error: string | null
  removed_at: number | null
  priority: QueuePriority
  sweep: string | null
  interruption: string | null
  applied: string | null
  certificate: string | null
  pending_change: string | null
  worker_pid: number | null
  reported_at: number | null
}

export function readRunRow(row: RunRow): StoredRun {
  const recipe = JSON.parse(row.recipe) as Recipe
  return {
    run: row.run,
    name: row.name,
    recipeId: row.recipe_id,
    recipe: { ...recipe, config: readConfig(recipe.config) },
    config: readConfig(JSON.parse(row.config)),
    status: row.status,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    queuePosition: row.queue_position,
    changes: row.changes,
    environment: fromColumn(row.environment),
    data: fromColumn(row.data),
    verdict: fromColumn(row.verdict),
    error: fromColumn(row.error),
    removedAt: row.removed_at,
    priority: row.priority,
    sweep: row.sweep,
    interruption: fromColumn(row.interruption),
    applied: fromColumn(row.applied),
    certificate: fromColumn(row.certificate),
    pendingChange: fromColumn(row.pending_change),
    workerPid: row.worker_pid,
    reportedAt: row.reported_at,
  }
}

/** Settings that did not exist when the run was stored get their default. A config that no longer fits stays readable as it is. */
function readConfig(stored: unknown): RunConfig {
  const read = runConfigSchema.safeParse(stored)
  return read.success ? read.data : (stored as RunConfig)
}
