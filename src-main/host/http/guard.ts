// Who may talk to the host: requests addressed to it by its own name, from its own page, with its token or its cookie.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Guard {
  cookieName: string
  /** Is this the `Host` of this server? Stops a foreign page whose name was made to point here (DNS rebinding). */
  isOwnHost(headers: IncomingHttpHeaders): boolean
  /** Absent, as outside a browser, or that of the page that this server sent out. */
  isOwnOrigin(headers: IncomingHttpHeaders): boolean
  isToken(value: string): boolean
  /** A new session, as the value of the cookie. */
  openSession(): string
  isSession(cookie: string): boolean
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function createGuard(port: number, token: string): Guard {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const tokenDigest = digest(token)
  const sessions: Buffer[] = []
  return {
    cookieName: `reprise-${port}`,
    isOwnHost: ({ host }) => host !== undefined && hosts.includes(host),
    isOwnOrigin: ({ host, origin }) => origin === undefined || origin === `http://${host}`,
    // Digests have one length, so the comparison takes the same time for any input.
    isToken: (value) => timingSafeEqual(digest(value), tokenDigest),
    openSession: () => {
      const session = newToken()
      sessions.push(digest(session))
      return session
    },
    isSession: (cookie) => {
      const given = digest(cookie)
      return sessions.reduce((known, session) => timingSafeEqual(session, given) || known, false)
    },
  }
}
