// All runs of the history, as lines. What only an open run shows is in run-details-store.ts.
import { create } from 'zustand'
import type { HostEvent, LiveState, RunSummary } from '../../src-main/shared/api.ts'
import { type ErrorReport, toErrorReport } from '../../src-main/shared/errors.ts'
import { engineClient } from '../client/current-client.ts'

export interface RunsState {
  /** Newest first; null until read. */
  runs: RunSummary[] | null
  /** Live state of the run that trains, by run id. */
  live: Record<string, LiveState>
  error: ErrorReport | null
}

export const useRunsStore = create<RunsState>()(() => ({ runs: null, live: {}, error: null }))

const { setState, getState } = useRunsStore

const newestFirst = (a: RunSummary, b: RunSummary) => b.createdAt - a.createdAt

/** Reads the list of runs. */
export async function refreshRuns(): Promise<void> {
  try {
    const runs = await engineClient().runs.list()
    setState({ runs: [...runs].sort(newestFirst), error: null })
  } catch (error) {
    setState({ error: toErrorReport(error) })
  }
}

/** Puts a run in the list: replaced in its place, or added where its time belongs. */
export function putRun(run: RunSummary): void {
  const runs = getState().runs ?? []
  const known = runs.some((one) => one.id === run.id)
  setState({ runs: known ? runs.map((one) => (one.id === run.id ? run : one)) : [...runs, run].sort(newestFirst) })
}

/** Takes a run out of the list. */
export function dropRun(runId: string): void {
  setState({ runs: (getState().runs ?? []).filter((run) => run.id !== runId) })
}

/** Takes over what an event says about the list. */
export function applyRunsEvent(event: HostEvent): void {
  if (event.type === 'run') {
    putRun(event.run)
    if (!isLive(event.run)) forgetLive(event.run.id)
  } else if (event.type === 'run-removed') {
    dropRun(event.runId)
    forgetLive(event.runId)
  } else if (event.type === 'live') {
    setState({ live: { ...getState().live, [event.runId]: event.live } })
  }
}

function forgetLive(runId: string) {
  const { [runId]: gone, ...live } = getState().live
  if (gone) setState({ live })
}

/** True while a worker is at the run, also one that waits with its device. */
export function isLive({ status, keepsDevice }: Pick<RunSummary, 'status' | 'keepsDevice'>): boolean {
  return status === 'running' || status === 'pausing' || status === 'stopping' || (status === 'paused' && keepsDevice)
}

/** Runs with a worker, the one that began first on top. */
export function liveRuns(runs: readonly RunSummary[] | null): RunSummary[] {
  return (runs ?? []).filter(isLive).sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))
}

/** The run that trains now; the first one where several do. */
export function liveRun(runs: readonly RunSummary[] | null): RunSummary | null {
  return liveRuns(runs)[0] ?? null
}

/** True where a run waits to be resumed: paused, or broken off by anything but the wish to keep what it has. */
export function waitsToGoOn(run: Pick<RunSummary, 'status' | 'interruption' | 'keepsDevice'>): boolean {
  if (run.interruption === null || isLive(run) || run.status === 'queued') return false
  return run.status === 'paused' || run.interruption.cause !== 'stopped'
}

/** Runs that wait to be resumed, the one that was broken off last on top. */
export function brokenOffRuns(runs: readonly RunSummary[] | null): RunSummary[] {
  return (runs ?? []).filter(waitsToGoOn).sort((a, b) => (b.interruption?.at ?? 0) - (a.interruption?.at ?? 0))
}

/** Waiting runs, the next one first. */
export function queuedRuns(runs: readonly RunSummary[] | null): RunSummary[] {
  return (runs ?? [])
    .filter((run) => run.status === 'queued')
    .sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0))
}

/** Share of all steps of all seeds that are done, 0..1; null while the number of steps is not known. */
export function runProgress(run: RunSummary): number | null {
  const known = run.seeds.find((seed) => seed.totalSteps > 0)
  if (!known) return null
  const all = known.totalSteps * run.seeds.length
  const done = run.seeds.reduce((sum, seed) => sum + (seed.status === 'finished' ? known.totalSteps : seed.step), 0)
  return Math.min(1, done / all)
}

/** What tells a run of a sweep from its like: its name without the title that they share. */
export function shortName({ name, sweep }: Pick<RunSummary, 'name' | 'sweep'>): string {
  const [title] = sweep?.split(' · ') ?? []
  return title && name.startsWith(`${title} · `) ? name.slice(title.length + 3) : name
}

/** Which seed is at work or was: its place, 1 first, and how many there are. */
export function seedPlace(run: RunSummary): { at: number; of: number } {
  const running = run.seeds.findIndex((seed) => seed.status === 'running' || seed.status === 'paused')
  const finished = run.seeds.filter((seed) => seed.status === 'finished').length
  return { at: running >= 0 ? running + 1 : Math.min(finished + 1, run.seeds.length), of: run.seeds.length }
}
