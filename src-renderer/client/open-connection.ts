// From the page's address to live stores: session first, then the socket.
import { setConnection } from '../stores/engine-store.ts'
import { startEventFeed } from '../stores/event-feed.ts'
import { openSession, takeTokenFromAddress } from './session.ts'
import { createWireClient } from './wire-client.ts'

function socketUrl(): string {
  const url = new URL('/trpc', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

/** True when the host answers at all, whoever asks. */
async function isHostThere(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok
  } catch {
    return false
  }
}

/**
 * Trades the token of the address for a session, then connects and fills the stores. Without a token the cookie of an
 * earlier visit may still be good: the host decides. On desktop the shell opens the session, before every connection, since
 * a host that was started again knows none.
 */
export async function openConnection(): Promise<void> {
  let token = takeTokenFromAddress()
  const beforeConnecting = async () => {
    const current = token
    token = null
    if (window.desktop) await window.desktop.openSession().catch(() => {})
    else if (current !== null) await openSession(current).catch(() => false)
    return socketUrl()
  }
  // An address with a token, pasted over the present one, changes only the hash and loads no page.
  window.addEventListener('hashchange', () => {
    token = takeTokenFromAddress() ?? token
  })
  setConnection('connecting')
  startEventFeed(createWireClient(beforeConnecting, isHostThere))
}
