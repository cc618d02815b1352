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

/** True while a worker is at the run. */
export function isLive(run: Pick<RunSummary, 'status'>): boolean {
  return run.status === 'running' || run.status === 'stopping'
}

/** The run that trains now. */
export function liveRun(runs: readonly RunSummary[] | null): RunSummary | null {
  return runs?.find(isLive) ?? null
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

/** Which seed is at work: its place, 1 first, and how many there are. */
export function seedPlace(run: RunSummary): { at: number; of: number } {
  const running = run.seeds.findIndex((seed) => seed.status === 'running')
  const finished = run.seeds.filter((seed) => seed.status === 'finished').length
  return { at: running >= 0 ? running + 1 : Math.min(finished + 1, run.seeds.length), of: run.seeds.length }
}

/** Moves a waiting run up or down by one place; the list shows it at once. */
export async function moveInQueue(runId: string, position: number): Promise<void> {
  const before = getState().runs
  const queue = queuedRuns(before).filter((run) => run.id !== runId)
  const moved = before?.find((run) => run.id === runId)
  if (!before || !moved) return
  const place = Math.max(1, Math.min(queue.length + 1, position))
  queue.splice(place - 1, 0, moved)
  const places = new Map(queue.map((run, index) => [run.id, index + 1]))
  setState({ runs: before.map((run) => ({ ...run, queuePosition: places.get(run.id) ?? run.queuePosition })) })
  try {
    await engineClient().runs.moveInQueue(runId, place)
  } catch (error) {
    setState({ runs: before })
    throw error
  }
}
