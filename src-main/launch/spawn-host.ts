// Starts a host process and waits for its ready line.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ErrorReport, fromErrorReport, RepriseError } from '../shared/errors.ts'
import type { HostAddress } from './host-address.ts'
import { appFolder, nodeExecutable } from './resources.ts'

/** What the host prints on stdout, as one line of JSON. */
export type HostLine =
  | {
      type: 'ready'
      port: number
      token: string
      url: string
      pid: number
      /** With --listen: how other machines reach the host, and what its user has to know of that. */
      open?: { url: string; warning: string }
    }
  /** `running`: the address of the host that already runs on the data folder. */
  | { type: 'failed'; error: ErrorReport; running?: string }

export interface SpawnHostOptions {
  /** A fixed port; without it the last one used, or any free one. */
  port?: number | undefined
  /** The host ends with this process, unless training goes on in the background by the user's choice. */
  attached?: boolean | undefined
  /** Folder of the built interface. */
  uiDir?: string | undefined
  /** Data folder; the usual one when absent. */
  dataDir?: string | undefined
  /** Root of the app; found from this file when absent. */
  appDir?: string | undefined
  /** Program of the host; `src-main/host/main.ts` of the app when absent. */
  entry?: string | undefined
  /** The whole environment of the host; this process's own when absent. */
  env?: NodeJS.ProcessEnv | undefined
}

export interface SpawnedHost {
  address: HostAddress
  url: string
  process: ChildProcess
  /** Resolves with the exit code (null after a signal) when the host has ended. */
  ended: Promise<number | null>
  /** Ends the host gracefully: a running worker keeps its checkpoint. */
  stop(): Promise<void>
}

/** Lines of stderr kept to explain a host that dies while it starts. */
const keptLines = 20

/** Starts `host/main.ts` on Node 24. Throws what the host says of a failed start, such as `second-instance` or `port-in-use`. */
export async function spawnHost(options: SpawnHostOptions = {}): Promise<SpawnedHost> {
  const app = options.appDir ?? appFolder()
  const args = [options.entry ?? join(app, 'src-main', 'host', 'main.ts')]
  if (options.port !== undefined) args.push('--port', String(options.port))
  if (options.attached) args.push('--attached')
  if (options.uiDir !== undefined) args.push('--ui', options.uiDir)
  const child = spawn(nodeExecutable(app), args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: an interrupt in a terminal reaches the launcher, which ends the host by closing stdin.
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...(options.env ?? process.env), ...(options.dataDir ? { REPRISE_HOME: options.dataDir } : {}) },
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  const line = await readyLine(child)
  if (line.type === 'failed') throw fromErrorReport(line.error)
  return {
    address: { pid: line.pid, port: line.port, token: line.token, startedAt: Date.now() },
    url: line.url,
    process: child,
    ended,
    stop: async () => {
      child.stdin.destroy()
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function readyLine(
  child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream },
): Promise<HostLine> {
  const stderr: string[] = []
  createInterface({ input: child.stderr }).on('line', (text) => {
    stderr.push(text)
    if (stderr.length > keptLines) stderr.shift()
  })
  const first = new Promise<HostLine>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseLine(text)
      if (line) resolve(line)
    })
  })
  // 'close' comes after the last line was read, so that the reason of a failed start wins over its exit.
  const died = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      reject(
        new RepriseError({
          code: 'host-unreachable',
          message: 'The engine ended while it was starting.',
          expected: 'a line that says it is ready',
          found: reasonIn(stderr) ?? `exit code ${code}`,
          fix: 'Run "npm start" again; "npm run -s reprise -- doctor" checks the installation.',
          details: { stderr: stderr.join('\n') },
        }),
      )
    })
  })
  return Promise.race([first, died])
}

/** The line of a crash that names the error; Node ends its output with its own version. */
function reasonIn(stderr: readonly string[]): string | undefined {
  return stderr.find((line) => /\bError\b.*:/.test(line)) ?? stderr.at(-1)
}

function parseLine(text: string): HostLine | null {
  if (!text.startsWith('{')) return null
  try {
    const line = JSON.parse(text) as HostLine
    return line.type === 'ready' || line.type === 'failed' ? line : null
  } catch {
    return null
  }
}
