// What is known of a run while it trains, kept in memory and sent to windows.
import type { LiveState } from '../../shared/api.ts'
import type { WorkerToHost } from '../../shared/worker-protocol.ts'

/** About four minutes at one sample per two seconds. */
const keptSamples = 120

type Report<T extends WorkerToHost['type']> = Extract<WorkerToHost, { type: T }>

export interface LiveTracker {
  state(): LiveState
  phase(report: Omit<Report<'phase'>, 'type'>): void
  seedStart(report: Report<'seed-start'>): void
  steps(report: Report<'steps'>): void
  seedEnd(seconds: number): void
  machine(report: Report<'machine'>): void
}

/**
 * @param seeds all seeds of the run, in order; time left for those to come is that of the finished ones, or of the present
 * one as measured so far. Pauses never count: workers announce time left from step times alone.
 */
export function createLiveTracker(seeds: number[], now: () => number = Date.now): LiveTracker {
  const finished: number[] = []
  let seedStartedAt: number | null = null
  let live: LiveState = {
    seed: seeds[0] ?? 1,
    phase: 'libraries',
    phaseText: null,
    done: null,
    total: null,
    step: 0,
    totalSteps: 0,
    stepsPerEpoch: 0,
    imagesPerSecond: null,
    stepSeconds: null,
    seedSecondsLeft: null,
    allSecondsLeft: null,
    machine: [],
  }

  const allSecondsLeft = (seedSecondsLeft: number): number => {
    const after = seeds.length - finished.length - 1
    const mean = finished.reduce((sum, seconds) => sum + seconds, 0) / finished.length
    const present = (seedStartedAt === null ? 0 : (now() - seedStartedAt) / 1000) + seedSecondsLeft
    return seedSecondsLeft + Math.max(after, 0) * (finished.length > 0 ? mean : present)
  }

  return {
    state: () => live,
    phase: ({ phase, seed, done, total, text }) => {
      live = { ...live, phase, phaseText: text ?? null, done: done ?? null, total: total ?? null }
      if (seed !== undefined) live = { ...live, seed }
    },
    seedStart: ({ seed, totalSteps, stepsPerEpoch }) => {
      seedStartedAt = now()
      live = { ...live, seed, totalSteps, stepsPerEpoch, step: 0, seedSecondsLeft: null }
    },
    steps: ({ seed, step, imagesPerSecond, stepSeconds, secondsLeft }) => {
      // Steps are training, whatever phase was told last, such as the tracing of the first one.
      const before = live.phase === 'training' ? {} : { phaseText: null, done: null, total: null }
      live = {
        ...live,
        ...before,
        phase: 'training',
        seed,
        step,
        imagesPerSecond,
        stepSeconds,
        seedSecondsLeft: secondsLeft,
        allSecondsLeft: allSecondsLeft(secondsLeft),
      }
    },
    seedEnd: (seconds) => {
      finished.push(seconds)
      const left = (seeds.length - finished.length) * (finished.reduce((sum, s) => sum + s, 0) / finished.length)
      live = { ...live, seedSecondsLeft: 0, allSecondsLeft: left }
    },
    machine: ({ sample }) => {
      live = { ...live, machine: [...live.machine, { ...sample, at: now() }].slice(-keptSamples) }
    },
  }
}
