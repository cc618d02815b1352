// host.json in the data folder: how to reach the host that runs on it. Readable by its user only, since it holds the token.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface HostAddress {
  pid: number
  port: number
  token: string
  /** ms since 1970. */
  startedAt: number
}

const fileName = 'host.json'

/** The address to open in a browser; the page trades the token for a cookie and cleans the address bar. */
export function hostUrl(address: Pick<HostAddress, 'port' | 'token'>): string {
  return `http://127.0.0.1:${address.port}/#${address.token}`
}

/** Writes host.json whole, mode 0600. */
export function writeHostAddress(dataDir: string, address: HostAddress): void {
  const temporary = join(dataDir, `${fileName}.${address.pid}`)
  rmSync(temporary, { force: true })
  writeFileSync(temporary, `${JSON.stringify(address)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, join(dataDir, fileName))
}

/** Removes host.json if it is that of process `pid`. */
export function removeHostAddress(dataDir: string, pid: number): void {
  if (readAddressFile(dataDir)?.pid === pid) rmSync(join(dataDir, fileName), { force: true })
}

/** The address of the host that runs on this data folder; null when there is none or its process is gone. */
export function readHostAddress(dataDir: string): HostAddress | null {
  const address = readAddressFile(dataDir)
  return address && isHostProcess(address.pid) ? address : null
}

function readAddressFile(dataDir: string): HostAddress | null {
  try {
    const address = JSON.parse(readFileSync(join(dataDir, fileName), 'utf8')) as Partial<HostAddress> | null
    const { pid, port, token, startedAt } = address ?? {}
    if (typeof pid !== 'number' || typeof port !== 'number') return null
    if (typeof token !== 'string' || typeof startedAt !== 'number') return null
    return { pid, port, token, startedAt }
  } catch {
    return null
  }
}

/** On Linux also whether the process is a Node one, since ids are used again after a crash. */
function isHostProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux' || pid === process.pid) return true
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host')
  } catch {
    return false
  }
}
