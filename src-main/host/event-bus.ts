// Live events to any number of windows. Nobody waits for a slow window: it misses events and sees that by their `seq`.
import { EventEmitter } from 'node:events'
import type { HostEvent } from '../shared/api.ts'

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never
export type HostEventBody = WithoutSeq<HostEvent>

export interface EventBus {
  publish(event: HostEventBody): void
  /** Events from now on, or, when they are still kept, from after `afterSeq`. Ends when `signal` aborts. */
  subscribe(signal: AbortSignal, afterSeq?: number): AsyncIterable<HostEvent>
  /** Windows and commands that listen now. */
  listeners(): number
}

/** A window that falls this far behind loses the oldest events. */
const keptEvents = 2000

/**
 * `seq` starts at the time of the start in ms, so that a client of an earlier host sees a gap rather than old numbers.
 */
export function createEventBus(firstSeq: number = Date.now()): EventBus {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  const kept: HostEvent[] = []
  let seq = firstSeq

  async function* subscribe(signal: AbortSignal, afterSeq?: number): AsyncIterable<HostEvent> {
    if (signal.aborted) return
    const pending: HostEvent[] = afterSeq === undefined ? [] : kept.filter((event) => event.seq > afterSeq)
    let wake = () => {}
    const collect = (event: HostEvent) => {
      pending.push(event)
      if (pending.length > keptEvents) pending.shift()
      wake()
    }
    emitter.on('event', collect)
    signal.addEventListener('abort', () => wake(), { once: true })
    try {
      while (!signal.aborted) {
        const next = pending.shift()
        if (next) yield next
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      emitter.off('event', collect)
    }
  }

  return {
    publish: (body) => {
      const event = { ...body, seq: ++seq } as HostEvent
      kept.push(event)
      if (kept.length > keptEvents) kept.shift()
      emitter.emit('event', event)
    },
    subscribe,
    listeners: () => emitter.listenerCount('event'),
  }
}
