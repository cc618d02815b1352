// When the reader last looked, kept between sessions: Home tells what happened since.

const storageKey = 'reprise.last-visit'

function readLastVisit(): number | null {
  const stored = Number(globalThis.localStorage?.getItem(storageKey) ?? Number.NaN)
  return Number.isFinite(stored) && stored > 0 ? stored : null
}

/** The last visit before this page was opened. */
export const lastVisit = readLastVisit()

/** Remembers the moment whenever the page goes out of sight. */
export function startVisitClock(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') localStorage.setItem(storageKey, String(Date.now()))
  })
}
