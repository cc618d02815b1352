// What the run screen draws: detail, log and curve version of one run, brought up to date twice a second at most.
import { useEffect, useRef, useState } from 'react'
import type { LogLine, RunDetail } from '../../../src-main/shared/api.ts'
import type { ErrorReport } from '../../../src-main/shared/errors.ts'
import { loadRun, refreshRunDetail, useRunDetailsStore } from '../../stores/run-details-store.ts'
import { isAtWork } from './run-facts.ts'

export interface RunView {
  detail: RunDetail | null
  log: readonly LogLine[]
  error: ErrorReport | null
  /** Grows when step curves or evaluations change. */
  version: number
}

const shortestMs = 500
const noLines: readonly LogLine[] = []

function look(runId: string): RunView {
  const { details, logs, errors, curveVersions } = useRunDetailsStore.getState()
  const detail = details[runId] ?? null
  return {
    detail,
    log: logs[runId] ?? noLines,
    error: errors[runId] ?? null,
    version: (curveVersions[runId] ?? 0) + (detail?.epochs.length ?? 0),
  }
}

const sameView = (a: RunView, b: RunView) =>
  a.detail === b.detail && a.log === b.log && a.error === b.error && a.version === b.version

/** Watches a run; its history is read on the first look. A new status is shown at once, figures within half a second. */
export function useRunView(runId: string): RunView {
  const [view, setView] = useState(() => look(runId))
  useEffect(() => {
    if (!look(runId).detail) void loadRun(runId)
    let shown = look(runId)
    setView(shown)
    let lastDraw = 0
    let timer: ReturnType<typeof setTimeout> | null = null
    const draw = () => {
      timer = null
      lastDraw = Date.now()
      shown = look(runId)
      setView(shown)
    }
    const stop = useRunDetailsStore.subscribe(() => {
      const next = look(runId)
      if (sameView(next, shown)) return
      const urgent = next.detail?.status !== shown.detail?.status || next.error !== shown.error
      if (urgent) {
        if (timer) clearTimeout(timer)
        draw()
      } else {
        timer ??= setTimeout(draw, Math.max(0, lastDraw + shortestMs - Date.now()))
      }
    })
    return () => {
      stop()
      if (timer) clearTimeout(timer)
    }
  }, [runId])
  useFreshDetail(view.detail)
  return view
}

const detailPauseMs = 5000
const checkpointPauseMs = 20_000

/** Checkpoints and the environment come with no event, so they are read again after an evaluation, and now and then. */
function useFreshDetail(detail: RunDetail | null) {
  const readAt = useRef(0)
  const id = detail?.id
  const evaluations = detail?.epochs.length ?? 0
  const atWork = detail !== null && isAtWork(detail)
  const started = (detail?.live?.step ?? 0) > 0
  // Each new evaluation is a reason to read, though no input of the call.
  useEffect(() => {
    if (!id || !atWork || !started || Date.now() - readAt.current < detailPauseMs) return
    readAt.current = Date.now()
    void refreshRunDetail(id)
  }, [id, atWork, started, evaluations])
  useEffect(() => {
    if (!id || !atWork) return
    const timer = setInterval(() => void refreshRunDetail(id), checkpointPauseMs)
    return () => clearInterval(timer)
  }, [id, atWork])
}
