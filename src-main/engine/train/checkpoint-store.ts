// The checkpoints of one seed in the folder of its run: which are written, which stay, and from which a training goes on.
import { mkdirSync } from 'node:fs'
import { toErrorReport } from '../../shared/errors.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { CheckpointEntry, CheckpointKind, SkippedCheckpoint } from '../../shared/saved-state.ts'
import type { SafetensorsFile, TensorToWrite } from '../formats/safetensors.ts'
import {
  checkpointNumber,
  listCheckpoints,
  readCheckpoint,
  removeCheckpoint,
  removeLeftovers,
  writeCheckpoint,
} from './checkpoint.ts'

/** How many states stay: a damaged one is passed over for the one before. */
const keptStates = 2
const bytesPerGigabyte = 1e9

export interface CheckpointContent {
  tensors: readonly TensorToWrite[]
  metadata: Readonly<Record<string, string>>
}

export interface CheckpointPlace {
  step: number
  epoch: number
  top1: number | null
  averaged: boolean
}

export interface CheckpointStore {
  /** Complete checkpoints, oldest first. */
  entries(): readonly CheckpointEntry[]
  /** Writes a checkpoint, and only then deletes what need not stay. Throws what `writeCheckpoint` throws. */
  write(kind: CheckpointKind, place: CheckpointPlace, content: CheckpointContent): CheckpointEntry
  /**
   * Hands states to `restore`, the newest first, until one is whole: its hash holds and `restore` does not throw. Returns which it
   * was, or null, and those passed over.
   */
  newestState(restore: (file: SafetensorsFile, entry: CheckpointEntry) => void): {
    entry: CheckpointEntry | null
    skipped: SkippedCheckpoint[]
  }
  /** Deletes what no state refers to, after a state has been written that names its best weights. */
  tidy(options: { best: readonly (string | null)[]; finished: boolean }): void
}

export interface CheckpointStoreOptions {
  seed: number
  model: string
  saving: RunConfig['saving']
  onWritten(entry: CheckpointEntry): void
  onRemoved(file: string): void
}

/** Opens the checkpoints of a seed in `dir`, which is made where it is missing; what an interrupted writing left is deleted. */
export function openCheckpointStore(
  dir: string,
  { seed, model, saving, onWritten, onRemoved }: CheckpointStoreOptions,
): CheckpointStore {
  mkdirSync(dir, { recursive: true })
  removeLeftovers(dir, seed)
  const found = listCheckpoints(dir, seed)
  let entries = found.entries
  let number = Math.max(0, ...[...entries, ...found.damaged].map(({ file }) => checkpointNumber(file)))

  const remove = (gone: readonly CheckpointEntry[]) => {
    for (const { file } of gone) {
      removeCheckpoint(dir, file)
      onRemoved(file)
    }
    entries = entries.filter((entry) => !gone.includes(entry))
  }
  const ofKind = (kind: CheckpointKind) => entries.filter((entry) => entry.kind === kind)

  const tidyEpochs = () => {
    const newestFirst = ofKind('epoch').reverse()
    const limit = saving.gigabytes > 0 ? saving.gigabytes * bytesPerGigabyte : Number.POSITIVE_INFINITY
    let bytes = 0
    remove(
      newestFirst.filter((entry, index) => {
        bytes += entry.bytes
        return (saving.keep > 0 && index >= saving.keep) || (bytes > limit && index > 0)
      }),
    )
  }

  return {
    entries: () => entries,
    write(kind, { step, epoch, top1, averaged }, { tensors, metadata }) {
      number += 1
      const at = kind === 'epoch' ? `epoch-${Math.round(epoch)}` : `step-${step}-${kind}`
      const about = { file: `seed-${seed}-${at}-${number}.safetensors`, seed, kind, step, epoch, averaged, top1 }
      const entry = writeCheckpoint(dir, about, tensors, { model, seed: String(seed), step: String(step), ...metadata })
      entries = [...entries, entry]
      onWritten(entry)
      if (kind === 'epoch') tidyEpochs()
      return entry
    },
    newestState(restore) {
      const skipped = [...found.damaged]
      for (const entry of ofKind('state').reverse()) {
        try {
          restore(readCheckpoint(dir, entry), entry)
          return { entry, skipped }
        } catch (error) {
          skipped.push({ file: entry.file, reason: toErrorReport(error).found ?? toErrorReport(error).message })
        }
      }
      return { entry: null, skipped }
    },
    tidy({ best, finished }) {
      const states = ofKind('state')
      const newestBest = ofKind('best').at(-1)
      remove([
        ...states.slice(0, Math.max(0, states.length - (finished ? 1 : keptStates))),
        ...ofKind('best').filter((entry) => entry !== newestBest && !best.includes(entry.file)),
      ])
    },
  }
}
