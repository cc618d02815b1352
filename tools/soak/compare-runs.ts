// Two runs of two hosts that shall be one and the same: saved states bit by bit, and all that the history tells of them.
import { join } from 'node:path'
import type { RunDetail, SeedCurve } from '../../src-main/shared/api.ts'
import { compareTrainings } from '../../src-main/worker/compare-trainings.ts'
import type { SoakHost } from './soak-host.ts'

export interface RunRecord {
  run: RunDetail
  curves: SeedCurve[]
  folder: string
}

export interface RunComparison {
  equal: boolean
  tensors: number
  bytes: number
  steps: number
  evaluations: number
  /** What differs, as sentences. */
  differences: string[]
}

/** All steps of a run: far more points than any run of the soak has steps. */
const allPoints = 100_000

export async function recordRun(host: SoakHost, id: string): Promise<RunRecord> {
  const run = await host.client.runs.get.query({ id })
  const curves = await host.client.runs.curves.query({ id, maxPoints: allPoints })
  return { run, curves, folder: join(host.dataDir, 'runs', id) }
}

/**
 * Holds `run` against `straight`: finished alike, with every seed; each step there once, with the same loss and rate; the same
 * evaluations, results and verdict; final states and best weights with the same bytes. Times are left out.
 */
export function compareRuns(straight: RunRecord, run: RunRecord): RunComparison {
  const differences: string[] = []
  const same = (what: string, one: unknown, other: unknown) => {
    if (JSON.stringify(one) !== JSON.stringify(other)) differences.push(what)
  }
  same('status', straight.run.status, run.run.status)
  if (run.run.interruption !== null) differences.push('a finished run says that it was broken off')
  same('seeds', straight.run.seeds.map(seedFacts), run.run.seeds.map(seedFacts))
  same('evaluations', straight.run.epochs.map(withoutTimes), run.run.epochs.map(withoutTimes))
  same('verdict', straight.run.verdict, run.run.verdict)
  const total = straight.run.seeds.reduce((sum, { totalSteps }) => sum + totalSteps, 0)
  for (const { curves, run: of } of [straight, run]) {
    const steps = curves.reduce((sum, { points }) => sum + points.length, 0)
    if (steps !== total) differences.push(`${of.id} has ${steps} steps in its history, ${total} were expected`)
  }
  same('losses and rates', straight.curves, run.curves)
  let [tensors, bytes] = [0, 0]
  for (const { seed } of straight.run.seeds) {
    const states = compareTrainings(straight.folder, run.folder, seed)
    tensors += states.tensors
    bytes += states.bytes
    if (!states.equal) {
      differences.push(`seed ${seed}, ${states.firstDifference}: differs by up to ${states.maxDifference}`)
    }
  }
  const evaluations = straight.run.epochs.length
  return { equal: differences.length === 0, tensors, bytes, steps: total, evaluations, differences }
}

type SeedState = RunDetail['seeds'][number]

function seedFacts({ seed, status, step, totalSteps, top1, result }: SeedState) {
  return { seed, status, step, totalSteps, top1, last: result?.last, best: result?.best, stopped: result?.stopped }
}

function withoutTimes({ trainSeconds: _, ...figures }: RunDetail['epochs'][number]) {
  return figures
}
