// The address in the window's history. Plain links are enough to navigate: clicks on `<a href="/...">` are taken over.
import { useEffect, useSyncExternalStore } from 'react'
import { parseRoute, type Route, routePath } from './routes.ts'

interface HistoryEntry {
  /** Place in this window's history, to know whether back and forward lead somewhere. */
  index: number
}

const scrollByEntry = new Map<number, number>()
const listeners = new Set<() => void>()
let newestIndex = 0
let snapshot = readLocation()

export interface Location {
  /** Path and search. */
  address: string
  route: Route
  search: URLSearchParams
  /** Place in this window's history. */
  entry: number
  canGoBack: boolean
  canGoForward: boolean
}

function entryIndex(): number {
  return (globalThis.history?.state as HistoryEntry | null)?.index ?? 0
}

function readLocation(): Location {
  const { pathname, search } = globalThis.location ?? { pathname: '/', search: '' }
  const index = entryIndex()
  return {
    address: pathname + search,
    route: parseRoute(pathname + search),
    search: new URLSearchParams(search),
    entry: index,
    canGoBack: index > 0,
    canGoForward: index < newestIndex,
  }
}

function scrollBody(): Element | null {
  return document.querySelector('[data-restore-scroll]')
}

function publish() {
  snapshot = readLocation()
  for (const listener of listeners) listener()
}

function rememberScroll() {
  const body = scrollBody()
  if (body) scrollByEntry.set(entryIndex(), body.scrollTop)
}

/** Goes to an address or route. `replace` leaves no entry in the history, for changes within a view. */
export function navigate(to: string | Route, options: { replace?: boolean } = {}): void {
  const address = typeof to === 'string' ? to : routePath(to)
  if (address === snapshot.address) return
  if (options.replace) {
    history.replaceState({ index: entryIndex() } satisfies HistoryEntry, '', address)
  } else {
    rememberScroll()
    newestIndex = entryIndex() + 1
    scrollByEntry.delete(newestIndex)
    history.pushState({ index: newestIndex } satisfies HistoryEntry, '', address)
  }
  publish()
}

/** Back in this window's history. */
export function goBack(): void {
  if (snapshot.canGoBack) history.back()
}

/** Forward in this window's history. */
export function goForward(): void {
  if (snapshot.canGoForward) history.forward()
}

/** The present address; the component draws again when it changes. */
export function useLocation(): Location {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => snapshot,
  )
}

/** Puts the body back where it was in a history entry, once the view has drawn. */
export function useRestoredScroll(entry: number): void {
  useEffect(() => {
    const body = scrollBody()
    if (body) body.scrollTop = scrollByEntry.get(entry) ?? 0
  }, [entry])
}

function onPopState() {
  publish()
}

function onClick(event: MouseEvent) {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return
  const anchor = event.target instanceof Element ? event.target.closest('a') : null
  if (!anchor || anchor.target || anchor.hasAttribute('download') || anchor.origin !== location.origin) return
  event.preventDefault()
  navigate(anchor.pathname + anchor.search)
}

/** Takes over history and links of the page. Returns how to let go. */
export function startRouter(): () => void {
  history.scrollRestoration = 'manual'
  newestIndex = Math.max(newestIndex, entryIndex())
  history.replaceState({ index: entryIndex() } satisfies HistoryEntry, '')
  publish()
  const onScroll = () => rememberScroll()
  window.addEventListener('popstate', onPopState)
  document.addEventListener('click', onClick)
  document.addEventListener('scroll', onScroll, { capture: true, passive: true })
  return () => {
    window.removeEventListener('popstate', onPopState)
    document.removeEventListener('click', onClick)
    document.removeEventListener('scroll', onScroll, { capture: true })
  }
}
