// What lies on the disk of the data folder. Bytes; times in ms since 1970.

export interface StorageUse {
  dataFolder: string
  freeBytes: number
  totalBytes: number
  /** Prepared data sets and their caches. */
  datasetsBytes: number
  /** Runs outside the bin: checkpoints, logs, certificates. */
  runsBytes: number
  binBytes: number
  /** The history itself. */
  historyBytes: number
}

export interface BinEntry {
  runId: string
  name: string
  recipeId: string
  removedAt: number
  /** When it is deleted by itself, or null where that is off. */
  deletedAt: number | null
  bytes: number
}
