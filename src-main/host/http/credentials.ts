// What a request brings to be let in: the cookie of a page, or the token of a command or a desktop window.
import type { FastifyRequest } from 'fastify'
import type { Guard } from './guard.ts'

/** Subprotocol that a WebSocket client names beside `token.<TOKEN>`; the server answers with it and never with the token. */
export const subprotocol = 'reprise'

function bearerToken({ headers }: FastifyRequest): string | null {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? null
}

function subprotocolToken({ headers }: FastifyRequest): string | null {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return offered.find((name) => name.startsWith('token.'))?.slice('token.'.length) ?? null
}

/**
 * Whether the request carries the token or the cookie of a session. A cookie counts only where the browser tells that the page
 * is ours: by `Origin`, which comes with every WebSocket, or by `Sec-Fetch-Site`, which comes with pictures. A page of another
 * site cannot use it.
 */
export function isAuthorized(request: FastifyRequest, guard: Guard): boolean {
  const token = bearerToken(request) ?? subprotocolToken(request)
  if (token !== null) return guard.isToken(token)
  const { origin, 'sec-fetch-site': site } = request.headers
  const isOurs = origin !== undefined || site === 'same-origin'
  const cookie = isOurs ? request.cookies[guard.cookieName] : undefined
  return cookie !== undefined && guard.isSession(cookie)
}
