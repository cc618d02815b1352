// Answers to requests that are not served: one form, and nothing in it about this machine.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { ErrorReport } from '../../shared/errors.ts'
import { securityHeaders } from './security-headers.ts'

export function refuse(reply: FastifyReply, status: number, report: ErrorReport): FastifyReply {
  return reply.code(status).send({ error: report })
}

const messages: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  408: 'The request took too long to arrive.',
  413: 'The request is too large.',
  414: 'The address is too long.',
  415: 'The host reads JSON only.',
  431: 'The headers of the request are too large.',
}

/** What a caller is told of a request that failed before it was understood, or inside the host. */
export function failureOf(status: number): ErrorReport {
  if (status >= 500) return { code: 'internal', message: 'The host failed on this request; its log says why.' }
  return { code: 'usage', message: messages[status] ?? 'The request cannot be served.' }
}

/** Answers what is no HTTP request, or arrives too slowly, and closes. */
export function refuseBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify({ error: failureOf(status) })
  const headers = {
    ...securityHeaders(null),
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  socket.destroySoon()
}

/** How long the answer to a wrong token is kept back. */
const pauseMs = 200
/** Of more at a time, those that come later are sent away at once. */
const mostPauses = 32

/** How wrong tokens are answered: 401 after a pause, or 429. The right token is never kept waiting. */
export function createWrongTokens(): () => Promise<401 | 429> {
  let waiting = 0
  return async () => {
    if (waiting >= mostPauses) return 429
    waiting += 1
    await pause(pauseMs)
    waiting -= 1
    return 401
  }
}
