// Turns a worker's reports into rows, live state and events.
import type { LogLine } from '../../shared/api.ts'
import type { RunAlert } from '../../shared/run-alerts.ts'
import type { StepPoint, WorkerToHost } from '../../shared/worker-protocol.ts'
import { runId } from '../db/runs-table.ts'
import type { WriteBatch } from '../db/write-batch.ts'
import type { HostEventBody } from '../event-bus.ts'
import type { HostContext } from '../host-context.ts'
import type { LiveTracker } from './live-state.ts'
import { verdictOf } from './run-verdict.ts'
import { recordResume } from './seed-record.ts'

export type Report = Exclude<WorkerToHost, { type: 'done' | 'failed' | 'log' }>

export interface ReportRecorder {
  record(report: Report): void
  alert(alert: RunAlert): void
  log(line: LogLine): void
  /** Publishes what was written since the last call; events never run ahead of the history. */
  publish(): void
}

interface Parts {
  context: HostContext
  /** When the run was broken off; null on its first start. */
  brokenOffAt: number | null
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
  /** A seed that has started and not said yet whether it goes on from a saved state. */
  let started: number | null = null
  let brokenOffAt = parts.brokenOffAt

  const write = (action: () => void, changesRun = true) => {
    runChanged ||= changesRun
    batch.add(action)
  }

  const alert = (told: RunAlert) => {
    waiting.push({ type: 'alert', runId: id, alert: told })
    write(() => history.alerts.append(run, told), false)
  }

  /** Says that training goes on, and for how long it did not. */
  const goesOn = (seed: number, step: number, epoch: number) => {
    if (brokenOffAt === null) return
    const seconds = Math.max(Math.round((Date.now() - brokenOffAt) / 1000), 0)
    brokenOffAt = null
    alert({ at: Date.now(), seed, step, kind: 'resumed', values: { step, epoch, seconds } })
  }

  /** A seed that begins anew voids what an earlier attempt reported. */
  const beginAnew = () => {
    const seed = started
    started = null
    if (seed === null) return
    write(() => {
      history.steps.clear(run, seed)
      history.epochs.clear(run, seed)
      history.seeds.evaluated(run, seed, null)
      history.seeds.progress(run, seed, 0, 0)
    })
    goesOn(seed, 0, 0)
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
        started = report.seed
        live.seedStart(report)
        write(() => history.seeds.start(run, report.seed, report.totalSteps, report.stepsPerEpoch))
        break
      case 'resumed':
        started = null
        trainSeconds = report.trainSeconds
        lastStep = report.step
        points.delete(report.seed)
        live.resumed(report)
        for (const { file, reason } of report.skipped) {
          const place = { at: Date.now(), seed: report.seed, step: report.step }
          alert({ ...place, kind: 'checkpoint-damaged', values: { file, reason } })
        }
        write(() => recordResume(history, run, report))
        goesOn(report.seed, report.step, report.epoch)
        publishLive()
        break
      case 'steps': {
        beginAnew()
        trainSeconds += Math.max(report.step - lastStep, 0) * report.stepSeconds
        lastStep = report.step
        const seconds = trainSeconds
        live.steps(report)
        const fresh = report.points.filter((point) => Number.isFinite(point.loss))
        points.set(report.seed, [...(points.get(report.seed) ?? []), ...fresh])
        write(() => {
          history.steps.insert(run, report.seed, fresh)
          history.seeds.progress(run, report.seed, report.step, seconds)
          history.runs.update(run, { reportedAt: Date.now() })
        })
        publishLive()
        break
      }
      case 'epoch':
        beginAnew()
        trainSeconds = report.result.trainSeconds
        waiting.push({ type: 'epoch', runId: id, result: report.result })
        write(() => {
          history.epochs.insert(run, report.result)
          history.seeds.evaluated(run, report.result.seed, report.result.testTop1)
        })
        break
      case 'checkpoint':
        write(() => history.checkpoints.put(run, report.checkpoint))
        break
      case 'checkpoint-removed':
        write(() => history.checkpoints.remove(run, report.file))
        break
      case 'alert':
        alert(report.alert)
        break
      case 'change':
        write(() => {
          const applied = history.runs.get(run)?.applied ?? []
          const byUser = report.change.by === 'user' ? { pendingChange: null } : {}
          history.runs.update(run, { applied: [...applied, report.change], ...byUser })
        })
        break
      case 'paused':
        live.paused()
        brokenOffAt = Date.now()
        break
      case 'continued': {
        live.continued()
        const { seed, step, stepsPerEpoch } = live.state()
        goesOn(seed, step, step / Math.max(stepsPerEpoch, 1))
        break
      }
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
    alert,
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
