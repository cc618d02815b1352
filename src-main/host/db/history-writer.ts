// Writes that must not be lost. While the history is locked, read-only or on a full disk, they wait in memory, in order, and are
// tried again until they go.
import type { Database } from 'better-sqlite3'
import { mayPass } from './database-error.ts'
import { synced } from './history.ts'

export interface HistoryWriter {
  /**
   * Writes in one transaction of its own, after all that waits; `written` is called once it stands, now or later. Inside a
   * transaction it belongs to that one. An error that cannot pass is thrown here, or given to `failed` where the write had to
   * wait; the write is dropped then, and no other with it.
   */
  write(action: () => void, written?: () => void, failed?: (error: unknown) => void): void
  /** Writes that wait because the history cannot be written. */
  waiting(): number
  /** How long the oldest of them has waited. */
  waitingSeconds(): number
  /** Tries a last time, and waits so long for another program's lock. @returns how many writes are lost */
  close(waitMs?: number): number
}

interface Waiting {
  action(): void
  written(): void
  failed(error: unknown): void
}

const firstRetryMs = 100
const slowestRetryMs = 2000
/** Trouble that passes sooner is nobody's concern. */
const toldAfterMs = 2000

export interface HistoryWriterOptions {
  /** Called once the history could not be written for a while. */
  onUnwritable(error: unknown): void
  /** Called when all that waited is written, `onUnwritable` having been called. */
  onRecovered(seconds: number): void
  /** Monotonic, in ms. */
  now?: () => number
}

export function createHistoryWriter(db: Database, options: HistoryWriterOptions): HistoryWriter {
  const { onUnwritable, onRecovered, now = () => performance.now() } = options
  const waiting: Waiting[] = []
  let since = 0
  let told = false
  let retryMs = firstRetryMs
  let timer: NodeJS.Timeout | null = null
  const run = db.transaction((action: () => void) => action())

  /** Which of them must survive a power loss is not known any more, so all do. @returns whether nothing waits any more */
  const drain = (): boolean => synced(db, writeWaiting)
  const writeWaiting = (): boolean => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      try {
        run(next.action)
      } catch (error) {
        if (mayPass(error)) {
          if (!told && now() - since >= toldAfterMs) {
            told = true
            onUnwritable(error)
          }
          return false
        }
        waiting.shift()
        next.failed(error)
        continue
      }
      waiting.shift()
      next.written()
    }
    if (told) onRecovered((now() - since) / 1000)
    told = false
    return true
  }

  const retry = () => {
    timer = null
    if (drain()) retryMs = firstRetryMs
    else wait()
  }
  const wait = () => {
    if (timer) return
    timer = setTimeout(retry, retryMs)
    retryMs = Math.min(2 * retryMs, slowestRetryMs)
  }

  return {
    write: (action, written = () => {}, failed = () => {}) => {
      if (db.inTransaction) {
        action()
        written()
        return
      }
      if (waiting.length === 0) {
        try {
          run(action)
        } catch (error) {
          if (!mayPass(error)) throw error
          since = now()
          waiting.push({ action, written, failed })
          wait()
          return
        }
        written()
        return
      }
      waiting.push({ action, written, failed })
      wait()
    },
    waiting: () => waiting.length,
    waitingSeconds: () => (waiting.length === 0 ? 0 : (now() - since) / 1000),
    close: (waitMs = 5000) => {
      if (timer) clearTimeout(timer)
      timer = null
      if (waiting.length > 0) db.pragma(`busy_timeout = ${waitMs}`)
      drain()
      return waiting.length
    },
  }
}
