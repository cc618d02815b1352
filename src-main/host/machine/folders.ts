// Browsing for data: folders and files under the user's home folder and mounted disks, nothing else.
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import type { FolderListing } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'

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

/** Folders from which browsing may start, home first. */
export async function browsingRoots(home: string = homedir()): Promise<string[]> {
  const candidates = [home, ...(await mounts())]
  const found = await Promise.all(candidates.map(async (path) => ((await isFolder(path)) ? realpath(path) : null)))
  return [...new Set(found.filter((path) => path !== null))]
}

const inside = (path: string, root: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)

/** Lists one folder, hidden entries left out. Throws `not-allowed` outside the roots, links resolved; `data-missing` when it is not there. */
export async function listFolder(path?: string, roots?: string[]): Promise<FolderListing> {
  const allowed = roots ?? (await browsingRoots())
  const wanted = resolve(path ?? allowed[0] ?? homedir())
  const real = await realpath(wanted).catch(() => null)
  if (real === null || !(await isFolder(real))) {
    throw new RepriseError({
      code: 'data-missing',
      message: 'There is no such folder.',
      expected: 'a folder on this machine',
      found: wanted,
      fix: 'Choose a folder above it.',
    })
  }
  if (!allowed.some((root) => inside(real, root))) {
    throw new RepriseError({
      code: 'not-allowed',
      message: 'This folder lies outside what may be browsed.',
      expected: `a folder under ${allowed.join(', ')}`,
      found: real,
      fix: 'Move the data under the home folder or a mounted disk, or give its path to "reprise datasets add".',
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
  return { path: real, parent: allowed.includes(real) ? null : dirname(real), roots: allowed, entries: listed }
}
