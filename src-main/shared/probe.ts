// A few real steps before the start: what a run will take here. Done by worker/probe.ts.
import type { ErrorReport } from './errors.ts'
import type { RunConfig } from './run-config.ts'

export interface ProbeTask {
  type: 'probe'
  config: RunConfig
  datasetsDir: string
  libtensorflowDir: string
  /** Steps to take at most; fewer where they are slow. */
  steps: number
  /** Seconds of steps at most, once the first few are taken. */
  seconds: number
}

export interface ProbeResult {
  at: number
  device: string
  precision: string
  /** Steps that were timed, those of warm-up left out. */
  steps: number
  stepSeconds: number
  imagesPerSecond: number
  epochSeconds: number
  /** Of one evaluation between epochs. */
  evaluationSeconds: number
  /** Of one seed with its evaluations, and of all seeds. */
  seedSeconds: number
  allSeconds: number
  /** Share of the step time spent waiting for data, 0..1. */
  dataWait: number
  memory: {
    /** From the traced graph, before any step. */
    predictedBytes: number
    /** Highest of the process (CPU) or of the device (GPU) over the steps. */
    measuredBytes: number
  }
  /** Of one saved state. */
  stateBytes: number
  /** Whether a run trained here meanwhile, so that times are longer than they would be. */
  disturbed: boolean
}

export type ProbeAnswer =
  | { type: 'progress'; phase: 'libraries' | 'data' | 'tracing' | 'steps' | 'evaluating'; done: number; total: number }
  | { type: 'probed'; result: ProbeResult }

/** A probe that is under way or has ended, as windows see it. */
export interface ProbeState {
  status: 'running' | 'done' | 'failed' | 'cancelled'
  phase: Extract<ProbeAnswer, { type: 'progress' }>['phase'] | null
  done: number
  total: number
  result: ProbeResult | null
  error: ErrorReport | null
}
