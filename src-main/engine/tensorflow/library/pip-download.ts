// Fetches wheels with the user's own pip, so that their index, proxy and certificates apply.
import { spawn } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { RepriseError } from '../../../shared/errors.ts'

export interface PipRequest {
  /** Requirements in pip's own form, such as `tensorflow-cpu==2.21.0`. */
  requirements: string[]
  /** Python version of the wheels, such as `3.12`. */
  python: string
  platformTags: string[]
  /** Folder for the wheels; made when absent. Pip's temporary files go below it too. */
  into: string
  onBytes: (bytes: number) => void
  signal: AbortSignal | undefined
}

/** Fetches wheels into `request.into` and resolves to their paths. */
export type PipDownload = (request: PipRequest) => Promise<string[]>

/** What pip prints without a network, the plainest words first. */
const noNetwork = [
  /Temporary failure in name resolution|Name or service not known|nodename nor servname|getaddrinfo failed/i,
  /Network is unreachable|No route to host|Connection refused/i,
  /Failed to establish a new connection|NewConnectionError|ConnectTimeoutError|ProxyError/i,
]

/** Turns what pip printed on a failure into an error with a way out. */
export function pipError(output: string, requirements: string[]): RepriseError {
  const wanted = requirements.join(' ')
  const last = output.trim().split('\n').slice(-3).join(' ').slice(0, 600)
  const details = { pip: output.slice(-4000) }
  if (/No module named pip/.test(output)) {
    return new RepriseError({
      code: 'libtensorflow-missing',
      message: 'libtensorflow cannot be fetched: Python 3 is here, but without pip.',
      fix: 'Install pip (on Debian and Ubuntu: apt install python3-pip) and start again.',
      details,
    })
  }
  if (/No space left on device|Errno 28/.test(output)) {
    return new RepriseError({
      code: 'disk-full',
      message: `The disk became full while fetching ${wanted}.`,
      fix: 'Free some space, or name a folder on another disk in REPRISE_CACHE, and start again.',
      details,
    })
  }
  const reason = noNetwork.map((words) => words.exec(output)?.[0]).find((words) => words !== undefined)
  if (reason !== undefined) {
    return new RepriseError({
      code: 'no-network',
      message: `${wanted} could not be fetched: the package index does not answer.`,
      found: reason,
      fix: 'Connect to the network and start again, or name a folder with libtensorflow in REPRISE_LIBTENSORFLOW.',
      details,
    })
  }
  return new RepriseError({
    code: 'download-failed',
    message: `pip could not fetch ${wanted}.`,
    found: last === '' ? 'no message from pip' : last,
    fix: 'Start again; if it stays so, run "python3 -m pip download --no-deps" for it and read what pip says.',
    // A wheel for another Python version may still be offered.
    details: { ...details, notOffered: /No matching distribution found/.test(output) },
  })
}

/** Bytes of all files below a folder; files that vanish meanwhile count as nothing. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? bytesBelow(path) : ((await stat(path).catch(() => null))?.size ?? 0)
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Runs `python3 -m pip` with `args`; resolves to its exit status and what it printed. */
async function runPip(args: string[], temporary: string, signal: AbortSignal | undefined) {
  const child = spawn('python3', ['-m', 'pip', ...args], {
    env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const status = await new Promise<number>((resolve, reject) => {
    let failure: Error | null = null
    child.on('error', (error) => {
      failure = error
    })
    // Waits for the end also when stopped: until then pip may still write into its folder.
    child.on('close', (code) => (failure === null ? resolve(code ?? 1) : reject(failure)))
  })
  return { status, output }
}

/** Calls `onBytes` with the size of `folder` twice a second until `until` settles. */
async function watchGrowth(folder: string, onBytes: (bytes: number) => void, until: Promise<unknown>): Promise<void> {
  let running = true
  const ended = until.catch(() => undefined).then(() => (running = false))
  while (running) {
    onBytes(await bytesBelow(folder))
    await Promise.race([delay(500, undefined, { ref: false }), ended])
  }
}

/** `pip download` of the requirements without what they depend on. */
export const pipDownload: PipDownload = async ({ requirements, python, platformTags, into, onBytes, signal }) => {
  const temporary = join(into, 'pip')
  await mkdir(temporary, { recursive: true })
  const abi = `cp${python.replace('.', '')}`
  const running = runPip(
    [
      ...['download', '--no-deps', '--only-binary', ':all:', '--progress-bar', 'off', '--retries', '2'],
      ...['--implementation', 'cp', '--python-version', python, '--abi', abi, '--abi', 'abi3', '--abi', 'none'],
      ...platformTags.flatMap((tag) => ['--platform', tag]),
      ...['--dest', into, ...requirements],
    ],
    temporary,
    signal,
  )
  const watching = watchGrowth(into, onBytes, running)
  try {
    const { status, output } = await running
    if (status !== 0) throw pipError(output, requirements)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new RepriseError({
      code: 'libtensorflow-missing',
      message: 'libtensorflow cannot be fetched: Python 3 was not found.',
      expected: 'python3 with pip on the PATH',
      found: 'no python3',
      fix: 'Install Python 3 with pip, or name a folder with libtensorflow in REPRISE_LIBTENSORFLOW.',
    })
  } finally {
    await watching
  }
  return (await readdir(into)).filter((name) => name.endsWith('.whl')).map((name) => join(into, name))
}
