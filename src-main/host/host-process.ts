// The life of a host process: prints one line of JSON when it is ready, or why it is not, and lives until told to end.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder, dataFolder } from '../launch/data-folder.ts'
import { hostUrl, readHostAddress } from '../launch/host-address.ts'
import { resourcesFolder } from '../launch/resources.ts'
import type { HostLine } from '../launch/spawn-host.ts'
import { RepriseError, toErrorReport } from '../shared/errors.ts'
import { type HostOptions, type RunningHost, startHost } from './host.ts'
import { openHostLog } from './host-log.ts'
import { readListenAddress } from './http/listen-address.ts'

interface Arguments {
  port: number | undefined
  listen: string | undefined
  attached: boolean
  uiDir: string
}

function usage(found: string): RepriseError {
  return new RepriseError({
    code: 'usage',
    message: 'The engine was started with arguments that it does not take.',
    expected: 'node src-main/host/main.ts [--port N] [--listen ADDRESS] [--attached] [--ui DIR]',
    found,
  })
}

function readArguments(args: string[], app: string): Arguments {
  let values: { port?: string; listen?: string; attached?: boolean; ui?: string }
  try {
    const text = { type: 'string' } as const
    const options = { port: text, listen: text, attached: { type: 'boolean' }, ui: text } as const
    values = parseArgs({ args, options }).values
  } catch (error) {
    throw usage((error as Error).message)
  }
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw usage(`--port ${values.port}`)
  const listen = values.listen === undefined ? undefined : readListenAddress(values.listen)
  return { port, listen, attached: values.attached ?? false, uiDir: values.ui ?? join(app, 'out', 'renderer') }
}

function say(line: HostLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** What a test puts in place of the product's own. */
export type HostParts = Pick<HostOptions, 'entries' | 'library' | 'timing'>

/** Runs the host of this process with the command line's arguments; the process ends with it. */
export async function runHostProcess(app: string, parts: HostParts): Promise<void> {
  // The reader of our output may go away; that must not end the host.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  const dataDir = dataFolder()
  try {
    const { port, listen, attached, uiDir } = readArguments(process.argv.slice(2), app)
    const host = await startHost({
      ...parts,
      dataDir,
      resourcesDir: resourcesFolder(app),
      uiDir,
      port,
      listen,
      log: openHostLog(dataDir),
      env: { ...process.env, REPRISE_HOME: dataDir, REPRISE_CACHE: cacheFolder() },
    })
    endWhenTold(host, attached)
    const { port: bound, token, url, open } = host
    say({ type: 'ready', port: bound, token, url, pid: process.pid, ...(open && { open }) })
  } catch (error) {
    const report = toErrorReport(error)
    // The address holds the token, which no error does: it goes to who starts hosts on this data folder, not into logs.
    const first = report.code === 'second-instance' ? readHostAddress(dataDir) : null
    say({ type: 'failed', error: report, ...(first && { running: hostUrl(first) }) })
    process.exitCode = 1
  }
}

function endWhenTold(host: RunningHost, attached: boolean): void {
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await host.close()
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (!attached) return
  process.stdin.resume()
  process.stdin.on('error', () => {})
  process.stdin.once('close', async () => {
    if (host.trainsInBackground()) await host.unused()
    await end()
  })
}
