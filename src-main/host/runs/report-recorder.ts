// Turns a worker's reports into rows, live state and events.
import type { LogLine } from '../../shared/api.ts'
import type { StepPoint, WorkerToHost } from '../../shared/worker-protocol.ts'
import { runId } from '../db/runs-table.ts'
import type { WriteBatch } from '../db/write-batch.ts'
import type { HostEventBody } from '../event-bus.ts'
import type { HostContext } from '../host-context.ts'
import type { LiveTracker } from './live-state.ts'
import { verdictOf } from './run-verdict.ts'

export type Report = Exclude<WorkerToHost, { type: 'done' | 'failed' | 'log' }>

export interface ReportRecorder {
  record(report: Report): void
  log(line: LogLine): void
  /** Publishes what was written since the last call; events never run ahead of the history. */
  publish(): void
}

interface Parts {
  context: HostContext
  batch: WriteBatch
  live: LiveTracker
  publishLive(): void
  publishRun(): void
}

export function createReportRecorder(run: number, parts: Parts): ReportRecorder {
  const { context, batch, live, publishLive, publishRun } = parts
  const { history, events } = context
  const id = runId(run)
  let waiting: HostEventBody[] = []
  let points = new Map<number, StepPoint[]>()
  let runChanged = false
  /** Seconds of training of the present seed: as of its last evaluation, then from measured step times. */
  let trainSeconds = 0
  let lastStep = 0

  const write = (action: () => void, changesRun = true) => {
    runChanged ||= changesRun
    batch.add(action)
  }

  const record = (report: Report) => {
    switch (report.type) {
      case 'phase':
        live.phase(report)
        publishLive()
        break
      case 'environment':
        write(() => history.runs.update(run, { environment: report.environment }))
        break
      case 'data':
        write(() => history.runs.update(run, { data: report.data }))
        break
      case 'seed-start':
        trainSeconds = 0
        lastStep = 0
        live.seedStart(report)
        write(() => history.seeds.start(run, report.seed, report.totalSteps, report.stepsPerEpoch))
        break
      case 'steps': {
        trainSeconds += Math.max(report.step - lastStep, 0) * report.stepSeconds
        lastStep = report.step
        const seconds = trainSeconds
        live.steps(report)
        const fresh = report.points.filter((point) => Number.isFinite(point.loss))
        points.set(report.seed, [...(points.get(report.seed) ?? []), ...fresh])
        write(() => {
          history.steps.insert(run, report.seed, fresh)
          history.seeds.progress(run, report.seed, report.step, seconds)
        })
        publishLive()
        break
      }
      case 'epoch':
        trainSeconds = report.result.trainSeconds
        waiting.push({ type: 'epoch', runId: id, result: report.result })
        write(() => {
          history.epochs.insert(run, report.result)
          history.seeds.evaluated(run, report.result.seed, report.result.testTop1)
        })
        break
      case 'checkpoint':
        write(() => history.checkpoints.put(run, report))
        break
      case 'seed-end':
        live.seedEnd(report.result.seconds)
        write(() => {
          history.seeds.end(run, report.result)
          history.runs.update(run, { verdict: verdictOf(history, run) })
        })
        publishLive()
        break
      case 'machine':
        live.machine(report)
        publishLive()
        break
    }
  }

  return {
    record,
    log: (line) => {
      waiting.push({ type: 'log', runId: id, line })
      write(() => history.logs.append(run, line), false)
    },
    publish: () => {
      for (const [seed, fresh] of points) {
        if (fresh.length > 0) events.publish({ type: 'steps', runId: id, seed, points: fresh })
      }
      points = new Map()
      const ready = waiting
      waiting = []
      for (const event of ready) events.publish(event)
      if (runChanged) publishRun()
      runChanged = false
    },
  }
}
