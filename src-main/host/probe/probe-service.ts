// Probes, one at a time, each in a process of its own that is killed where it is cancelled.
import { forkWorker } from '../../launch/worker-process.ts'
import type { StartRunInput } from '../../shared/api.ts'
import { type ErrorReport, fromErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { ProbeAnswer, ProbeResult, ProbeState, ProbeTask } from '../../shared/probe.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { ProbeService } from '../api/services.ts'
import type { HostContext } from '../host-context.ts'
import type { TensorflowLibrary } from '../machine/tensorflow-library.ts'
import { type PreflightParts, planRun } from '../runs/preflight.ts'
import type { WorkerParts } from '../runs/run-worker.ts'
import type { ProbeStore } from './probe-store.ts'

export interface ProbeParts {
  context: Pick<HostContext, 'entries' | 'events' | 'folders' | 'log'>
  library: Pick<TensorflowLibrary, 'ready'>
  preflight: PreflightParts
  readyDataset: WorkerParts['readyDataset']
  store: ProbeStore
  /** Whether a run trains at this moment. */
  trains(): boolean
}

const mostSteps = 60
const mostSeconds = 15
/** States of probes that have ended. */
const keptStates = 20

/** Lines of "Before the start" without which no step can be taken; room on the disk is none of them. */
const needed = ['engine', 'data', 'health', 'input']

type FromProber = ProbeAnswer | { type: 'failed'; error: ErrorReport }

interface Probe {
  id: string
  state: ProbeState
  cancel: AbortController
  disturbed: boolean
  ended: Promise<void>
}

export function createProbeService(parts: ProbeParts): ProbeService & { close(): Promise<void> } {
  const { context, preflight, store } = parts
  const probes = new Map<string, Probe>()
  let running: Probe | null = null
  let started = 0

  const change = (probe: Probe, next: Partial<ProbeState>) => {
    probe.state = { ...probe.state, ...next }
    context.events.publish({ type: 'probe', id: probe.id, probe: probe.state })
  }

  async function run(probe: Probe, config: RunConfig): Promise<ProbeResult> {
    const { signal } = probe.cancel
    const library = await parts.library.ready({ signal, onProgress: () => {} })
    await parts.readyDataset(config.data.dataset, {
      signal,
      onProgress: (_text, done, total) => change(probe, { phase: 'data', done, total }),
    })
    signal.throwIfAborted()
    let result: ProbeResult | null = null
    let error: ErrorReport | null = null
    let lastLine = ''
    const look = () => {
      probe.disturbed ||= parts.trains()
    }
    look()
    const worker = forkWorker<ProbeTask, FromProber>({
      entry: context.entries.probe,
      env: library.environment,
      onLine: (line) => {
        lastLine = line
      },
      onMessage: (message) => {
        look()
        if (message.type === 'probed') result = message.result
        else if (message.type === 'failed') error = message.error
        else if (!signal.aborted) change(probe, { phase: message.phase, done: message.done, total: message.total })
      },
    })
    signal.addEventListener('abort', worker.kill, { once: true })
    worker.send({
      type: 'probe',
      config,
      datasetsDir: context.folders.datasets,
      libtensorflowDir: library.folder,
      steps: mostSteps,
      seconds: mostSeconds,
    })
    const { code, signal: killedBy } = await worker.ended
    signal.throwIfAborted()
    if (result) return { ...(result as ProbeResult), disturbed: probe.disturbed }
    if (error) throw fromErrorReport(error)
    throw new RepriseError({
      code: killedBy === 'SIGKILL' ? 'out-of-memory' : 'worker-died',
      message: 'The process of the probe ended without a word.',
      found: lastLine || (killedBy ?? `exit code ${code}`),
      fix: 'If memory ran out, take a smaller batch or close other programs; then try again.',
    })
  }

  async function life(probe: Probe, config: RunConfig): Promise<void> {
    try {
      const result = await run(probe, config)
      store.keep(config, result)
      change(probe, { status: 'done', result })
    } catch (error) {
      if (probe.cancel.signal.aborted) change(probe, { status: 'cancelled' })
      else change(probe, { status: 'failed', error: toErrorReport(error) })
    } finally {
      running = null
    }
  }

  const find = (id: string): Probe => {
    const probe = probes.get(id)
    if (probe) return probe
    throw new RepriseError({
      code: 'not-allowed',
      message: 'There is no such probe.',
      found: id,
      fix: 'Start one; probes are forgotten when the app ends, their results are not.',
    })
  }

  const stop = (probe: Probe) => {
    if (probe.state.status !== 'running') return
    probe.cancel.abort()
  }

  return {
    start: async (input: StartRunInput) => {
      const { config, refusals } = await planRun(input, preflight)
      const refusal = refusals.find(({ id }) => needed.includes(id))
      if (refusal) throw refusal.error
      if (running) {
        throw new RepriseError({
          code: 'not-allowed',
          message: 'Only one probe runs at a time.',
          found: running.id,
          fix: 'Wait for its end, or cancel it.',
        })
      }
      started += 1
      const state: ProbeState = { status: 'running', phase: null, done: 0, total: 0, result: null, error: null }
      const probe: Probe = {
        id: `probe-${started}`,
        state,
        cancel: new AbortController(),
        disturbed: false,
        ended: Promise.resolve(),
      }
      running = probe
      probes.set(probe.id, probe)
      for (const id of [...probes.keys()].slice(0, -keptStates)) probes.delete(id)
      change(probe, {})
      probe.ended = life(probe, config)
      return { id: probe.id, state: probe.state }
    },
    state: (id) => find(id).state,
    cancel: (id) => {
      const probe = find(id)
      stop(probe)
      return probe.state
    },
    close: async () => {
      const probe = running
      if (!probe) return
      stop(probe)
      await probe.ended
    },
  }
}
