// Queue, supervisor and service of runs, put together.
import type { QueueState } from '../../shared/api.ts'
import type { RunService } from '../api/services.ts'
import type { StoredRun } from '../db/runs-table.ts'
import type { ActiveRun, RunParts } from './active-run.ts'
import type { DeviceLanes } from './device-lanes.ts'
import { repairAfterStart, settleQueue } from './orphans.ts'
import type { PreflightParts } from './preflight.ts'
import { createRunQueue } from './queue.ts'
import { createRunService } from './run-service.ts'
import { queuePlaces, runSummary, type ViewSources } from './run-views.ts'
import { createSupervisor } from './supervisor.ts'

export interface RunsParts extends Omit<RunParts, 'publishRun'> {
  lanes: DeviceLanes
  preflight: PreflightParts
  secondsPerSeed(run: StoredRun): number
  diskBytes(run: number): number | null
  resumesByItself(): boolean
  /** Called after a run has ended and is stored. */
  runEnded(run: number): void
  /** Called after an earlier host went away while these runs trained; the queue is held then, or is not. */
  uncleanEnd(runs: number[], queue: QueueState): void
}

export interface Runs {
  service: RunService
  publishRun(run: number): void
  active(run: number): ActiveRun | null
  /** Whether a worker computes now. */
  atWork(): boolean
  /** Whether something trains, or will without anybody's doing. */
  trains(): boolean
  /** Repairs what an earlier host left; to be called once, before `wake`. */
  repair(): Promise<QueueState>
  /** Starts what may start. */
  wake(): void
  /** Stops what trains (its state is saved) and starts nothing more. */
  close(): Promise<void>
}

export function assembleRuns(parts: RunsParts): Runs {
  const { context, lanes, preflight, secondsPerSeed, diskBytes } = parts
  const { history, events, notices } = context
  const views: ViewSources = { history, active: (run) => supervisor.active(run), secondsPerSeed, diskBytes }

  const publish = (run: number, places?: Map<number, number>) => {
    const stored = history.runs.get(run)
    if (stored && stored.removedAt === null) events.publish({ type: 'run', run: runSummary(stored, views, places) })
  }
  const publishRun = (run: number) => publish(run)

  let published = new Map<number, number>()
  const publishQueue = () => {
    const places = queuePlaces(history)
    for (const [run, place] of places) if (published.get(run) !== place) publish(run, places)
    published = places
  }

  const queue = createRunQueue(history)
  const supervisor = createSupervisor({ ...parts, queue, publishRun, publishQueue, onEnd: parts.runEnded })
  return {
    service: createRunService({ context, queue, supervisor, preflight, views, publishRun, publishQueue }),
    publishRun,
    active: supervisor.active,
    atWork: () => supervisor.actives().some((active) => !active.waits()),
    trains: supervisor.trains,
    repair: async () => {
      const left = await repairAfterStart(context)
      await lanes.refresh()
      if (left.unclean) notices.tell(left.unclean.cause, { runs: left.unclean.runs.length })
      const state = settleQueue(history, queue, left, parts.resumesByItself())
      if (left.unclean) parts.uncleanEnd(left.unclean.runs, state)
      return state
    },
    wake: supervisor.wake,
    close: supervisor.close,
  }
}
