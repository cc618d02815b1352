// Which runs the table shows, how they are grouped, and the values by which columns sort. Pure.
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { isLive } from '../../stores/runs-store.ts'

export const statusFilters = ['any', 'live', 'finished', 'failed'] as const
export type StatusFilter = (typeof statusFilters)[number]

const hasStatus: Record<StatusFilter, (run: RunSummary) => boolean> = {
  any: () => true,
  live: (run) => isLive(run) || run.status === 'queued',
  finished: (run) => run.status === 'finished',
  failed: (run) => run.status === 'failed' || run.status === 'stopped',
}

/** Every word of the search has to occur in name, id, recipe, status or outcome. */
export function filterRuns(
  runs: readonly RunSummary[],
  search: string,
  status: StatusFilter,
  recipeTitle: (recipeId: string) => string,
): RunSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return runs.filter((run) => {
    if (!hasStatus[status](run)) return false
    const text = [run.name, run.id, run.recipeId, recipeTitle(run.recipeId), run.status, run.verdict?.outcome ?? '']
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

/** Order by end: what trains first, then what waits in order of the queue, then the newest end. */
export function endOrder(run: RunSummary): number {
  if (isLive(run)) return Number.MAX_SAFE_INTEGER
  if (run.status === 'queued') return Number.MAX_SAFE_INTEGER - 1 - (run.queuePosition ?? 1e6)
  return run.finishedAt ?? run.createdAt
}

export type RunTableItem =
  | { kind: 'group'; recipeId: string; runs: RunSummary[]; folded: boolean }
  | { kind: 'run'; run: RunSummary }

/** Sorted runs as lines of the table: under their recipe, the recipe of the first run first; folded ones left out. */
export function tableItems(
  sorted: readonly RunSummary[],
  grouped: boolean,
  folded: ReadonlySet<string>,
): RunTableItem[] {
  if (!grouped) return sorted.map((run) => ({ kind: 'run', run }))
  const groups = new Map<string, RunSummary[]>()
  for (const run of sorted) groups.set(run.recipeId, [...(groups.get(run.recipeId) ?? []), run])
  return [...groups].flatMap(([recipeId, runs]): RunTableItem[] => {
    const isFolded = folded.has(recipeId)
    const head: RunTableItem = { kind: 'group', recipeId, runs, folded: isFolded }
    return isFolded ? [head] : [head, ...runs.map((run): RunTableItem => ({ kind: 'run', run }))]
  })
}
