// A full disk for tests: a small one in memory, and a file that fills it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface SmallDisk {
  folder: string
  /** Leaves less than a page free. */
  fill(): void
  /** Gives back what `fill` took. */
  free(): void
}

export const noSmallDisk = 'mounting a small disk takes the rights of an administrator on Linux'

/** A disk of its own that ends with the test; null where this user may not mount one. */
export function smallDisk(bytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-disk-'))
  onTestFinished(() => rmdirSync(folder))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  const filler = join(folder, 'filler')
  return {
    folder,
    fill: () => {
      for (let size = bytes; size > 0; size -= 4096) {
        try {
          writeFileSync(filler, Buffer.alloc(size))
          return
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
    },
    free: () => rmSync(filler),
  }
}
