// What the desktop tells of runs outside its windows: progress on the taskbar, a notification at the end, a machine kept awake.
import type { RunSummary, Settings } from '../shared/api.ts'
import type { ShellWords } from './words.ts'

/** True while a worker is at the run, also one that waits with its device. */
const isLive = ({ status, keepsDevice }: RunSummary) =>
  status === 'running' || status === 'pausing' || status === 'stopping' || (status === 'paused' && keepsDevice)

const pausedByGuard = ({ status, interruption }: RunSummary) => status === 'paused' && interruption?.cause === 'guard'

/** Runs that have come to an end of their own between two states of the list: finished, failed, or paused by a guard. */
export function endedRuns(before: readonly RunSummary[], after: readonly RunSummary[]): RunSummary[] {
  const earlier = new Map(before.map((run) => [run.id, run]))
  return after.filter((run) => {
    const last = earlier.get(run.id)
    if (last === undefined || !isLive(last) || pausedByGuard(last)) return false
    return run.status === 'finished' || run.status === 'failed' || pausedByGuard(run)
  })
}

/** Share of all steps of the run that trains, 0..1; null where none does or its length is not known yet. */
export function taskbarProgress(runs: readonly RunSummary[]): number | null {
  const [run] = runs.filter(isLive).sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))
  const total = run?.seeds.find(({ totalSteps }) => totalSteps > 0)?.totalSteps
  if (run === undefined || total === undefined) return null
  const done = run.seeds.reduce((sum, seed) => sum + (seed.status === 'finished' ? total : seed.step), 0)
  return Math.min(1, done / (total * run.seeds.length))
}

/** Whether something works that sleep would hold up; a run that a guard holds goes on by itself. */
export function isAtWork(runs: readonly RunSummary[]): boolean {
  return runs.some((run) => isLive(run) && (run.status !== 'paused' || pausedByGuard(run)))
}

/** A sentence about the end of a run. */
export function endSentence({ status, verdict, error }: RunSummary, words: ShellWords): string {
  if (status === 'failed') return words.ended.failed(error?.message ?? '')
  if (status !== 'finished') return words.ended.guard
  if (verdict?.mean == null) return words.ended.finished
  return words.ended.verdict(words.outcomes[verdict.outcome], (verdict.mean * 100).toFixed(2))
}

export interface SignalOutlets {
  settings(): Promise<Pick<Settings, 'keepAwake' | 'notifyWhenDone'>>
  /** Whether the user looks at a window of the app, which tells the end by itself. */
  isLookedAt(): boolean
  setProgress(fraction: number | null): void
  keepAwake(on: boolean): void
  notify(run: RunSummary): void
}

/** Takes the runs after every change, null while there is no host. Settings are read anew each time that they matter. */
export function createRunSignals(outlets: SignalOutlets): (runs: readonly RunSummary[] | null) => Promise<void> {
  let before: readonly RunSummary[] = []
  let newest = 0
  return async (runs) => {
    const turn = ++newest
    outlets.setProgress(runs === null ? null : taskbarProgress(runs))
    // What ended while the host was away is told by its next start.
    const ended = runs === null ? [] : endedRuns(before, runs)
    const atWork = runs !== null && isAtWork(runs)
    before = runs ?? []
    const settings = atWork || ended.length > 0 ? await outlets.settings().catch(() => null) : null
    if (turn === newest) outlets.keepAwake(atWork && settings?.keepAwake === true)
    if (settings?.notifyWhenDone && !outlets.isLookedAt()) for (const run of ended) outlets.notify(run)
  }
}
