// What a request brings to be let in: the cookie of a page, or the token of a command or a desktop window.
import type { FastifyRequest } from 'fastify'
import type { Guard } from './guard.ts'
import { isLoopback } from './listen-address.ts'
import type { Access } from './sessions.ts'

/** Subprotocol that a WebSocket client names beside `token.<TOKEN>`; the server answers with it and never with the token. */
export const subprotocol = 'reprise'

/** The token that a program sends as a header, which no page can add to a WebSocket or to a request of another site. */
export function bearerToken({ headers }: FastifyRequest): string | null {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? null
}

function subprotocolToken({ headers }: FastifyRequest): string | null {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return offered.find((name) => name.startsWith('token.'))?.slice('token.'.length) ?? null
}

/** Of somebody who has shown the token: a program on this machine is its owner's. */
export function accessByToken(request: FastifyRequest): Access {
  return bearerToken(request) !== null && isLoopback(request.raw.socket.remoteAddress) ? 'owner' : 'page'
}

/**
 * What the request may do; `wrong-token` when it shows one that is not ours, null when it brings nothing. A cookie counts only
 * where the browser tells that the page is ours: by `Origin`, which comes with every WebSocket, or by `Sec-Fetch-Site`, which
 * comes with pictures. A page of another site cannot use it.
 */
export function readAccess(request: FastifyRequest, guard: Guard): Access | 'wrong-token' | null {
  const token = bearerToken(request) ?? subprotocolToken(request)
  if (token !== null) return guard.isToken(token) ? accessByToken(request) : 'wrong-token'
  const { origin, 'sec-fetch-site': site } = request.headers
  const isOurs = origin !== undefined || site === 'same-origin'
  const cookie = isOurs ? request.cookies[guard.cookieName] : undefined
  return cookie === undefined ? null : guard.sessions.accessOf(cookie)
}
