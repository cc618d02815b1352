// Room on the disk, asked before anything is written.
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RepriseError } from '../../shared/errors.ts'

/** Free bytes for this user on the disk that holds `folder`. */
export type FreeBytes = (folder: string) => Promise<number>

/** Asks the file system; a folder that is still to be made is judged by its nearest existing parent. */
export const freeBytesOnDisk: FreeBytes = async (folder) => {
  try {
    const disk = await statfs(folder)
    return disk.bavail * disk.bsize
  } catch (error) {
    const parent = dirname(folder)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error
    return freeBytesOnDisk(parent)
  }
}

/** Throws `disk-too-small` when `folder` lies on a disk with less than `needed` bytes free. */
export async function requireFreeSpace(folder: string, needed: number, what: string, free: FreeBytes): Promise<void> {
  const available = await free(folder)
  if (available >= needed) return
  throw new RepriseError({
    code: 'disk-too-small',
    message: `There is not enough room on the disk for ${what}`,
    expected: `${megabytes(needed)} free at ${folder}`,
    found: `${megabytes(available)} free`,
    fix: `Free ${megabytes(needed - available)} there, or move the data folder to a larger disk.`,
    details: { folder, needed, available },
  })
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}
