// Bounds the memory of work on pictures that is done several at a time.

/** Runs works in their order, each once the pixels under way leave room for its own; one above the budget runs alone. */
export function createPixelBudget(most: number) {
  let used = 0
  const waiting: { pixels: number; start: () => void }[] = []
  const startNext = () => {
    for (let next = waiting[0]; next !== undefined && (used === 0 || used + next.pixels <= most); next = waiting[0]) {
      waiting.shift()
      used += next.pixels
      next.start()
    }
  }
  return async <T>(pixels: number, work: () => Promise<T>): Promise<T> => {
    await new Promise<void>((start) => {
      waiting.push({ pixels, start })
      startNext()
    })
    try {
      return await work()
    } finally {
      used -= pixels
      startNext()
    }
  }
}
