// What happened to the runs, newest first, for "since you left". Pure.
import type { RunSummary } from '../../../src-main/shared/api.ts'

export interface RunEvent {
  id: string
  run: RunSummary
  kind: 'finished' | 'failed' | 'stopped'
  at: number
}

const kinds = { finished: 'finished', failed: 'failed', stopped: 'stopped' } as const

/** Ends of runs, the newest first. */
export function runEvents(runs: readonly RunSummary[]): RunEvent[] {
  return runs
    .flatMap((run): RunEvent[] => {
      const kind = run.status in kinds ? kinds[run.status as keyof typeof kinds] : null
      return kind === null ? [] : [{ id: run.id, run, kind, at: run.finishedAt ?? run.createdAt }]
    })
    .sort((a, b) => b.at - a.at)
}

/** Events after the last visit; when there are none, the last few of all. */
export function recentEvents(
  events: readonly RunEvent[],
  lastVisit: number | null,
  limit: number,
): { events: RunEvent[]; sinceVisit: boolean } {
  const fresh = lastVisit === null ? [] : events.filter(({ at }) => at > lastVisit)
  if (fresh.length > 0) return { events: fresh.slice(0, limit), sinceVisit: true }
  return { events: events.slice(0, limit), sinceVisit: false }
}
