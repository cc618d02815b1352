// Stored rows and live state as windows see them.
import type { RunDetail, RunSummary, SeedState } from '../../shared/api.ts'
import type { History } from '../db/history.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'
import type { StoredSeed } from '../db/seeds-table.ts'
import type { ActiveRun } from './active-run.ts'
import { waitsToGoOn } from './interruption.ts'

export interface ViewSources {
  history: History
  /** The run, where it trains or its worker waits with the device. */
  active(run: number): ActiveRun | null
  /** Seconds that a seed of the run is expected to take. */
  secondsPerSeed(run: StoredRun): number
  /** Bytes of its folder, as last measured. */
  diskBytes(run: number): number | null
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
  const active = sources.active(run.run)
  const waits = run.status === 'queued' || waitsToGoOn(run)
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
    secondsLeft: active ? active.live().allSecondsLeft : waits ? seedsLeft(seeds) * sources.secondsPerSeed(run) : null,
    error: run.error,
    priority: run.priority,
    sweep: run.sweep,
    interruption: run.interruption,
    keepsDevice: run.status === 'paused' && active !== null,
  }
}

/** Seeds that are still to be trained; parts of one count as such. */
function seedsLeft(seeds: StoredSeed[]): number {
  const left = ({ step, totalSteps }: StoredSeed) => (totalSteps > 0 ? Math.max(1 - step / totalSteps, 0) : 1)
  return seeds.reduce((sum, seed) => sum + (seed.status === 'finished' ? 0 : left(seed)), 0)
}

/** Places of the waiting runs, 1 first. */
export function queuePlaces(history: History): Map<number, number> {
  return new Map(history.runs.queue().map(({ run }, index) => [run, index + 1]))
}

/** @param places where many runs are viewed, those of the queue as it is now */
export function runSummary(run: StoredRun, sources: ViewSources, places?: Map<number, number>): RunSummary {
  const { history } = sources
  const place = run.status === 'queued' ? ((places ?? queuePlaces(history)).get(run.run) ?? null) : null
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
    live: sources.active(run.run)?.live() ?? null,
    epochs: sources.history.epochs.list(run.run),
    checkpoints: sources.history.checkpoints.list(run.run),
    alerts: sources.history.alerts.list(run.run),
    applied: run.applied ?? [],
    certificate: run.certificate,
    diskBytes: sources.diskBytes(run.run),
  }
}
