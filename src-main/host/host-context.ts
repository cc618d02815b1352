// What every part of a started host shares.
import type { Logger } from 'pino'
import type { History } from './db/history.ts'
import type { HistoryWriter } from './db/history-writer.ts'
import type { EventBus } from './event-bus.ts'
import type { NetworkLog } from './machine/network-log.ts'
import type { Notices } from './notices.ts'

export interface HostFolders {
  data: string
  runs: string
  datasets: string
  resources: string
}

/** The programs that worker processes run; tests put scripted ones in their place. */
export interface WorkerEntries {
  train: string
  prepareData: string
  examineData: string
  changeData: string
  pictures: string
  sourceLooks: string
  preview: string
  proveResume: string
  probe: string
}

export interface HostTiming {
  /** Worker reports are written in one transaction per so many ms. */
  batchMs: number
  /** Live figures reach windows at most once per so many ms. */
  liveMs: number
  /** A worker that was told to stop at once is killed after so many ms. */
  stopMs: number
  /** The same when the host itself ends. */
  shutdownMs: number
  /** A worker of a host that died may save its state so long at the next start. */
  orphanMs: number
  /** Guards look at the machine and at what trains every so many ms. */
  watchMs: number
  /** A picture that takes longer to read is given up. */
  pictureMs: number
  /** The same for a look at a source and for a preview. */
  lookMs: number
  /** Processes that answer questions end so long after the last one. */
  idleMs: number
}

export const hostTiming: HostTiming = {
  batchMs: 100,
  liveMs: 500,
  stopMs: 30_000,
  shutdownMs: 10_000,
  orphanMs: 5000,
  watchMs: 5000,
  pictureMs: 20_000,
  lookMs: 120_000,
  idleMs: 60_000,
}

export interface HostContext {
  folders: HostFolders
  history: History
  /** For writes that must not be lost while the history cannot be written. */
  writer: HistoryWriter
  notices: Notices
  events: EventBus
  log: Logger
  network: NetworkLog
  entries: WorkerEntries
  timing: HostTiming
  /** Environment of this host and, with additions, of its workers. */
  env: NodeJS.ProcessEnv
  /** Free bytes on the disk of a folder. */
  freeBytes(folder: string): Promise<number>
}
