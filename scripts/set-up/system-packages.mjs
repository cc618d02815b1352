// Programs that tests need and that come from the machine's package manager: installed where this is Debian or Ubuntu
// and we are root, named in a sentence elsewhere.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runQuietly } from './run-program.mjs'
import { SetUpError } from './steps.mjs'

/** Path of a program on the PATH, or null. */
export function findProgram(...names) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      for (const suffix of suffixes) {
        const path = join(folder, name + suffix)
        try {
          accessSync(path, constants.X_OK)
          return path
        } catch {
          // Not here.
        }
      }
    }
  }
  return null
}

const apt = () => findProgram('apt-get')
let listsAreFresh = false

/** True when packages can be installed without asking anybody. */
export function canInstallPackages() {
  return process.platform === 'linux' && process.getuid() === 0 && apt() !== null
}

async function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // A machine that has just started may still be at its own updates.
  const { status, output } = await runQuietly(apt(), ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], { env })
  return { ok: status === 0, output }
}

/**
 * Installs packages by apt; each entry is a name or names of the same thing in several releases.
 * @throws SetUpError that names the command when they cannot be installed
 */
export async function installPackages(progress, packages) {
  const names = packages.map((entry) => [entry].flat())
  const command = `apt-get install ${names.map(([first]) => first).join(' ')}`
  if (!canInstallPackages()) {
    throw new SetUpError(`The tests need ${names.map(([first]) => first).join(', ')}.`, `Install with: sudo ${command}`)
  }
  if (!listsAreFresh) {
    progress('reading the package lists')
    await aptGet(['update'])
    listsAreFresh = true
  }
  const chosen = []
  for (const alternatives of names) {
    const known = []
    for (const name of alternatives) {
      const { status, output } = await runQuietly('apt-cache', ['policy', name])
      if (status === 0 && /Candidate: (?!\(none\))/.test(output)) known.push(name)
    }
    if (known[0] === undefined) {
      throw new SetUpError(
        `The package manager offers no ${alternatives.join(' or ')}.`,
        'Check its sources and network.',
      )
    }
    chosen.push(known[0])
  }
  progress(`installing ${chosen.join(', ')}`)
  const { ok, output } = await aptGet(['install', '-y', '--no-install-recommends', ...chosen])
  if (!ok) {
    throw new SetUpError(`apt-get could not install ${chosen.join(', ')}.\n${output.slice(-1500)}`, `Try: ${command}`)
  }
}
