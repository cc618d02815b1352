// Refuses an install that the disk cannot hold, before anything is fetched.
import { mkdir, statfs } from 'node:fs/promises'
import { RepriseError } from '../../../shared/errors.ts'

/** Bytes that the user may still write to the disk of `folder`, which must exist. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/**
 * Makes `folder` and checks that `bytes` more fit on its disk.
 * @throws RepriseError `disk-too-small`
 */
export async function needDisk(folder: string, bytes: number, free: typeof freeBytes = freeBytes): Promise<void> {
  await mkdir(folder, { recursive: true })
  const found = await free(folder)
  if (found >= bytes) return
  throw new RepriseError({
    code: 'disk-too-small',
    message: `The disk of ${folder} is too full to install libtensorflow.`,
    expected: `${gigabytes(bytes)} free, for the download and the unpacked library`,
    found: `${gigabytes(found)} free`,
    fix: 'Free some space, or name a folder on another disk in REPRISE_CACHE.',
    details: { folder, neededBytes: bytes, freeBytes: found },
  })
}
