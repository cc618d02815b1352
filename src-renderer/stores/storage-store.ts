// What lies on the disk of the data folder, and the bin. Read when a view asks for it: nothing announces its changes.
import { create } from 'zustand'
import type { RunSummary } from '../../src-main/shared/api.ts'
import { type ErrorReport, toErrorReport } from '../../src-main/shared/errors.ts'
import type { BinEntry, StorageUse } from '../../src-main/shared/storage-use.ts'
import { engineClient } from '../client/current-client.ts'

export interface BinnedRun {
  run: RunSummary
  entry: BinEntry
}

export interface StorageState {
  /** Null until read. */
  use: StorageUse | null
  /** What was moved last first; null until read. */
  bin: BinnedRun[] | null
  error: ErrorReport | null
}

export const useStorageStore = create<StorageState>()(() => ({ use: null, bin: null, error: null }))

const { setState, getState } = useStorageStore

/** Measures what takes the room. */
export async function refreshStorage(): Promise<void> {
  try {
    setState({ use: await engineClient().storage.use(), error: null })
  } catch (error) {
    setState({ error: toErrorReport(error) })
  }
}

/** Reads the bin, and measures with it. */
export async function refreshBin(): Promise<void> {
  try {
    const { storage, runs } = engineClient()
    const [use, entries, binned] = await Promise.all([storage.use(), storage.bin(), runs.list({ bin: true })])
    const entryOf = new Map(entries.map((entry) => [entry.runId, entry]))
    const bin = binned
      .flatMap((run) => {
        const entry = entryOf.get(run.id)
        return entry ? [{ run, entry }] : []
      })
      .sort((a, b) => b.entry.removedAt - a.entry.removedAt)
    setState({ use, bin, error: null })
  } catch (error) {
    setState({ error: toErrorReport(error) })
  }
}

/** Reads again what a view has read before, as after a change of runs or of the bin. */
export async function refreshStorageRead(): Promise<void> {
  const { use, bin } = getState()
  if (bin !== null) await refreshBin()
  else if (use !== null) await refreshStorage()
}
