export interface Throttle {
  (): void
  cancel(): void
}

/** Calls `action` at once, then at most every `ms`; the last call of a burst is never lost. */
export function createThrottle(ms: number, action: () => void): Throttle {
  let last = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | null = null
  const act = () => {
    timer = null
    last = performance.now()
    action()
  }
  const call = () => {
    if (timer) return
    const wait = last + ms - performance.now()
    if (wait <= 0) act()
    else timer = setTimeout(act, wait)
  }
  return Object.assign(call, {
    cancel: () => {
      if (timer) clearTimeout(timer)
      timer = null
    },
  })
}
