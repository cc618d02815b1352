// The built interface and desktop shell in out/: built again when a source differs from those of the last build.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appFolder, inApp, packageProgram } from './app-folder.mjs'
import { findNode24, node24Environment } from './node24.mjs'
import { runQuietly } from './run-program.mjs'
import { SetUpError } from './steps.mjs'

const sources = [
  'src-renderer',
  'src-main/desktop',
  'src-main/launch',
  'src-main/shared',
  'resources/icons',
  'electron.vite.config.ts',
  'package-lock.json',
]
const results = ['out/main/main.cjs', 'out/preload/preload.cjs', 'out/renderer/index.html']
const stamp = join(appFolder, 'out', 'sources.sha256')

/** All files below a path of the app, in a fixed order; tests are no part of the build. */
function filesBelow(path) {
  let entries
  try {
    entries = readdirSync(join(appFolder, path), { withFileTypes: true })
  } catch (error) {
    return error.code === 'ENOTDIR' ? [path] : []
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .filter((file) => !/\.test\.tsx?$/.test(file))
}

function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesBelow)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(appFolder, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function builtFrom() {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return null
  }
}

/** Builds the interface and the desktop shell where they are not those of the sources. */
export async function ensureAppBuild(progress, { always = false } = {}) {
  const hash = hashOfSources()
  if (!always && builtFrom() === hash && results.every((path) => inApp(path))) return { words: 'ready' }
  progress('building')
  const { status, output } = await runQuietly(
    findNode24(),
    [packageProgram('electron-vite', 'electron-vite'), 'build'],
    {
      env: { ...node24Environment(), NODE_ENV: 'production', NO_COLOR: '1' },
    },
  )
  if (status !== 0) {
    throw new SetUpError(`The interface could not be built.\n${output.slice(-4000)}`, 'Correct the source named above.')
  }
  writeFileSync(stamp, hash)
  return { words: 'built' }
}
