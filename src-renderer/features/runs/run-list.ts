// Which runs the table shows, how they are grouped, and the values by which columns sort. Pure.
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { isLive, waitsToGoOn } from '../../stores/runs-store.ts'

export const statusFilters = ['any', 'live', 'waiting', 'finished', 'failed'] as const
export type StatusFilter = (typeof statusFilters)[number]

const hasStatus: Record<StatusFilter, (run: RunSummary) => boolean> = {
  any: () => true,
  live: (run) => isLive(run) || run.status === 'queued',
  waiting: waitsToGoOn,
  finished: (run) => run.status === 'finished',
  failed: (run) => run.status === 'failed' || run.status === 'stopped',
}

/** Every word of the search has to occur in name, id, recipe, sweep, status or outcome. */
export function filterRuns(
  runs: readonly RunSummary[],
  search: string,
  status: StatusFilter,
  recipeTitle: (recipeId: string) => string,
): RunSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return runs.filter((run) => {
    if (!hasStatus[status](run)) return false
    const text = [
      run.name,
      run.id,
      run.recipeId,
      recipeTitle(run.recipeId),
      run.sweep ?? '',
      run.status,
      run.verdict?.outcome ?? '',
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The figure of a run: its verdict's mean, or the mean over the seeds that have one. */
export function runFigure(run: RunSummary): { mean: number | null; std: number | null } {
  if (run.verdict && run.verdict.mean !== null) return { mean: run.verdict.mean, std: run.verdict.std }
  const values = run.seeds.flatMap(({ top1 }) => (top1 === null ? [] : [top1]))
  if (values.length === 0) return { mean: null, std: null }
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, std: null }
}

/** How many seeds are over. */
export function finishedSeeds(run: RunSummary): number {
  return run.seeds.filter(({ status }) => status === 'finished').length
}

/** Order by end: what trains first, then what waits in order of the queue, then what was broken off, then the newest end. */
export function endOrder(run: RunSummary): number {
  if (isLive(run)) return Number.MAX_SAFE_INTEGER
  if (run.status === 'queued') return Number.MAX_SAFE_INTEGER - 1 - (run.queuePosition ?? 1e6)
  return run.finishedAt ?? run.interruption?.at ?? run.createdAt
}

export type RunGrouping = 'recipe' | 'sweep' | 'none'

export type RunTableItem =
  /** `id` is the recipe or the sweep; empty for runs of no sweep. */
  | { kind: 'group'; by: 'recipe' | 'sweep'; id: string; runs: RunSummary[]; folded: boolean }
  | { kind: 'run'; run: RunSummary }

/** What a run is grouped under. */
export function groupOf(run: RunSummary, by: 'recipe' | 'sweep'): string {
  return by === 'recipe' ? run.recipeId : (run.sweep ?? '')
}

/** Sorted runs as lines of the table: in groups, that of the first run first; those of folded groups left out. */
export function tableItems(
  sorted: readonly RunSummary[],
  by: RunGrouping,
  folded: ReadonlySet<string>,
): RunTableItem[] {
  if (by === 'none') return sorted.map((run) => ({ kind: 'run', run }))
  const groups = new Map<string, RunSummary[]>()
  for (const run of sorted) {
    const id = groupOf(run, by)
    const runs = groups.get(id)
    if (runs) runs.push(run)
    else groups.set(id, [run])
  }
  // What belongs to no sweep comes last.
  const ordered = [...groups].sort(([a], [b]) => Number(a === '') - Number(b === ''))
  return ordered.flatMap(([id, runs]): RunTableItem[] => {
    const isFolded = folded.has(id)
    const head: RunTableItem = { kind: 'group', by, id, runs, folded: isFolded }
    return isFolded ? [head] : [head, ...runs.map((run): RunTableItem => ({ kind: 'run', run }))]
  })
}
