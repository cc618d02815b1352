// What happened to the runs and to the engine, newest first, for "since you left". Pure.
import type { HostNotice, RunSummary } from '../../../src-main/shared/api.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'
import { isFromOutside, isRest } from '../run/interruption-causes.ts'

export interface RunEvent {
  id: string
  run: RunSummary
  kind: 'finished' | 'failed' | 'stopped' | 'interrupted' | 'paused'
  at: number
}

export interface NoticeEvent {
  id: string
  notice: HostNotice
  kind: 'notice'
  at: number
}

const kinds = { finished: 'finished', failed: 'failed', stopped: 'stopped' } as const

/** Ends of runs, and where runs were broken off that wait to go on; the newest first. */
export function runEvents(runs: readonly RunSummary[]): RunEvent[] {
  return runs
    .flatMap((run): RunEvent[] => {
      if (run.interruption && waitsToGoOn(run)) {
        const { cause } = run.interruption
        const interrupted = isFromOutside(cause) || cause === 'worker-died'
        const kind = isRest(cause) ? 'paused' : interrupted ? 'interrupted' : 'failed'
        return [{ id: run.id, run, kind, at: run.interruption.at }]
      }
      const kind = run.status in kinds ? kinds[run.status as keyof typeof kinds] : null
      return kind === null ? [] : [{ id: run.id, run, kind, at: run.finishedAt ?? run.createdAt }]
    })
    .sort((a, b) => b.at - a.at)
}

/** What happened to the engine, as events beside those of the runs. */
export function noticeEvents(notices: readonly HostNotice[]): NoticeEvent[] {
  return notices.map((notice, index) => ({ id: `notice ${index}`, notice, kind: 'notice', at: notice.at }))
}

/** Events after the last visit; when there are none, the last few of all. The newest first. */
export function recentEvents<T extends { at: number }>(
  events: readonly T[],
  lastVisit: number | null,
  limit: number,
): { events: T[]; sinceVisit: boolean } {
  const newestFirst = [...events].sort((a, b) => b.at - a.at)
  const fresh = lastVisit === null ? [] : newestFirst.filter(({ at }) => at > lastVisit)
  if (fresh.length > 0) return { events: fresh.slice(0, limit), sinceVisit: true }
  return { events: newestFirst.slice(0, limit), sinceVisit: false }
}
