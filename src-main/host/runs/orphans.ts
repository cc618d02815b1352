// Runs that were at work when an earlier host went away: found at the next start, before anything trains.
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { QueueState } from '../../shared/api.ts'
import type { History } from '../db/history.ts'
import { runId, type StoredRun } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { readBootId, sameBoot } from './boot-id.ts'
import type { RunQueue } from './queue.ts'
import { requeueFirst } from './requeue.ts'
import { runFolder } from './run-folder.ts'
import { type Outcome, storeEnd } from './run-status.ts'
import { hostWasGone } from './worker-death.ts'

/** What the host remembers of itself. */
interface Session {
  bootId: string
  startedAt: number
}

export interface LeftBehind {
  /** How the earlier host ended, and which runs trained then; null where nothing did. */
  unclean: { cause: HostEnd; runs: number[] } | null
  /** Runs that the earlier host broke off because it was closed, and those that wait because of a guard of its. */
  closed: number[]
}

type HostEnd = 'host-died' | 'power-loss'

const key = 'host.session'

/**
 * Brings runs that count as being at work to where they really are, takes in what their workers saved, and notes this start. A
 * worker that is still saving is waited for, so that no other writes beside it.
 */
export async function repairAfterStart(
  context: Pick<HostContext, 'history' | 'folders' | 'log' | 'timing' | 'entries'>,
  { bootId = readBootId() }: { bootId?: string } = {},
): Promise<LeftBehind> {
  const { history, folders, log } = context
  const before = history.settings.get(key) as Session | undefined
  const cause = before && !sameBoot(before.bootId, bootId) ? 'power-loss' : 'host-died'
  const orphans = history.runs.withStatus('running', 'pausing', 'stopping')
  const waiting = history.runs.withStatus('paused').filter(({ workerPid }) => workerPid !== null)
  if (cause === 'host-died') await Promise.all([...orphans, ...waiting].map((run) => endWorker(run, context)))
  history.durably(() => {
    for (const orphan of orphans) {
      storeEnd(context, orphan.run, outcomeOf(orphan, cause, placeOf(context, orphan.run)), {
        at: lastSign(orphan, folders.runs, context),
        toBin: false,
      })
      log.warn({ run: runId(orphan.run), cause }, 'run was at work when the app went away')
    }
    for (const { run } of waiting) history.runs.update(run, { workerPid: null })
    history.settings.set(key, { bootId, startedAt: Date.now() } satisfies Session)
  })
  const trained = orphans.filter(
    ({ run, removedAt }) => removedAt === null && history.runs.get(run)?.status === 'failed',
  )
  return {
    unclean: trained.length > 0 ? { cause, runs: trained.map(({ run }) => run) } : null,
    closed: before ? brokenOff(before.startedAt, context) : [],
  }
}

function brokenOff(startedAt: number, { history }: Pick<HostContext, 'history'>): number[] {
  const closed = ({ interruption, finishedAt }: StoredRun) =>
    interruption?.cause === 'closed' && (finishedAt ?? 0) >= startedAt
  return history.runs
    .withStatus('stopped', 'paused')
    .filter((run) => run.removedAt === null && (closed(run) || run.interruption?.cause === 'guard'))
    .map(({ run }) => run)
}

function placeOf({ history }: Pick<HostContext, 'history'>, run: number): { seed: number; step: number } | null {
  const seed = history.seeds.list(run).find((state) => state.status === 'running')
  return seed && seed.step > 0 ? { seed: seed.seed, step: seed.step } : null
}

function outcomeOf({ status }: StoredRun, cause: HostEnd, at: ReturnType<typeof placeOf>): Outcome {
  if (status === 'stopping') return { status: 'stopped', error: null, cause: 'stopped' }
  if (status === 'pausing') return { status: 'paused', error: null, cause: 'paused' }
  return { status: 'failed', error: hostWasGone(at, cause), cause }
}

/** The newest trace that a run left: in the history or in its log. Saved states are looked at with the interruption. */
function lastSign(run: StoredRun, runsDir: string, { history }: Pick<HostContext, 'history'>): number {
  const lines = history.logs.list(run.run)
  const log = statSync(join(runFolder(runsDir, run.run), 'log.ndjson'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Math.max(run.reportedAt ?? 0, lines.at(-1)?.at ?? 0, Math.round(log), run.startedAt ?? run.createdAt)
}

/** Waits for the end of a worker that outlives its host to save its state, and ends it where it takes too long. */
async function endWorker(
  { run, workerPid }: StoredRun,
  { entries, timing, log }: Pick<HostContext, 'entries' | 'timing' | 'log'>,
): Promise<void> {
  if (workerPid === null) return
  const until = performance.now() + timing.orphanMs
  while (isWorker(workerPid, entries.train) && performance.now() < until) await delay(20)
  if (!isWorker(workerPid, entries.train)) return
  log.warn({ run: runId(run), pid: workerPid }, 'a worker of an earlier host did not end')
  try {
    process.kill(workerPid, 'SIGKILL')
  } catch {
    // It has ended just now.
  }
}

/** Whether a process is a training worker: numbers are used again, so its command line must say so. Known on Linux only. */
function isWorker(pid: number, entry: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .some((part) => basename(part) === basename(entry))
  } catch {
    return false
  }
}

/**
 * After an unclean end the queue waits for the user, unless settings let runs resume by themselves: then what trained goes first,
 * and so does what the last host broke off when it was closed.
 */
export function settleQueue(
  history: History,
  queue: RunQueue,
  { unclean, closed }: LeftBehind,
  resumesByItself: boolean,
): QueueState {
  if (!resumesByItself) return unclean && !queue.state().held ? queue.hold('unclean-end') : queue.state()
  history.durably(() => {
    for (const run of [...closed, ...(unclean?.runs ?? [])].toReversed()) requeueFirst(history, queue, run)
  })
  return queue.state().reason === 'unclean-end' ? queue.hold(null) : queue.state()
}
