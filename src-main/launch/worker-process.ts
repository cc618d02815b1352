// One forked worker: messages in and out, its output as lines, its end.
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface WorkerExit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface WorkerProcess<ToWorker> {
  pid: number | undefined
  /** Does nothing when the worker is gone: its end is told by `ended`. */
  send(message: ToWorker): void
  kill(): void
  /** Resolves after the last message and line were handed over. */
  ended: Promise<WorkerExit>
}

export interface WorkerProcessOptions<FromWorker> {
  /** Program to run, a TypeScript file. */
  entry: string
  env: NodeJS.ProcessEnv
  onMessage(message: FromWorker): void
  /** A line that the program or one of its libraries printed. */
  onLine(text: string): void
}

/** How long output may come after the end of the process, when a grandchild still holds the pipe. */
const drainMs = 1000

/** Forks a worker on this Node. A program that cannot be started ends with code null and signal null. */
export function forkWorker<ToWorker, FromWorker>(options: WorkerProcessOptions<FromWorker>): WorkerProcess<ToWorker> {
  const child = fork(options.entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: options.env,
    execArgv: [],
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', options.onLine)
  }
  child.on('message', (message) => options.onMessage(message as FromWorker))

  const exit = new Promise<WorkerExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => {
      options.onLine(error.message)
      if (child.pid === undefined) resolve({ code: null, signal: null })
    })
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  const disconnected = new Promise((resolve) => child.once('disconnect', resolve))
  const ended = exit.then(async (result) => {
    if (child.pid === undefined) return result
    let timeout: NodeJS.Timeout | undefined
    const given = new Promise((resolve) => {
      timeout = setTimeout(resolve, drainMs)
    })
    await Promise.race([Promise.all([closed, child.connected ? disconnected : null]), given])
    clearTimeout(timeout)
    return result
  })

  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as NonNullable<ToWorker> & object, () => {})
    },
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}
