// Kills workers and hosts at random moments, lets the run go on each time, and compares what comes out with an undisturbed run.
import { setTimeout as delay } from 'node:timers/promises'
import { compareRuns, type RunComparison, type RunRecord } from './compare-runs.ts'
import { damageFiles } from './power-loss.ts'
import type { Random } from './random.ts'
import { type SoakedRun, startSoakedRun } from './soaked-run.ts'

export interface KillPlan {
  recipeId: string
  changes: Record<string, unknown>
  /** A fresh data folder, with the data set in it where that is at hand. */
  freshFolder(name: string): string
  kills: number
  /** SIGKILL alone, or with files left as a power cut leaves them. */
  kind: 'kill' | 'power-loss'
  random: Random
  /** A run of the same settings that nobody disturbed. */
  straight: RunRecord
  say(text: string): void
}

export interface KillResult {
  kills: number
  /** How many of each, by who was killed and in which moment. */
  byTarget: Record<string, number>
  byMoment: Record<string, number>
  /** Files that were damaged, by kind; none where only processes were killed. */
  damaged: Record<string, number>
  /** Runs that took the kills, each compared with the undisturbed one. */
  runs: RunComparison[]
  equal: boolean
  seconds: number
}

const targets = ['worker', 'host', 'both'] as const
/** `start`: in the first second of the process; `training`: shortly after a report of steps; `saving`: while a file is written. */
const moments = ['start', 'training', 'training', 'saving'] as const

/** Longest wait after a report of steps; short, so that a short run takes many kills. */
const trainingMs = 600

/** Trains as often as it takes to use up the kills; the last run is left to finish. */
export async function killTest(plan: KillPlan): Promise<KillResult> {
  const { kills, kind, random, say, straight } = plan
  const began = performance.now()
  const counts = {
    target: new Map<string, number>(),
    moment: new Map<string, number>(),
    damage: new Map<string, number>(),
  }
  const runs: RunComparison[] = []
  let done = 0
  while (done < kills) {
    const run = await startSoakedRun({ ...plan, dataDir: plan.freshFolder(`${kind}-${runs.length + 1}`) })
    while (done < kills) {
      const target = kind === 'power-loss' ? 'both' : random.pick(targets)
      const moment = random.pick(moments)
      await waitForMoment(run, moment, random)
      if (await run.isFinished()) break
      await run.kill(target)
      if (kind === 'power-loss') for (const what of damageFiles(run, random)) add(counts.damage, what)
      done += 1
      add(counts.target, target)
      add(counts.moment, moment)
      say(`kill ${done} of ${kills}: ${target} (${moment}), ${((performance.now() - began) / 1000).toFixed(0)} s`)
      await run.goOn()
    }
    const comparison = compareRuns(straight, await run.finish())
    say(comparison.equal ? 'equal' : comparison.differences.join('; '))
    runs.push(comparison)
  }
  return {
    kills: done,
    byTarget: Object.fromEntries(counts.target),
    byMoment: Object.fromEntries(counts.moment),
    damaged: Object.fromEntries(counts.damage),
    runs,
    equal: runs.every(({ equal }) => equal),
    seconds: (performance.now() - began) / 1000,
  }
}

async function waitForMoment(run: SoakedRun, moment: (typeof moments)[number], random: Random): Promise<void> {
  if ((await run.worker()) === null) {
    if (await run.isFinished()) return
    throw new Error(`${run.id} stands still although it was resumed.`)
  }
  if (moment === 'start') return delay(random.between(0, 1000))
  if (moment === 'saving') {
    await run.saving()
    return delay(random.between(0, 8))
  }
  await run.stepped()
  await delay(random.between(0, trainingMs))
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
