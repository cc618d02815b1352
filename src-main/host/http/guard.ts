// Who may talk to the host: requests addressed to it by its own name, from its own page, with its token or its cookie.
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { ownHosts } from './listen-address.ts'
import { createSessions, digest, type Sessions } from './sessions.ts'

export interface Guard {
  cookieName: string
  sessions: Sessions
  /** Is this request for this server? Stops a foreign page whose name was made to point here (DNS rebinding). */
  isForUs(request: IncomingMessage): boolean
  /** Absent, as outside a browser, or that of the page that this server sent out. */
  isOwnOrigin(request: IncomingMessage): boolean
  isToken(value: string): boolean
}

export function createGuard(port: number, token: string, listen: string | null): Guard {
  const tokenDigest = digest(token)
  return {
    cookieName: `reprise-${port}`,
    sessions: createSessions(),
    isForUs: ({ url, headersDistinct, headers }) =>
      // Only a request to a proxy names a whole address; a second Host is somebody's attempt to be read in two ways.
      url?.startsWith('/') === true &&
      headersDistinct.host?.length === 1 &&
      ownHosts(port, listen).includes(headers.host ?? ''),
    isOwnOrigin: ({ headers: { host, origin } }) => origin === undefined || origin === `http://${host}`,
    isToken: (value) => timingSafeEqual(digest(value), tokenDigest),
  }
}
