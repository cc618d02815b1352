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
  /** The seed goes on after so many steps and seconds. */
  resumed(report: Pick<Report<'resumed'>, 'step' | 'trainSeconds'>): void
  steps(report: Report<'steps'>): void
  paused(): void
  continued(): void
  seedEnd(seconds: number): void
  machine(report: Report<'machine'>): void
}

/** Time of day, and ms that pass without jumps. */
export interface LiveClock {
  wall(): number
  monotonic(): number
}

/**
 * Time left for seeds to come is that of the finished ones, or of the present one as measured so far. Pauses never count: workers
 * announce time left from step times alone, and the clock of the present seed stands still meanwhile.
 *
 * @param seeds those that are not finished, in order
 * @param finished seconds of each seed that finished before
 */
export function createLiveTracker(
  seeds: number[],
  finished: readonly number[] = [],
  clock: LiveClock = { wall: Date.now, monotonic: () => performance.now() },
): LiveTracker {
  const done = [...finished]
  const all = seeds.length + finished.length
  let trainedBefore = 0
  let startedAt: number | null = null
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

  const mean = () => done.reduce((sum, seconds) => sum + seconds, 0) / done.length
  const trained = () => trainedBefore + (startedAt === null ? 0 : (clock.monotonic() - startedAt) / 1000)
  const stopClock = () => {
    trainedBefore = trained()
    startedAt = null
  }
  const allSecondsLeft = (seedSecondsLeft: number): number => {
    const after = all - done.length - 1
    return seedSecondsLeft + Math.max(after, 0) * (done.length > 0 ? mean() : trained() + seedSecondsLeft)
  }

  return {
    state: () => live,
    phase: ({ phase, seed, done, total, text }) => {
      live = { ...live, phase, phaseText: text ?? null, done: done ?? null, total: total ?? null }
      if (seed !== undefined) live = { ...live, seed }
    },
    seedStart: ({ seed, totalSteps, stepsPerEpoch }) => {
      trainedBefore = 0
      startedAt = clock.monotonic()
      live = { ...live, seed, totalSteps, stepsPerEpoch, step: 0, seedSecondsLeft: null }
    },
    resumed: ({ step, trainSeconds }) => {
      trainedBefore = trainSeconds
      startedAt = clock.monotonic()
      live = { ...live, step, seedSecondsLeft: null }
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
    paused: stopClock,
    continued: () => {
      startedAt ??= clock.monotonic()
    },
    seedEnd: (seconds) => {
      done.push(seconds)
      live = { ...live, seedSecondsLeft: 0, allSecondsLeft: Math.max(all - done.length, 0) * mean() }
    },
    machine: ({ sample }) => {
      live = { ...live, machine: [...live.machine, { ...sample, at: clock.wall() }].slice(-keptSamples) }
    },
  }
}
