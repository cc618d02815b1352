// Stored rows and live state as windows see them.
import type { LiveState, RunDetail, RunSummary, SeedState } from '../../shared/api.ts'
import type { History } from '../db/history.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'
import type { StoredSeed } from '../db/seeds-table.ts'

export interface ViewSources {
  history: History
  /** Live state of a run that trains now. */
  live(run: number): LiveState | null
  /** Seconds that a run which has not started is expected to take. */
  expectedSeconds(run: StoredRun): number
}

interface Parts {
  seeds: StoredSeed[]
  curve: number[]
  place: number | null
}

function seedState({ seed, status, step, totalSteps, top1, result }: StoredSeed): SeedState {
  return { seed, status, step, totalSteps, top1, result }
}

function summary(run: StoredRun, { seeds, curve, place }: Parts, sources: ViewSources): RunSummary {
  const live = sources.live(run.run)
  return {
    id: runId(run.run),
    name: run.name,
    recipeId: run.recipeId,
    status: run.status,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    queuePosition: place,
    seeds: seeds.map(seedState),
    changes: run.changes,
    device: run.environment?.device ?? null,
    verdict: run.verdict,
    curve,
    seconds: seeds.reduce((sum, seed) => sum + seed.trainSeconds, 0),
    secondsLeft: run.status === 'queued' ? sources.expectedSeconds(run) : (live?.allSecondsLeft ?? null),
    error: run.error,
  }
}

function queuePlaces(history: History): Map<number, number> {
  return new Map(history.runs.queue().map((run, index) => [run, index + 1]))
}

export function runSummary(run: StoredRun, sources: ViewSources): RunSummary {
  const { history } = sources
  const place = run.status === 'queued' ? (queuePlaces(history).get(run.run) ?? null) : null
  return summary(
    run,
    { seeds: history.seeds.list(run.run), curve: history.epochs.newestCurve(run.run), place },
    sources,
  )
}

/** All runs outside the bin, or those in it, in a fixed number of queries. */
export function runSummaries(which: { bin: boolean }, sources: ViewSources): RunSummary[] {
  const { history } = sources
  const seeds = history.seeds.all()
  const curves = history.epochs.newestCurves()
  const places = queuePlaces(history)
  return history.runs.list(which).map((run) =>
    summary(
      run,
      {
        seeds: seeds.get(run.run) ?? [],
        curve: curves.get(run.run) ?? [],
        place: places.get(run.run) ?? null,
      },
      sources,
    ),
  )
}

export function runDetail(run: StoredRun, sources: ViewSources): RunDetail {
  return {
    ...runSummary(run, sources),
    config: run.config,
    recipe: run.recipe,
    data: run.data,
    environment: run.environment,
    live: sources.live(run.run),
    epochs: sources.history.epochs.list(run.run),
    checkpoints: sources.history.checkpoints.list(run.run),
  }
}
