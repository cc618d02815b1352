// How fast something goes, and how long it will still take.

export interface Rate {
  perSecond: number | null
  secondsLeft: number | null
}

/** Earlier than this there is too little to go by. */
const firstMs = 3000

/** A meter of one piece of work, which begins anew with every other `text`: parts of the work differ in speed. */
export function createRate(now: () => number = () => performance.now()) {
  let begun: { text: string; at: number; done: number } | null = null
  /** `done` of `total` units (0 while unknown), of which those of the first call were there before. */
  return ({ text, done, total }: { text: string; done: number; total: number }): Rate => {
    if (begun === null || begun.text !== text || done < begun.done) begun = { text, at: now(), done }
    const ms = now() - begun.at
    const units = done - begun.done
    if (ms < firstMs || units === 0) return { perSecond: null, secondsLeft: null }
    const perSecond = (1000 * units) / ms
    return { perSecond, secondsLeft: total > 0 ? Math.max(total - done, 0) / perSecond : null }
  }
}
