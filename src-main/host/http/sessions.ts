// Sessions of pages, kept in memory: the end of the host ends them all.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * What a caller may do beyond the rest. An `owner` is a program or a desktop window of the user's on this machine and may name
 * any path; a `page` may name paths under the folders that may be browsed.
 */
export type Access = 'owner' | 'page'

export interface Sessions {
  /** A new session, as the value of its cookie. */
  open(access: Access): string
  /** Null for a cookie of no session, or of one that has expired. */
  accessOf(cookie: string): Access | null
}

/** A session that nobody used for so long has expired. */
const idleMs = 7 * 24 * 3600 * 1000
/** Of more, the one that was used longest ago ends. */
const mostSessions = 64

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256: of one length for any text, so that a comparison takes the same time whatever was given. */
export const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** @param now in ms, of a clock that nobody sets: a jump of the time of day must not end sessions */
export function createSessions(now: () => number = () => performance.now()): Sessions {
  let sessions: { digest: Buffer; access: Access; usedAt: number }[] = []
  return {
    open: (access) => {
      const cookie = newToken()
      const newest = sessions.sort((a, b) => b.usedAt - a.usedAt).slice(0, mostSessions - 1)
      sessions = [{ digest: digest(cookie), access, usedAt: now() }, ...newest]
      return cookie
    },
    accessOf: (cookie) => {
      const given = digest(cookie)
      sessions = sessions.filter(({ usedAt }) => now() - usedAt < idleMs)
      // Every session is compared, so that the time tells nothing of which one it was.
      const [session] = sessions.filter((candidate) => timingSafeEqual(candidate.digest, given))
      if (session === undefined) return null
      session.usedAt = now()
      return session.access
    },
  }
}
