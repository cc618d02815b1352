// Opens files below the root of a tree and never outside of it, whatever a path or a link says.
import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs'
import { sep } from 'node:path'
import { RepriseError } from '../../../shared/errors.ts'
import { bytesOfName, displayName } from './escaped-names.ts'

export interface OpenFile {
  descriptor: number
  bytes: number
}

export interface RootFolder {
  /** As the file system takes it: a buffer where the name holds bytes that are no UTF-8. The path is not checked. */
  systemPath(path: string): string | Buffer
  /**
   * Whether the folder of this path is below the root, links followed. Paths that are absolute, hold `..`, or whose folder is not
   * there are not.
   */
  holds(path: string): boolean
  /** Whether the target of this link is below the root; also false where it leads nowhere. */
  holdsTarget(path: string): boolean
  /**
   * Opens a regular file for reading; '' is the root itself.
   * Throws `data-missing` when it is not there, `data-format` when it lies outside the root, `picture-broken` when it is no
   * regular file or may not be read.
   */
  open(path: string): OpenFile
}

const onWindows = process.platform === 'win32'
// Without O_NONBLOCK, the opening of a named pipe waits for a writer.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const mostFoldersKept = 10_000

/** True for a relative path with forward slashes that stays below its root: no empty part, no `.` and no `..`. */
export function isPathBelow(path: string): boolean {
  if (onWindows && /[\\:]/.test(path)) return false
  // A NUL stands only before two hex digits: see escaped-names.ts.
  if (path.includes('\0') && /\0(?![0-9a-f]{2})/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** The folder or file at `root`, which may itself be a link. */
export function rootFolder(root: string): RootFolder {
  let realRoot: string | null = null
  // Those that are not may come back, such as a drive that was taken out.
  const foldersHeld = new Set<string>()

  const systemPath = (path: string) => {
    const whole = path === '' ? root : `${root}/${path}`
    return whole.includes('\0') ? Buffer.from(bytesOfName(whole)) : whole
  }
  const liesBelow = (path: string) => {
    try {
      realRoot ??= realpathSync.native(root)
      // Bytes that are no UTF-8 become U+FFFD here, which cannot make a path look as if it were below the root.
      const real = realpathSync.native(systemPath(path), 'utf8')
      return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)
    } catch {
      return false
    }
  }
  const holds = (path: string) => {
    if (!isPathBelow(path)) return false
    const slash = path.lastIndexOf('/')
    if (slash === -1) return true
    const folder = path.slice(0, slash)
    if (foldersHeld.has(folder)) return true
    if (!liesBelow(folder)) return false
    if (foldersHeld.size >= mostFoldersKept) foldersHeld.clear()
    foldersHeld.add(folder)
    return true
  }

  const openLink = (path: string) => {
    if (!liesBelow(path)) throw outside(path, 'a link to another place')
    return openSync(realpathSync.native(systemPath(path), 'buffer'), flags)
  }
  const openPath = (path: string) => {
    if (path === '') return openSync(root, flags & ~(constants.O_NOFOLLOW ?? 0))
    if (!isPathBelow(path)) throw outside(path, 'a path that leaves it')
    const name = systemPath(path)
    if (!holds(path)) {
      // Tells a folder that is gone from one that is a link.
      lstatSync(name)
      throw outside(path, 'a folder that links to another place')
    }
    if (onWindows && lstatSync(name).isSymbolicLink()) return openLink(path)
    try {
      return openSync(name, flags)
    } catch (error) {
      // What O_NOFOLLOW answers for a link; EMLINK on some BSDs.
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ELOOP' || code === 'EMLINK') return openLink(path)
      throw error
    }
  }

  return {
    systemPath,
    holds,
    holdsTarget: liesBelow,
    open: (path) => {
      let descriptor: number | null = null
      try {
        descriptor = openPath(path)
        const found = fstatSync(descriptor)
        if (!found.isFile()) throw notAFile(path === '' ? root : path)
        return { descriptor, bytes: found.size }
      } catch (error) {
        if (descriptor !== null) closeSync(descriptor)
        throw error instanceof RepriseError ? error : cannotOpen(path === '' ? root : path, error)
      }
    },
  }
}

/** In words, why the file system refused something. */
export function refusalInWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return 'You have no permission to read it'
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'It is not there'
  if (code === 'ELOOP') return 'It is a link that leads to itself'
  if (code === 'ENAMETOOLONG') return 'Its path is too long'
  return message
}

function cannotOpen(path: string, error: unknown): RepriseError {
  const { code } = error as NodeJS.ErrnoException
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
  return new RepriseError(
    {
      code: isMissing ? 'data-missing' : 'picture-broken',
      message: isMissing ? `There is no ${displayName(path)}` : `${displayName(path)} cannot be opened`,
      found: refusalInWords(error),
      fix: isMissing ? 'Put the file back, or add the data set again.' : 'Look at the permissions of the file.',
    },
    { cause: error },
  )
}

function outside(path: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${displayName(path)} lies outside the data set`,
    expected: 'a file below its folder',
    found,
    fix: 'Move the file into the folder, or choose the folder that holds both.',
  })
}

function notAFile(path: string): RepriseError {
  return new RepriseError({
    code: 'picture-broken',
    message: `${displayName(path)} is no regular file`,
    found: 'a folder, a pipe or a device',
    fix: 'Remove it, or leave it out.',
  })
}
