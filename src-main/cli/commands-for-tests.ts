// For tests: the command line as a user runs it, on a host with scripted workers and a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type SpawnedHost, spawnHost } from '../launch/spawn-host.ts'

const program = join(import.meta.dirname, 'main.ts')
const scriptedHost = join(import.meta.dirname, '../host/test-host/scripted-host.ts')

export interface Finished {
  status: number | null
  stdout: string
  stderr: string
  /** Lines of stdout as JSON. */
  json: Record<string, unknown>[]
}

/** Starts a host before the tests of a file and ends it after them. */
export function commandsOnScriptedHost(): {
  home: string
  host(): SpawnedHost
  /** Runs the program as a user does; `onLine` sees each line of stdout, `onStart` the process. */
  reprise(
    args: string[],
    onLine?: (line: string, child: ChildProcess) => void,
    onStart?: (child: ChildProcess) => void,
  ): Promise<Finished>
} {
  const home = mkdtempSync(join(tmpdir(), 'reprise-cli-'))
  let host: SpawnedHost
  beforeAll(async () => {
    host = await spawnHost({ entry: scriptedHost, dataDir: home, attached: true })
  })
  afterAll(async () => {
    await host.stop()
    rmSync(home, { recursive: true, force: true })
  })
  return {
    home,
    host: () => host,
    reprise: async (args, onLine, onStart) => {
      const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, REPRISE_HOME: home } })
      onTestFinished(() => void child.kill('SIGKILL'))
      onStart?.(child)
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        for (const line of text.split('\n')) if (line !== '') onLine?.(line, child)
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text
      })
      const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
      const lines = args.includes('--json') ? stdout.trim().split('\n') : []
      return { status, stdout, stderr, json: lines.filter((line) => line !== '').map((line) => JSON.parse(line)) }
    },
  }
}
