// What windows ask of runs: start, stop, read, order, name, bin.
import type { RunSummary } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'
import type { RunService } from '../api/services.ts'
import { runId, runNumber, type StoredRun } from '../db/runs-table.ts'
import type { HostContext } from '../host-context.ts'
import { type PreflightParts, planRun, usedPictures } from './preflight.ts'
import type { RunQueue } from './queue.ts'
import { makeRunFolder } from './run-folder.ts'
import { runDetail, runSummaries, runSummary, type ViewSources } from './run-views.ts'
import { schedulePoints } from './schedule-points.ts'
import type { Supervisor } from './supervisor.ts'

export interface RunServiceParts {
  context: HostContext
  queue: RunQueue
  supervisor: Supervisor
  preflight: PreflightParts
  views: ViewSources
  publishRun(run: number): void
}

export function createRunService(parts: RunServiceParts): RunService {
  const { context, queue, supervisor, preflight, views, publishRun } = parts
  const { history, events } = context

  const stored = (id: string): StoredRun => {
    const number = runNumber(id)
    supervisor.active()?.flush()
    const run = number === null ? null : history.runs.get(number)
    if (run) return run
    throw new RepriseError({
      code: 'unknown-run',
      message: `There is no run "${id}".`,
      expected: 'an id such as r-0001',
      found: id,
      fix: 'Run "reprise runs list" to see them.',
    })
  }
  const summaryNow = (run: StoredRun): RunSummary => runSummary(history.runs.get(run.run) ?? run, views)
  const publishQueue = () => {
    for (const run of queue.order()) publishRun(run)
  }
  const active = (run: StoredRun) => run.status === 'running' || run.status === 'stopping'
  const notAllowed = (run: StoredRun, message: string, fix: string) =>
    new RepriseError({ code: 'not-allowed', message, found: `${runId(run.run)} is ${run.status}`, fix })

  const toBin = (run: StoredRun) => {
    history.runs.update(run.run, { removedAt: Date.now() })
    events.publish({ type: 'run-removed', runId: runId(run.run) })
    publishQueue()
  }

  return {
    list: (which) => {
      supervisor.active()?.flush()
      return runSummaries(which, views)
    },
    get: (id) => runDetail(stored(id), views),
    curves: (id, maxPoints) => history.steps.curves(stored(id).run, maxPoints),
    log: (id) => history.logs.list(stored(id).run),
    preflight: async (input) => (await planRun(input, preflight)).preflight,

    start: async (input) => {
      const { recipe, config, refusal, preflight: plan } = await planRun(input, preflight)
      if (refusal) throw refusal
      schedulePoints(config, usedPictures(config, preflight.dataset(config.data.dataset)))
      const name = input.name?.trim() || recipe.title
      const seeds = Array.from({ length: config.seeds.count }, (_, index) => config.seeds.first + index)
      const createdAt = Date.now()
      const run = history.db.transaction(() => {
        const changes = plan.changes.length
        const number = history.runs.insert({ name, recipe, config, changes, createdAt, queuePosition: null })
        history.seeds.insert(number, seeds)
        queue.move(number, input.first ? 1 : Number.POSITIVE_INFINITY)
        makeRunFolder(context.folders.runs, { run: number, name, recipe, config })
        return number
      })()
      publishQueue()
      supervisor.wake()
      return summaryNow(stored(runId(run)))
    },

    stop: ({ runId: id, mode }) => {
      const run = stored(id)
      if (supervisor.active()?.run === run.run) supervisor.stop(mode)
      else if (run.status === 'queued') {
        history.seeds.interrupt(run.run, 'stopped')
        history.runs.update(run.run, { status: 'stopped', queuePosition: null, finishedAt: Date.now() })
        if (mode === 'bin') toBin(run)
        else publishRun(run.run)
        publishQueue()
      } else if (mode === 'bin') toBin(run)
      else throw notAllowed(run, 'Only a run that trains or waits can be stopped.', 'It has ended already.')
      return summaryNow(run)
    },

    rename: (id, name) => {
      const run = stored(id)
      history.runs.update(run.run, { name })
      publishRun(run.run)
      return summaryNow(run)
    },

    remove: (id) => {
      const run = stored(id)
      if (active(run)) throw notAllowed(run, 'A run that trains cannot be moved to the bin.', 'Stop it first.')
      if (run.status === 'queued') {
        history.seeds.interrupt(run.run, 'stopped')
        history.runs.update(run.run, { status: 'stopped', queuePosition: null, finishedAt: Date.now() })
      }
      toBin(run)
    },

    restore: (id) => {
      const run = stored(id)
      history.runs.update(run.run, { removedAt: null })
      publishRun(run.run)
      return summaryNow(run)
    },

    moveInQueue: (id, position) => {
      const run = stored(id)
      if (run.status !== 'queued') {
        throw notAllowed(run, 'Only a run that waits can be moved in the queue.', 'Start it again to queue it.')
      }
      queue.move(run.run, position)
      publishQueue()
      return summaryNow(run)
    },
  }
}
