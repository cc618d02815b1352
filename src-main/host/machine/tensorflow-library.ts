// libtensorflow as the host needs it: is it here, install it, what a worker's environment must hold. Loads nothing.
import { findLibtensorflow, type Libtensorflow } from '../../engine/tensorflow/library/find-libtensorflow.ts'
import { installLibtensorflow } from '../../engine/tensorflow/library/install-libtensorflow.ts'
import { workerEnvironment } from '../../engine/tensorflow/library/worker-environment.ts'
import type { SetupState } from '../../shared/api.ts'
import { RepriseError, toErrorReport } from '../../shared/errors.ts'
import type { EventBus } from '../event-bus.ts'
import type { NetworkLog } from './network-log.ts'

export interface ReadyLibrary {
  folder: string
  /** The whole environment for a worker: the host's own and what libraries read at process start. */
  environment: NodeJS.ProcessEnv
}

export interface TensorflowLibrary {
  state(): SetupState
  /** Looks again, unless an install is under way. */
  refresh(): Promise<SetupState>
  /** Starts an install where one is needed and none is under way; progress comes as `setup` events. */
  install(): SetupState
  /** The library, after an install that is under way. Throws `libtensorflow-missing`, `libtensorflow-damaged` or the reason of a failed install. */
  ready(options: { signal: AbortSignal; onProgress(done: number, total: number): void }): Promise<ReadyLibrary>
  /** Stops an install. */
  close(): Promise<void>
}

export interface LibrarySource {
  find(): Promise<Libtensorflow>
  install(options: {
    signal: AbortSignal
    onProgress(progress: { phase: string; doneBytes: number; totalBytes: number }): void
  }): Promise<Libtensorflow>
}

export const librarySource: LibrarySource = {
  find: () => findLibtensorflow(),
  install: (options) => installLibtensorflow(options),
}

export function createTensorflowLibrary(parts: {
  source: LibrarySource
  events: EventBus
  network: NetworkLog
  env: NodeJS.ProcessEnv
}): TensorflowLibrary {
  const { source, events, network, env } = parts
  let state: SetupState = { tensorflow: 'missing', progress: null, version: null, error: null }
  let installing: { done: Promise<void>; abort: AbortController } | null = null

  const found = (library: Libtensorflow) => {
    state = { tensorflow: 'ready', progress: null, version: library.version, error: null }
  }
  const publish = () => events.publish({ type: 'setup', setup: state })

  async function refresh(): Promise<SetupState> {
    if (installing) return state
    try {
      found(await source.find())
    } catch (error) {
      const missing = error instanceof RepriseError && error.code === 'libtensorflow-missing'
      const tensorflow = missing ? 'missing' : 'failed'
      state = { tensorflow, progress: null, version: null, error: toErrorReport(error) }
    }
    return state
  }

  async function runInstall(abort: AbortController): Promise<void> {
    let published = Number.NEGATIVE_INFINITY
    let asked = false
    try {
      const library = await source.install({
        signal: abort.signal,
        onProgress: ({ phase, doneBytes, totalBytes }) => {
          if (phase === 'download' && !asked) network.note('libtensorflow')
          asked ||= phase === 'download'
          state = { ...state, tensorflow: 'installing', progress: { doneBytes, totalBytes } }
          if (performance.now() - published < 250) return
          published = performance.now()
          publish()
        },
      })
      found(library)
    } catch (error) {
      state = { tensorflow: 'failed', progress: null, version: null, error: toErrorReport(error) }
    }
    installing = null
    publish()
  }

  return {
    state: () => state,
    refresh,
    install: () => {
      if (installing || state.tensorflow === 'ready') return state
      const abort = new AbortController()
      state = { tensorflow: 'installing', progress: null, version: null, error: null }
      installing = { abort, done: runInstall(abort) }
      publish()
      return state
    },
    ready: async ({ signal, onProgress }) => {
      while (installing) {
        const { progress } = state
        if (progress) onProgress(progress.doneBytes, progress.totalBytes)
        await Promise.race([installing.done, pause(signal, 500)])
        signal.throwIfAborted()
      }
      if (state.tensorflow === 'failed' && state.error) throw new RepriseError(state.error)
      const library = await source.find()
      return { folder: library.folder, environment: workerEnvironment(library, env) }
    },
    close: async () => {
      installing?.abort.abort()
      await installing?.done
    },
  }
}

function pause(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
