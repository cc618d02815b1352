// Writes of a training run, gathered into one transaction per interval.
import type { Database } from 'better-sqlite3'

export interface WriteBatch {
  /** Puts a write off to the next flush; order is kept. */
  add(write: () => void): void
  /** Writes everything now; call it before a read that must see it, and at the end. */
  flush(): void
  close(): void
}

/** @param afterFlush called once after each transaction, when there was something to write. */
export function createWriteBatch(
  db: Database,
  options: { intervalMs: number; afterFlush: () => void; onError: (error: unknown) => void },
): WriteBatch {
  let writes: (() => void)[] = []
  let timer: NodeJS.Timeout | null = null

  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (writes.length === 0) return
    const batch = writes
    writes = []
    db.transaction(() => {
      for (const write of batch) write()
    })()
    options.afterFlush()
  }

  const flushInTime = () => {
    try {
      flush()
    } catch (error) {
      options.onError(error)
    }
  }

  return {
    add: (write) => {
      writes.push(write)
      timer ??= setTimeout(flushInTime, options.intervalMs)
    },
    flush,
    close: flush,
  }
}
