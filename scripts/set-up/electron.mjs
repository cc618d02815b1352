// Electron's own program: its npm package comes without, and fetches it only when asked.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appFolder, packageProgram } from './app-folder.mjs'
import { findNode24 } from './node24.mjs'
import { runQuietly } from './run-program.mjs'

const packageFolder = join(appFolder, 'node_modules', 'electron')
const triedMark = join(packageFolder, 'fetch-failed')

/** True when a window can be shown. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Path of an Electron program: the one the user names by ELECTRON_OVERRIDE_DIST_PATH, the package's own, or null. */
export function findElectron(env = process.env) {
  let name
  try {
    name = readFileSync(join(packageFolder, 'path.txt'), 'utf8')
  } catch {
    name = process.platform === 'win32' ? 'electron.exe' : 'electron'
  }
  const path = join(env.ELECTRON_OVERRIDE_DIST_PATH || join(packageFolder, 'dist'), name)
  return existsSync(path) ? path : null
}

/** True when the place answers from which Electron is fetched. */
async function downloadAnswers() {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror
  const base = mirror ?? 'https://github.com/electron/electron/releases/download/v'
  try {
    const response = await fetch(`${base}${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(5000),
    })
    return response.ok
  } catch {
    return false
  }
}

/**
 * Finds Electron, or fetches it with the package's own installer. A failed attempt is remembered, so that later starts
 * do not wait for it again; `again` tries nevertheless.
 * @returns {Promise<string | null>} null when it cannot be had
 */
export async function fetchElectron(progress, { again = false } = {}) {
  const found = findElectron()
  if (found !== null) return found
  if (!again && existsSync(triedMark)) return null
  progress('asking for the download')
  if (await downloadAnswers()) {
    progress('fetching about 120 MB')
    await runQuietly(findNode24(), [packageProgram('electron', 'install-electron')], { timeoutMs: 600_000 })
  }
  const fetched = findElectron()
  if (fetched === null) writeFileSync(triedMark, '')
  else rmSync(triedMark, { force: true })
  return fetched
}
