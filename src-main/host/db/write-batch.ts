// Writes of a training run, gathered into one transaction per interval.
import type { HistoryWriter } from './history-writer.ts'

export interface WriteBatch {
  /** Puts a write off to the next flush; order is kept. */
  add(write: () => void): void
  /** Hands everything to the writer now; call it before a read that must see it, and at the end. */
  flush(): void
}

export interface WriteBatchOptions {
  intervalMs: number
  /** Called once after each transaction, when there was something to write. */
  afterFlush(): void
  /** A batch that can never be written; it is dropped. */
  onError(error: unknown): void
}

export function createWriteBatch(
  writer: Pick<HistoryWriter, 'write'>,
  { intervalMs, afterFlush, onError }: WriteBatchOptions,
): WriteBatch {
  let writes: (() => void)[] = []
  let timer: NodeJS.Timeout | null = null

  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (writes.length === 0) return
    const batch = writes
    writes = []
    const writeAll = () => {
      for (const write of batch) write()
    }
    try {
      writer.write(writeAll, afterFlush, onError)
    } catch (error) {
      onError(error)
    }
  }

  return {
    add: (write) => {
      writes.push(write)
      timer ??= setTimeout(flush, intervalMs)
    },
    flush,
  }
}
