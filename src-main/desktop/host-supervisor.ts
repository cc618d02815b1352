// Keeps one host reachable: starts it, starts it again when it dies, and gives up with a reason after five tries in a row.
import type { HostState } from '../shared/desktop-bridge.ts'
import { type ErrorReport, toErrorReport } from '../shared/errors.ts'

/** A host that answered, either a child of this process or one that was already running. */
export interface ReachedHost {
  url: string
  port: number
  token: string
  pid: number
  /** False for a host that was already running when it was reached. */
  own: boolean
  /** Resolves with the reason in words once the process is gone. */
  gone: Promise<string>
  /** Ends the host if it is ours; a host that was already running, or goes on in the background, is left alone. */
  release(options: { leaveRunning: boolean }): Promise<void>
}

export interface SupervisorOptions {
  /** Reaches a host, on `port` if that is free. Rejects when none can be started. */
  reach(wish: { port: number | undefined }): Promise<ReachedHost>
  onState(state: HostState): void
  /** Milliseconds before try `attempt` (1, 2, ...). */
  backoff?: (attempt: number) => number
  /** A host that lived this many milliseconds makes the count of tries start anew. */
  steadyAfter?: number
}

export interface HostSupervisor {
  state(): HostState
  host(): ReachedHost | null
  /** Starts, or starts once more after a failure. Settles with the state, `ready` or `failed`. */
  start(): Promise<HostState>
  /** Stops watching and releases the host. */
  stop(options: { leaveRunning: boolean }): Promise<void>
}

const maximumAttempts = 5

/** Supervises the host that `reach` gives; see `HostSupervisor`. */
export function superviseHost(options: SupervisorOptions): HostSupervisor {
  const { reach, onState, backoff = (attempt) => 250 * 2 ** (attempt - 1), steadyAfter = 60_000 } = options
  let state: HostState = { status: 'starting', attempt: 0 }
  let host: ReachedHost | null = null
  let lastPort: number | undefined
  let stopped = false
  let starting: Promise<HostState> | null = null

  const enter = (next: HostState): HostState => {
    state = next
    if (!stopped) onState(next)
    return next
  }

  async function tryUntilReady(firstAttempt: number, firstError: ErrorReport | null): Promise<HostState> {
    let error = firstError
    for (let attempt = firstAttempt; attempt <= maximumAttempts && !stopped; attempt++) {
      enter({ status: 'starting', attempt })
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, backoff(attempt)))
      try {
        const reached = await reach({ port: lastPort })
        if (stopped) {
          await reached.release({ leaveRunning: false })
          break
        }
        host = reached
        lastPort = reached.port
        watch(reached, attempt)
        return enter({ status: 'ready', url: reached.url, pid: reached.pid })
      } catch (thrown) {
        error = toErrorReport(thrown)
        // Trying again cannot help when the port, the database or the set-up is at fault.
        if (error.code !== 'internal' && error.code !== 'host-unreachable') break
      }
    }
    return enter({ status: 'failed', error: error ?? gaveUp('stopped') })
  }

  function watch(reached: ReachedHost, attempt: number): void {
    const since = Date.now()
    void reached.gone.then(async (reason) => {
      await starting
      if (host !== reached || stopped) return
      host = null
      const steady = Date.now() - since >= steadyAfter
      await begin(steady ? 1 : attempt + 1, gaveUp(reason))
    })
  }

  function begin(attempt: number, error: ErrorReport | null): Promise<HostState> {
    starting ??= tryUntilReady(attempt, error).finally(() => {
      starting = null
    })
    return starting
  }

  return {
    state: () => state,
    host: () => host,
    start: () => begin(0, null),
    async stop({ leaveRunning }) {
      stopped = true
      await starting
      const ours = host
      host = null
      await ours?.release({ leaveRunning })
    },
  }
}

function gaveUp(reason: string): ErrorReport {
  return {
    code: 'host-unreachable',
    message: `The engine stopped ${maximumAttempts + 1} times in a row.`,
    expected: 'an engine that keeps running',
    found: reason,
    fix: 'Start it again. If it stops again, run "npm run -s reprise -- doctor" in a terminal: it names what is wrong.',
  }
}
