// What an open run shows beside its line: config, epochs, live state, log. Kept for as long as the page lives, so that
// coming back to a run shows it at once.
import { create } from 'zustand'
import type { HostEvent, LogLine, ProofState, RunDetail } from '../../src-main/shared/api.ts'
import { type ErrorReport, toErrorReport } from '../../src-main/shared/errors.ts'
import { engineClient } from '../client/current-client.ts'
import { createStepCurves, type StepCurves } from './step-series.ts'

const maxCurvePoints = 4000

export interface RunDetailsState {
  details: Record<string, RunDetail>
  logs: Record<string, LogLine[]>
  errors: Record<string, ErrorReport>
  /** Grows when the step curves of a run change; the curves themselves come from `stepCurves`. */
  curveVersions: Record<string, number>
  /** Proofs of resume that are under way or have ended while the page is open. */
  proofs: Record<string, ProofState>
}

export const useRunDetailsStore = create<RunDetailsState>()(() => ({
  details: {},
  logs: {},
  errors: {},
  curveVersions: {},
  proofs: {},
}))

const { setState, getState } = useRunDetailsStore
const curvesByRun = new Map<string, StepCurves>()

/** The step curves of a run, empty until it is loaded. */
export function stepCurves(runId: string): StepCurves {
  const known = curvesByRun.get(runId)
  if (known) return known
  const curves = createStepCurves()
  curvesByRun.set(runId, curves)
  return curves
}

function curvesChanged(runId: string) {
  const { curveVersions } = getState()
  setState({ curveVersions: { ...curveVersions, [runId]: (curveVersions[runId] ?? 0) + 1 } })
}

/** Reads a run, its curves and its log. */
export async function loadRun(runId: string): Promise<void> {
  const client = engineClient()
  try {
    const [detail, curves, log, proof] = await Promise.all([
      client.runs.get(runId),
      client.runs.curves(runId, maxCurvePoints),
      client.runs.log(runId),
      client.proofs.state(runId),
    ])
    const { details, logs, errors } = getState()
    const { [runId]: _gone, ...otherErrors } = errors
    stepCurves(runId).replace(curves)
    setState({
      details: { ...details, [runId]: detail },
      logs: { ...logs, [runId]: log },
      errors: otherErrors,
    })
    if (proof) putProof(runId, proof)
    curvesChanged(runId)
  } catch (error) {
    setState({ errors: { ...getState().errors, [runId]: toErrorReport(error) } })
  }
}

/** Reads what no event carries, such as checkpoints and the environment, without the curves. */
export async function refreshRunDetail(runId: string): Promise<void> {
  try {
    const detail = await engineClient().runs.get(runId)
    setState({ details: { ...getState().details, [runId]: detail } })
  } catch {
    // The last known detail stays; a lost connection is shown by its own banner.
  }
}

/** Takes over the state of a proof. */
export function putProof(runId: string, proof: ProofState): void {
  setState(({ proofs }) => ({ proofs: { ...proofs, [runId]: proof } }))
}

/** A seed went on from `step`: what was reported behind it is void and comes again. */
function cutBehind(runId: string, seed: number, step: number) {
  patch(runId, ({ epochs }) => ({ epochs: epochs.filter((one) => one.seed !== seed || one.step <= step) }))
  stepCurves(runId).cut(seed, step)
  curvesChanged(runId)
}

/** Reads every run again that was opened, as after a gap in the events. */
export async function reloadOpenedRuns(): Promise<void> {
  await Promise.all(Object.keys(getState().details).map(loadRun))
}

function patch(runId: string, change: (detail: RunDetail) => Partial<RunDetail>) {
  const { details } = getState()
  const detail = details[runId]
  if (detail) setState({ details: { ...details, [runId]: { ...detail, ...change(detail) } } })
}

/** Takes over what an event says about runs that were opened. */
export function applyRunDetailsEvent(event: HostEvent): void {
  switch (event.type) {
    case 'run': {
      const before = getState().details[event.run.id]
      patch(event.run.id, () => event.run)
      // At its end a run has what no event carries: checkpoints and the final figures.
      if (before && before.status !== event.run.status) void loadRun(event.run.id)
      break
    }
    case 'live':
      patch(event.runId, () => ({ live: event.live }))
      break
    case 'epoch':
      patch(event.runId, ({ epochs }) => ({ epochs: [...epochs, event.result] }))
      break
    case 'steps':
      if (!getState().details[event.runId]) break
      stepCurves(event.runId).append(event.seed, event.points)
      curvesChanged(event.runId)
      break
    case 'alert': {
      const { alert, runId } = event
      if (!getState().details[runId]) break
      patch(runId, ({ alerts }) => ({ alerts: [...alerts, alert] }))
      if (alert.kind === 'resumed' && alert.seed !== null) {
        cutBehind(runId, alert.seed, Number(alert.values.step ?? alert.step ?? 0))
      }
      // Its saved state brings what was reported before it; a lowered rate is a change that no event carries.
      if (alert.kind === 'resumed') void loadRun(runId)
      else if (alert.kind === 'rate-lowered') void refreshRunDetail(runId)
      break
    }
    case 'proof':
      putProof(event.runId, event.proof)
      if (event.proof.status === 'done' && getState().details[event.runId]) void refreshRunDetail(event.runId)
      break
    case 'log': {
      const { logs } = getState()
      const lines = logs[event.runId]
      if (lines) setState({ logs: { ...logs, [event.runId]: [...lines, event.line] } })
      break
    }
    case 'run-removed':
      curvesByRun.delete(event.runId)
      setState(({ details, logs }) => {
        const { [event.runId]: _detail, ...otherDetails } = details
        const { [event.runId]: _log, ...otherLogs } = logs
        return { details: otherDetails, logs: otherLogs }
      })
      break
  }
}
