// A run on a small disk that fills up and is freed again while it trains.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { compareRuns, type RunComparison, type RunRecord } from './compare-runs.ts'
import type { Random } from './random.ts'
import { stands } from './soak-host.ts'
import { startSoakedRun } from './soaked-run.ts'

export interface FullDiskPlan {
  recipeId: string
  changes: Record<string, unknown>
  straight: RunRecord
  /** Puts the data set into a data folder. */
  fill(dataDir: string): void
  /** Where the disk is mounted; made and removed. */
  mountPoint: string
  /** How often the disk fills up. */
  times: number
  random: Random
  say(text: string): void
}

export type FullDiskResult =
  | { skipped: string }
  | {
      times: number
      bytes: number
      resumed: number
      causes: Record<string, number>
      run: RunComparison
      equal: boolean
    }

/** Room for the data set, and for all that a run is planned to need. */
const diskBytes = 160 * 2 ** 20

/** Skipped with its reason where no small disk can be mounted, which takes root on Linux. */
export async function fullDiskTest(plan: FullDiskPlan): Promise<FullDiskResult> {
  const { mountPoint } = plan
  mkdirSync(mountPoint, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', mountPoint], { stdio: 'pipe' })
  } catch (error) {
    rmSync(mountPoint, { recursive: true })
    return { skipped: `No small disk could be mounted: ${(error as Error).message.trim().split('\n').at(-1)}` }
  }
  try {
    return await onSmallDisk(plan)
  } finally {
    execFileSync('umount', ['-l', mountPoint])
    rmSync(mountPoint, { recursive: true })
  }
}

async function onSmallDisk(plan: FullDiskPlan): Promise<FullDiskResult> {
  const { mountPoint, random, say } = plan
  const filler = join(mountPoint, 'filler')
  const free = () => {
    const { bavail, bsize } = statfsSync(mountPoint)
    return bavail * bsize
  }
  plan.fill(mountPoint)
  const run = await startSoakedRun({
    dataDir: mountPoint,
    recipeId: plan.recipeId,
    changes: plan.changes,
    // The guard that watches the disk would pause the run before it is full.
    settings: { minFreeBytes: 0 },
  })
  const causes = new Map<string, number>()
  let filled = 0
  let resumed = 0
  for (;;) {
    if (filled < plan.times && (await run.worker()) !== null) {
      await run.stepped()
      fillUp(filler, free)
      filled += 1
      await delay(random.between(200, 2000))
      rmSync(filler)
    }
    // What the full disk has done may show only when the next state is due, at the latest at the end.
    const { status, interruption } = await run.savedOrStands()
    if (status === 'finished') break
    if (!stands({ status })) continue
    const cause = interruption?.cause ?? 'none'
    say(`full disk ${filled} of ${plan.times}: ${status}, ${cause}`)
    causes.set(cause, (causes.get(cause) ?? 0) + 1)
    resumed += 1
    await run.goOn()
  }
  const comparison = compareRuns(plan.straight, await run.finish())
  return {
    times: filled,
    bytes: diskBytes,
    resumed,
    causes: Object.fromEntries(causes),
    run: comparison,
    equal: comparison.equal,
  }
}

/** Writes until nothing more can be written. */
function fillUp(file: string, free: () => number): void {
  for (let bytes = free(); bytes > 0; bytes = free()) {
    try {
      writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      return
    }
  }
}
