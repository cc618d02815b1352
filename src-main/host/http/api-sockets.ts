// The API's WebSockets: who opened each, how many there are, and the end of one that does not read what it is sent.
import type { IncomingMessage } from 'node:http'
import { getWSConnectionHandler } from '@trpc/server/adapters/ws'
import type { Logger } from 'pino'
import type { WebSocket, WebSocketServer } from 'ws'
import { createCallCounters } from '../api/call-limits.ts'
import { readErrorReport } from '../api/error-report.ts'
import { appRouter } from '../api/router.ts'
import type { HostServices } from '../api/services.ts'
import type { HttpLimits } from './limits.ts'
import type { Access } from './sessions.ts'

export interface ApiSockets {
  /** Notes what the sender of an upgrade may do. False when no more are let in. */
  welcome(request: IncomingMessage, access: Access): boolean
  accept(socket: WebSocket, request: IncomingMessage): void
}

export function acceptSockets(parts: {
  host: HostServices
  log: Logger
  limits: HttpLimits
  server: WebSocketServer
}): ApiSockets {
  const { host, log, limits, server } = parts
  const accessOf = new WeakMap<IncomingMessage, Access>()
  const newCounter = createCallCounters()
  const connected = getWSConnectionHandler({
    wss: server,
    router: appRouter,
    createContext: ({ req }) => ({ host, access: accessOf.get(req) ?? 'page', counter: newCounter() }),
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    maxBatchSize: limits.batch,
    onError: ({ error, path }) => {
      const report = readErrorReport(error)
      if (report.code === 'internal') log.error({ path, report }, 'call failed')
    },
  })
  return {
    welcome: (request, access) => {
      if (server.clients.size >= limits.sockets) return false
      accessOf.set(request, access)
      return true
    },
    accept: (socket, request) => {
      closeWhenUnread(socket, limits)
      connected(socket, request)
    },
  }
}

/** What a client does not read waits in the memory of this process. */
function closeWhenUnread(socket: WebSocket, { unreadBytes, checkMs }: HttpLimits): void {
  const look = () => {
    if (socket.bufferedAmount > unreadBytes) socket.terminate()
  }
  const timer = setInterval(look, checkMs)
  socket.on('message', look)
  socket.on('close', () => clearInterval(timer))
}
