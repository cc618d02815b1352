// The npm packages: installed with `npm ci`, install scripts off, whenever what is there is not what the lock file says.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { appFolder } from './app-folder.mjs'
import { runQuietly } from './run-program.mjs'
import { SetUpError } from './steps.mjs'

function readLock(...path) {
  try {
    return JSON.parse(readFileSync(join(appFolder, ...path), 'utf8')).packages
  } catch {
    return null
  }
}

/** Paths of the packages that this machine needs, by the lock file. */
function wantedPackages(lock) {
  return Object.entries(lock).filter(([path, entry]) => path !== '' && !entry.optional)
}

/** True when each package of the lock file is there in its version. Packages for other platforms may be absent. */
export function packagesAreCurrent() {
  const lock = readLock('package-lock.json')
  const installed = readLock('node_modules', '.package-lock.json')
  if (lock === null || installed === null) return false
  const unlike = Object.entries(installed).some(([path, entry]) => lock[path]?.integrity !== entry.integrity)
  return !unlike && wantedPackages(lock).every(([path]) => path in installed && existsSync(join(appFolder, path)))
}

const noNetwork = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|EHOSTUNREACH/

/** `npm start` names the npm that runs it, so that the same one is used. */
function npmCommand() {
  const running = process.env.npm_execpath
  if (running?.endsWith('.js')) return [process.execPath, running]
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm']
}

/** Installs the npm packages where they are not current. */
export async function ensureNpmPackages(progress) {
  if (packagesAreCurrent()) return { words: 'ready' }
  const wanted = wantedPackages(readLock('package-lock.json') ?? {})
  if (wanted.length === 0)
    throw new SetUpError('package-lock.json is missing or broken.', 'Clone the repository again.')
  const count = () => wanted.filter(([path]) => existsSync(join(appFolder, path, 'package.json'))).length
  const timer = setInterval(() => progress(`${count()} of ${wanted.length}`), 1000)
  const [command, ...args] = [...npmCommand(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const { status, output } = await runQuietly(command, args)
  clearInterval(timer)
  if (status === 0) return { words: `${wanted.length} installed` }
  if (noNetwork.test(output)) {
    throw new SetUpError(
      'The npm packages could not be fetched: the package registry does not answer.',
      'Connect to the network once and start again; afterwards Reprise works without.',
    )
  }
  const reason = output.split('\n').filter((line) => /npm (error|ERR!)/.test(line))
  throw new SetUpError(
    `npm could not install the packages.\n${reason.slice(0, 8).join('\n')}`,
    'Run "npm ci --ignore-scripts" to see more; "npm cache verify" mends a broken cache.',
  )
}
