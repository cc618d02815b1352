// Where the app lies, and whose Node runs it.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const appFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Path of the program `name` of an npm package. */
export function packageProgram(packageName, name) {
  const folder = join(appFolder, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, bin[name])
}

/** True when the app's own folder holds `path`. */
export function inApp(...path) {
  return existsSync(join(appFolder, ...path))
}
