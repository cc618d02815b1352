// Where a user's data and downloads lie.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

function localAppData(env: Environment): string {
  return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
}

/**
 * The folder of history, runs and data sets: REPRISE_HOME, else the platform's usual place. Absolute; may not exist yet.
 */
export function dataFolder(env: Environment = process.env, platform: string = process.platform): string {
  if (env.REPRISE_HOME) return resolve(env.REPRISE_HOME)
  if (platform === 'win32') return join(localAppData(env), 'Reprise')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Reprise')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'reprise')
}

/** The folder of downloaded libraries, shared by all data folders: REPRISE_CACHE, else the platform's usual place. */
export function cacheFolder(env: Environment = process.env, platform: string = process.platform): string {
  if (env.REPRISE_CACHE) return resolve(env.REPRISE_CACHE)
  if (platform === 'win32') return join(localAppData(env), 'Reprise', 'Cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Reprise')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'reprise')
}
