import { setImmediate } from 'node:timers/promises'

/**
 * For long work in JavaScript: `await` the returned function between its parts, and the event loop gets a turn whenever
 * `milliseconds` have passed since its last one, so that messages, heartbeats and stops keep coming through.
 */
export function eventLoopBreaks(milliseconds = 15): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < milliseconds) return
    await setImmediate()
    last = performance.now()
  }
}
