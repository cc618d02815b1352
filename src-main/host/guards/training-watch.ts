// Watches over what trains: lets it wait while the disk is nearly full or a device is too hot, and tells what its user should know.
import type { Settings } from '../../shared/api.ts'
import type { AlertKind, RunAlert } from '../../shared/run-alerts.ts'
import type { CheckpointEntry } from '../../shared/saved-state.ts'
import type { WorkerToHost } from '../../shared/worker-protocol.ts'
import type { ClockReading } from '../machine/clocks.ts'
import type { Notices } from '../notices.ts'
import type { RunWatch, WatchedTraining } from '../runs/run-watch.ts'
import { clockGaps } from './clock-gap.ts'
import { createHysteresis } from './hysteresis.ts'
import { createProgressWatch, type ProgressWatch } from './stuck.ts'
import { createTrainingHints, type TrainingHints } from './training-hints.ts'

export interface MachineReadings {
  freeDiskBytes(): Promise<number>
  /** Degrees Celsius, null where nothing can be read. */
  gpuCelsius(): Promise<number | null>
  cpuCelsius(): Promise<number | null>
  freeMemoryBytes(): number
  memoryBytes(): number
  clocks(): ClockReading
}

export interface TrainingWatchParts {
  settings(): Pick<Settings, 'maxCelsius' | 'minFreeBytes'>
  machine: MachineReadings
  notices: Pick<Notices, 'tell'>
  /** For how many seconds reports have waited in memory because the history cannot be written. */
  unwrittenSeconds(): number
  /** Told whether anything computes, whenever that may have changed. */
  atWork(working: boolean): void
  everyMs: number
}

export interface TrainingWatch extends RunWatch {
  /** Looks once; called by itself every few seconds. */
  look(): Promise<void>
  close(): void
}

/** Why a training waits. */
type Guard = 'disk' | 'heat' | 'history'

interface Watched {
  training: WatchedTraining
  progress: ProgressWatch
  hints: TrainingHints
  /** On a GPU, as its worker told. */
  gpu: boolean
  /** Its worker waits with the device. */
  waits: boolean
  /** Bytes of the newest checkpoint of each kind: about what the next ones take. */
  bytes: Partial<Record<CheckpointEntry['kind'], number>>
  /** Guards that have let this training wait since they tripped; a user who lets it go on all the same is not overruled. */
  heldBy: Set<Guard>
  /** No guard holds it any more, and it has not yet said that it goes on. */
  released: boolean
}

const diskMargin = 1.2
const coolerBy = 5
/** CPUs are built for higher temperatures than GPUs; see the setting. */
const cpuBonus = 10
/** Free memory below this share, or these bytes, is little. */
const lowMemoryShare = 0.03
const lowMemoryBytes = 256e6
/** Reports of so long fit into memory easily; a training that cannot store more waits then. */
const unwrittenLimit = 600

const newGuards = () => ({
  disk: createHysteresis('below', 1),
  gpuHeat: createHysteresis('above', 2),
  cpuHeat: createHysteresis('above', 2),
  history: createHysteresis('above', 1),
  memory: createHysteresis('below', 2),
})

export function createTrainingWatch(parts: TrainingWatchParts): TrainingWatch {
  const { machine, notices, everyMs } = parts
  const watched = new Map<number, Watched>()
  let guards = newGuards()
  const now = () => machine.clocks().monotonicMs
  let clocks = machine.clocks()
  /** The alert of each guard that has tripped, for trainings that begin later. */
  const tripped = new Map<Guard, { kind: AlertKind | null; values: RunAlert['values'] }>()

  const everyTraining = (act: (one: Watched) => void) => {
    for (const one of watched.values()) act(one)
  }
  const hold = (one: Watched, guard: Guard) => {
    const alert = tripped.get(guard)
    if (!alert || one.heldBy.has(guard)) return
    one.heldBy.add(guard)
    one.released = false
    if (alert.kind) one.training.tell(alert.kind, alert.values)
    one.training.pauseByGuard()
  }
  const trip = (guard: Guard, kind: AlertKind | null, values: RunAlert['values']) => {
    tripped.set(guard, { kind, values })
    everyTraining((one) => hold(one, guard))
  }
  const recover = (guard: Guard, kind: AlertKind | null, values: RunAlert['values']) => {
    if (!tripped.delete(guard)) return
    everyTraining((one) => {
      if (!one.heldBy.delete(guard)) return
      if (kind) one.training.tell(kind, values)
      one.released = one.heldBy.size === 0
    })
  }

  /** The setting, or what the next checkpoints of all trainings take where that is more. */
  const neededBytes = () => {
    let next = 0
    everyTraining(({ bytes }) => {
      for (const size of Object.values(bytes)) next += size
    })
    return Math.max(parts.settings().minFreeBytes, next)
  }
  const lookAtDisk = async () => {
    const freeBytes = await machine.freeDiskBytes()
    const neededBytesNow = neededBytes()
    const change = guards.disk.read(freeBytes, { trip: neededBytesNow, recover: diskMargin * neededBytesNow })
    if (change === 'tripped') trip('disk', 'disk-low', { freeBytes, neededBytes: neededBytesNow })
    if (change === 'recovered') recover('disk', 'disk-recovered', { freeBytes })
  }

  const lookAtHeat = async () => {
    const gpu = [...watched.values()].some((one) => one.gpu)
    const gpuCelsius = gpu ? await machine.gpuCelsius() : null
    const cpuCelsius = await machine.cpuCelsius()
    // Only now: the last training may have ended meanwhile, and its guards with it.
    const { gpuHeat, cpuHeat } = guards
    const { maxCelsius } = parts.settings()
    const readings = [
      { heat: gpuHeat, limit: maxCelsius, celsius: gpuCelsius },
      { heat: cpuHeat, limit: maxCelsius + cpuBonus, celsius: cpuCelsius },
    ]
    for (const { heat, limit, celsius } of readings) {
      // A sensor that says nothing any more must not let a training wait forever.
      if (celsius === null && !heat.tripped()) continue
      const trips = maxCelsius > 0 ? limit : Number.POSITIVE_INFINITY
      const reading = celsius ?? Number.NEGATIVE_INFINITY
      const change = heat.read(reading, { trip: trips, recover: trips - coolerBy })
      if (change === 'tripped') trip('heat', 'too-hot', { celsius: reading, limit })
      const cool = !gpuHeat.tripped() && !cpuHeat.tripped()
      if (change !== 'recovered' || !cool) continue
      if (celsius === null) recover('heat', null, {})
      else recover('heat', 'cooled-down', { celsius })
    }
  }

  const lookAtMemory = () => {
    const freeBytes = machine.freeMemoryBytes()
    const low = Math.max(lowMemoryBytes, lowMemoryShare * machine.memoryBytes())
    if (guards.memory.read(freeBytes, { trip: low, recover: 2 * low }) === 'tripped') {
      everyTraining(({ training }) => training.tell('memory-low', { freeBytes }))
    }
  }

  const lookAtHistory = () => {
    const change = guards.history.read(parts.unwrittenSeconds(), { trip: unwrittenLimit, recover: 0 })
    if (change === 'tripped') trip('history', null, {})
    if (change === 'recovered') recover('history', null, {})
  }

  const lookAtClocks = () => {
    const after = machine.clocks()
    for (const { kind, seconds } of clockGaps(clocks, after, everyMs / 1000)) {
      notices.tell(kind, { seconds: Math.round(seconds) })
      if (kind !== 'slept') continue
      everyTraining(({ training, progress, waits }) => {
        progress.restart()
        if (!waits) training.tell('slept', { seconds: Math.round(seconds) })
      })
    }
    clocks = after
  }

  const lookAtProgress = () => {
    everyTraining(({ training, progress }) => {
      const stuck = progress.check()
      if (stuck) training.tell('stuck', stuck)
    })
  }

  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    try {
      lookAtClocks()
      if (watched.size === 0) return
      lookAtProgress()
      lookAtHistory()
      lookAtMemory()
      await Promise.allSettled([lookAtDisk(), lookAtHeat()])
      // Again and again: a worker may still be on its way into the pause.
      everyTraining(({ released, training }) => {
        if (released) training.continueByGuard()
      })
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()

  const tellWork = () => parts.atWork([...watched.values()].some(({ waits }) => !waits))

  const take = (one: Watched, message: WorkerToHost) => {
    if (message.type === 'environment') one.gpu = message.environment.device !== 'CPU'
    if (message.type === 'continued') one.released = false
    if (message.type === 'paused' || message.type === 'continued') {
      one.waits = message.type === 'paused'
      tellWork()
    }
    if (message.type === 'checkpoint') one.bytes[message.checkpoint.kind] = message.checkpoint.bytes
    // Earlier, its worker could not save a state.
    if (message.type === 'steps') for (const guard of tripped.keys()) hold(one, guard)
  }

  return {
    started: (training) => {
      watched.set(training.run, {
        training,
        progress: createProgressWatch(now),
        hints: createTrainingHints(training.config),
        gpu: false,
        waits: false,
        bytes: {},
        heldBy: new Set(),
        released: false,
      })
      tellWork()
    },
    report: (run, message) => {
      const one = watched.get(run)
      if (!one) return
      const stuckSeconds = one.progress.report(message)
      if (stuckSeconds !== null) one.training.tell('moving', { seconds: stuckSeconds })
      for (const { kind, values } of one.hints.report(message)) one.training.tell(kind, values)
      take(one, message)
    },
    ended: (run) => {
      watched.delete(run)
      tellWork()
      if (watched.size > 0) return
      // Nobody looks while nothing trains: what begins next is judged anew.
      guards = newGuards()
      tripped.clear()
    },
    look,
    close: () => clearInterval(timer),
  }
}
