// What windows ask of runs: start, read, order, name, bin.
import type { RunSummary, StartRunInput } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'
import type { RunService } from '../api/services.ts'
import { runId, runNumber, type StoredRun, unknownRun } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { expandSweep, sweepRunName } from './expand-sweep.ts'
import { type PlannedRun, type PreflightParts, planRun } from './preflight.ts'
import type { RunQueue } from './queue.ts'
import { usedPictures } from './resource-checks.ts'
import { makeRunFolder, numberWithoutFolder } from './run-folder.ts'
import { runTransitions } from './run-transitions.ts'
import { queuePlaces, runDetail, runSummaries, runSummary, type ViewSources } from './run-views.ts'
import { schedulePoints } from './schedule-points.ts'
import type { Supervisor } from './supervisor.ts'

export interface RunServiceParts {
  context: HostContext
  queue: RunQueue
  supervisor: Supervisor
  preflight: PreflightParts
  views: ViewSources
  publishRun(run: number): void
  /** Tells windows of every waiting run, whose place may have changed. */
  publishQueue(): void
}

interface QueuedName {
  name: string
  sweep: string | null
}

export function createRunService(parts: RunServiceParts): RunService {
  const { context, queue, supervisor, preflight, views, publishRun, publishQueue } = parts
  const { history, events } = context

  const stored = (id: string): StoredRun => {
    const number = runNumber(id)
    if (number !== null) supervisor.active(number)?.flush()
    const run = number === null ? null : history.runs.get(number)
    if (run) return run
    throw unknownRun(id)
  }
  const summaryNow = (run: StoredRun): RunSummary => runSummary(history.runs.get(run.run) ?? run, views)
  const notAllowed = (run: StoredRun, message: string, fix: string) =>
    new RepriseError({ code: 'not-allowed', message, found: `${runId(run.run)} is ${run.status}`, fix })

  const toBin = (run: StoredRun) => {
    history.durably(() => history.runs.update(run.run, { removedAt: Date.now() }))
    events.publish({ type: 'run-removed', runId: runId(run.run) })
    publishQueue()
  }

  const publishHold = () => events.publish({ type: 'queue', queue: queue.state() })
  /** The user sets something to work: a queue that waits since an unclean end has been seen. */
  const goOn = () => {
    if (queue.state().reason === 'unclean-end') {
      queue.hold(null)
      publishHold()
    }
    supervisor.wake()
  }

  const plan = async (input: StartRunInput): Promise<PlannedRun> => {
    const planned = await planRun(input, preflight)
    if (planned.refusal) throw planned.refusal
    const { config } = planned
    schedulePoints(config, usedPictures(config, preflight.dataset(config.data.dataset)))
    return planned
  }

  /** Stores a run at its place in the queue; to be called within a transaction. */
  const enqueue = (planned: PlannedRun, input: StartRunInput, { name, sweep }: QueuedName): number => {
    const { recipe, config, preflight: before } = planned
    // A folder may have outlived its run, where the history was lost or put back: nothing may go on from its saved states.
    const run = numberWithoutFolder(context.folders.runs, history.runs.highest() + 1)
    const place = queue.placeFor(input.priority ?? 'normal', input.first ?? false)
    const changes = before.changes.length
    history.runs.insert({ run, name, recipe, config, changes, createdAt: Date.now(), sweep, ...place })
    const seeds = Array.from({ length: config.seeds.count }, (_, index) => config.seeds.first + index)
    history.seeds.insert(run, seeds)
    makeRunFolder(context.folders.runs, { run, name, recipe, config })
    return run
  }

  const sweepName = (wanted: string): string => {
    const taken = new Set(history.runs.sweeps())
    let name = wanted
    for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`
    return name
  }

  return {
    ...runTransitions({ ...parts, stored, summaryNow, notAllowed, toBin, goOn }),
    list: (which) => {
      for (const active of supervisor.actives()) active.flush()
      return runSummaries(which, views)
    },
    get: (id) => runDetail(stored(id), views),
    curves: (id, maxPoints) => history.steps.curves(stored(id).run, maxPoints),
    log: (id) => history.logs.list(stored(id).run),
    preflight: async (input) => (await planRun(input, preflight)).preflight,

    start: async (input) => {
      const planned = await plan(input)
      const name = input.name?.trim() || planned.recipe.title
      const run = history.durably(() => enqueue(planned, input, { name, sweep: null }))
      publishQueue()
      goOn()
      return summaryNow(stored(runId(run)))
    },

    expandSweep: ({ sweep }) => expandSweep(sweep),

    startSweep: async ({ sweep, ...input }) => {
      const runs: { planned: PlannedRun; name: string }[] = []
      for (const changes of expandSweep(sweep)) {
        const planned = await plan({ ...input, changes: { ...input.changes, ...changes } })
        runs.push({ planned, name: sweepRunName(planned.recipe.title, changes) })
      }
      const keys = sweep.axes.map(({ key }) => key).join(', ')
      const name = sweepName(input.name?.trim() || `${runs[0]?.planned.recipe.title ?? ''} · ${keys}`)
      // Of runs that go first, the last one put there is the first of all.
      const ordered = input.first ? runs.toReversed() : runs
      const numbers = history.durably(() =>
        ordered.map((run) => enqueue(run.planned, input, { name: run.name, sweep: name })),
      )
      publishQueue()
      goOn()
      const places = queuePlaces(history)
      return (input.first ? numbers.toReversed() : numbers).flatMap((run) => {
        const queued = history.runs.get(run)
        return queued ? [runSummary(queued, views, places)] : []
      })
    },

    rename: (id, name) => {
      const run = stored(id)
      history.durably(() => history.runs.update(run.run, { name }))
      publishRun(run.run)
      return summaryNow(run)
    },

    remove: (id) => {
      const run = stored(id)
      if (supervisor.active(run.run)) {
        throw notAllowed(run, 'A run that trains, or keeps its device, cannot be moved to the bin.', 'Stop it first.')
      }
      toBin(run)
    },

    restore: (id) => {
      const run = stored(id)
      supervisor.keepFromBin(run.run)
      history.durably(() => history.runs.update(run.run, { removedAt: null }))
      publishRun(run.run)
      publishQueue()
      supervisor.wake()
      return summaryNow(run)
    },

    moveInQueue: (id, position) => {
      const run = stored(id)
      requireQueued(run)
      queue.move(run.run, position)
      publishQueue()
      return summaryNow(run)
    },

    setPriority: (id, priority) => {
      const run = stored(id)
      requireQueued(run)
      history.durably(() => history.runs.update(run.run, { priority }))
      publishRun(run.run)
      publishQueue()
      return summaryNow(run)
    },

    queue: queue.state,

    holdQueue: (held) => {
      const state = queue.hold(held ? 'user' : null)
      publishHold()
      supervisor.wake()
      return state
    },
  }

  function requireQueued(run: StoredRun): void {
    if (run.status === 'queued') return
    throw notAllowed(run, 'Only a run that waits can be moved in the queue.', 'Start it again to queue it.')
  }
}
