// Browsing for data: folders and files under the user's home folder and mounted disks, nothing else.
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import type { FolderListing } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'
import type { HostServices } from '../api/services.ts'
import type { Access } from '../http/sessions.ts'

const diskTypes = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs ntfs ntfs3 vfat exfat fuseblk nfs nfs4 cifs smb3 9p virtiofs apfs hfs'.split(' '),
)
const systemFolders = ['/proc', '/sys', '/dev', '/etc', '/boot', '/run', '/usr', '/var', '/tmp']

/** Mount points of disks in the form of /proc/mounts; those of the system itself are left out. */
export function mountedDisks(mounts: string): string[] {
  return mounts.split('\n').flatMap((line) => {
    const [, point = '', type = ''] = line.split(' ')
    const path = point.replace(/\\040/g, ' ')
    const user = path.startsWith('/run/media/')
    const system = path === '/' || systemFolders.some((folder) => path === folder || path.startsWith(`${folder}/`))
    return diskTypes.has(type) && (user || !system) ? [path] : []
  })
}

async function mounts(): Promise<string[]> {
  if (process.platform === 'darwin') return ['/Volumes']
  if (process.platform === 'win32') return 'CDEFGHIJKLMNOPQRSTUVWXYZ'.split('').map((letter) => `${letter}:\\`)
  return mountedDisks(await readFile('/proc/mounts', 'utf8').catch(() => ''))
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

/** Folders from which browsing may start: home, mounted disks, and those that REPRISE_DATA_ROOTS names. */
export async function browsingRoots(env: NodeJS.ProcessEnv, home: string = homedir()): Promise<string[]> {
  const named = (env.REPRISE_DATA_ROOTS ?? '').split(delimiter).filter(isAbsolute)
  const candidates = [home, ...(await mounts()), ...named]
  const found = await Promise.all(candidates.map(async (path) => ((await isFolder(path)) ? realpath(path) : null)))
  return [...new Set(found.filter((path) => path !== null))]
}

const inside = (path: string, root: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)

/** The path with all links resolved; where nothing is, that of the nearest folder above it, so that `found` is false. */
async function resolved(path: string): Promise<{ real: string; found: boolean }> {
  for (let at = path; ; at = dirname(at)) {
    const real = await realpath(at).catch(() => null)
    if (real !== null) return { real, found: at === path }
    if (at === dirname(at)) return { real: at, found: false }
  }
}

/**
 * The path that `path` stands for, links resolved. Throws `not-allowed` outside the roots, whether or not something is there;
 * `data-missing` where nothing is.
 */
async function pathUnder(roots: readonly string[], path: string): Promise<string> {
  const { real, found } = await resolved(path)
  if (!roots.some((root) => inside(real, root))) {
    throw new RepriseError({
      code: 'not-allowed',
      message: 'This path lies outside what may be browsed.',
      expected: `a path under ${roots.join(', ')}`,
      found: path,
      fix: 'Move the data under the home folder or a mounted disk, or give its path to "reprise datasets add".',
    })
  }
  if (found) return real
  throw new RepriseError({
    code: 'data-missing',
    message: 'There is nothing at this path.',
    expected: 'a folder or file on the machine where the engine runs',
    found: path,
    fix: 'Check the path, or choose a folder above it.',
  })
}

/** Lists one folder, hidden entries left out. Throws `not-allowed` outside the roots, links resolved; `data-missing` when it is not there. */
export async function listFolder(path: string | undefined, roots: readonly string[]): Promise<FolderListing> {
  const wanted = resolve(path ?? roots[0] ?? homedir())
  const real = await pathUnder(roots, wanted)
  if (!(await isFolder(real))) {
    throw new RepriseError({
      code: 'data-missing',
      message: 'This is no folder.',
      expected: 'a folder on this machine',
      found: wanted,
      fix: 'Choose a folder above it.',
    })
  }
  const entries = await readdir(real, { withFileTypes: true })
  const listed = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith('.'))
      .map(async (entry) => {
        const full = join(real, entry.name)
        const folder = entry.isSymbolicLink() ? await isFolder(full) : entry.isDirectory()
        return { name: entry.name, path: full, kind: folder ? ('folder' as const) : ('file' as const) }
      }),
  )
  listed.sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
  return { path: real, parent: roots.includes(real) ? null : dirname(real), roots: [...roots], entries: listed }
}

/**
 * The folders of this machine as clients may use them. An owner's paths are taken as they are, as those of a command typed in a
 * terminal; a page's must lie under the roots.
 */
export function createFolders(env: NodeJS.ProcessEnv): HostServices['folders'] {
  return {
    list: async (path) => listFolder(path, await browsingRoots(env)),
    allowed: async (path: string, access: Access) =>
      access === 'owner' ? path : pathUnder(await browsingRoots(env), resolve(path)),
  }
}
