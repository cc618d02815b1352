// Saves a training while it runs, and sets it back to what was saved.
import type { RunConfig } from '../../shared/run-config.ts'
import type { CheckpointEntry, SkippedCheckpoint } from '../../shared/saved-state.ts'
import type { TensorToWrite } from '../formats/safetensors.ts'
import type { Network } from '../nn/parameters.ts'
import type { Variable } from '../tensorflow/variables.ts'
import { networkTensors, restoreTraining, stateTensors } from './checkpoint.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { type GrowingRecord, recordedPoints } from './seed-record.ts'
import { countersMetadata, readCountersMetadata, type TrainingCounters } from './training-state.ts'

/** Saving takes at most this share of the time; what it takes is known from the last time. */
const largestShare = 0.01

/** What is saved: `counters` and `record` are changed in place by the training and by `restore`. */
export interface SavedTraining {
  /** As it is judged. */
  judged: Network
  averaged: boolean
  state: ReadonlyMap<string, Variable>
  counters: TrainingCounters
  record: GrowingRecord
  stepsPerEpoch: number
}

export interface TrainingSaver {
  /** True when a state was saved long enough ago. */
  readonly due: boolean
  /** Does nothing where the newest state is that of now, or where a value is not finite: nobody could go on from it. */
  saveState(): void
  saveBest(): void
  /** Keeps the weights of the present epoch, where the settings ask for it and they are not kept yet. */
  saveEpoch(): void
  /** Sets everything back to the newest whole state. `entry` is null where there is none; then nothing has changed. */
  restore(): { entry: CheckpointEntry | null; skipped: SkippedCheckpoint[] }
}

export function createTrainingSaver(
  store: CheckpointStore,
  training: SavedTraining,
  saving: RunConfig['saving'],
): TrainingSaver {
  const { judged, averaged, state, counters, record, stepsPerEpoch } = training
  let savedAt = performance.now()
  let writeMs = 0
  // Of the two newest states, so that the best weights of the one before stay too.
  let bestFiles: (string | null)[] = []

  const now = () => [counters.step, counters.judged, counters.finished, counters.lrScale].join(' ')
  let saved = ''

  const place = (top1: number | null) => ({ step: counters.step, epoch: counters.step / stepsPerEpoch, averaged, top1 })
  const judgedHere = () => (counters.last?.step === counters.step ? counters.last.top1 : null)
  const weights = (top1: number | null, kind: 'best' | 'epoch') =>
    store.write(kind, place(top1), { tensors: networkTensors(judged), metadata: {} })

  return {
    get due() {
      if (saving.seconds === 0) return true
      return performance.now() - savedAt >= Math.max(saving.seconds * 1000, writeMs / largestShare)
    },
    saveState() {
      if (saved === now()) return
      const started = performance.now()
      const variables = [...networkTensors(judged), ...stateTensors(judged, state)]
      if (!variables.every(holdsFinite)) return
      store.write('state', place(judgedHere()), {
        tensors: [...variables, record.tensor()],
        metadata: countersMetadata(counters, record.epochs),
      })
      bestFiles = [counters.bestFile, ...bestFiles].slice(0, 2)
      store.tidy({ best: bestFiles, finished: counters.finished })
      saved = now()
      savedAt = performance.now()
      writeMs = savedAt - started
    },
    saveBest() {
      counters.bestFile = weights(counters.best?.top1 ?? null, 'best').file
    },
    saveEpoch() {
      const { step } = counters
      const isDue = saving.every > 0 && step > 0 && step % (saving.every * stepsPerEpoch) === 0
      const isKept = store.entries().some((entry) => entry.kind === 'epoch' && entry.step === step)
      if (isDue && !isKept) weights(judgedHere(), 'epoch')
    },
    restore() {
      const restored = store.newestState((file, { file: name }) => {
        const tensors = new Map(file.tensors.map((tensor) => [tensor.name, tensor]))
        const read = readCountersMetadata(file, name)
        restoreTraining(judged, state, tensors, name)
        Object.assign(counters, read.counters)
        record.replace({ points: recordedPoints(tensors), epochs: read.epochs })
      })
      if (restored.entry) {
        bestFiles = [counters.bestFile]
        saved = now()
      }
      savedAt = performance.now()
      return restored
    },
  }
}

/** v - v is 0 for every finite v, and NaN for the others. */
function holdsFinite({ data }: TensorToWrite): boolean {
  let sum = 0
  for (const value of data as Float32Array) sum += value - value
  return sum === 0
}
