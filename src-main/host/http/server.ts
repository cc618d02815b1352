// HTTP on the loopback: the interface's files, the session, and the API over a WebSocket.
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import { getWSConnectionHandler } from '@trpc/server/adapters/ws'
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import { type ErrorReport, RepriseError } from '../../shared/errors.ts'
import { readErrorReport } from '../api/error-report.ts'
import { appRouter } from '../api/router.ts'
import type { HostServices } from '../api/services.ts'
import { isAuthorized, subprotocol } from './credentials.ts'
import { createGuard, type Guard } from './guard.ts'
import { picturePath, servePictures } from './picture-route.ts'
import { securityHeaders } from './security-headers.ts'

export interface HttpServer {
  port: number
  close(): Promise<void>
}

export interface HttpServerOptions {
  host: HostServices
  token: string
  /** Folder of the built interface; may be missing, the API works without. */
  uiDir: string
  log: Logger
  /** A fixed port (`port-in-use` when it is taken), or one to try first before any free one. */
  port: { fixed: number } | { preferred: number | null }
}

const address = '127.0.0.1'
const maxPayload = 1024 ** 2

/** Starts to listen. Throws `port-in-use`. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  let guard: Guard | null = null
  const app = await buildServer(options, () => guard)
  const closeSockets = trackSockets(app.server)
  const port = await listen(options.port, (wanted) =>
    app.listen({ host: address, port: wanted }).then(() => app.server),
  )
  guard = createGuard(port, options.token)
  return {
    port,
    close: () => {
      closeSockets()
      return app.close()
    },
  }
}

/**
 * Sockets are ended by hand when the host ends: the server forgets those that asked for an upgrade, and would wait for a
 * client that was refused and keeps its side open.
 */
function trackSockets(server: Server): () => void {
  const sockets = new Set<Socket>()
  let closing = false
  server.on('connection', (socket) => {
    if (closing) socket.destroy()
    else sockets.add(socket.once('close', () => sockets.delete(socket)))
  })
  return () => {
    closing = true
    for (const socket of sockets) socket.destroy()
  }
}

async function listen(
  port: HttpServerOptions['port'],
  start: (port: number) => Promise<{ address(): AddressInfo | string | null }>,
): Promise<number> {
  const wanted = 'fixed' in port ? port.fixed : (port.preferred ?? 0)
  try {
    const bound = (await start(wanted)).address()
    return typeof bound === 'object' && bound !== null ? bound.port : wanted
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    if (!('fixed' in port) && wanted !== 0) return listen({ preferred: null }, start)
    throw new RepriseError(
      {
        code: 'port-in-use',
        message: code === 'EACCES' ? `Port ${wanted} may not be used.` : `Port ${wanted} is taken by another program.`,
        expected: 'a free port',
        found: code,
        fix: 'Choose another with --port N, or leave --port out for any free one.',
        details: { port: wanted },
      },
      { cause: error },
    )
  }
}

function refuse(reply: FastifyReply, status: number, report: ErrorReport): FastifyReply {
  return reply.code(status).send({ error: report })
}

async function buildServer({ host, uiDir, log }: HttpServerOptions, currentGuard: () => Guard | null) {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxPayload,
  })

  await app.register(fastifyCookie)
  await app.register(fastifyWebsocket, {
    options: { maxPayload, handleProtocols: (offered: Set<string>) => offered.has(subprotocol) && subprotocol },
  })
  // After the WebSocket plugin, which closes the socket of an upgrade that a later hook refuses.
  app.addHook('onRequest', async (request, reply) => {
    const guard = currentGuard()
    if (!guard?.isOwnHost(request.headers)) {
      return refuse(reply, 421, { code: 'unauthorized', message: 'This address is not served here.' })
    }
    reply.headers(securityHeaders(request.headers.host ?? ''))
    if (!guard.isOwnOrigin(request.headers)) {
      return refuse(reply, 403, { code: 'unauthorized', message: 'Pages of other sites may not call the engine.' })
    }
    return undefined
  })

  app.post('/session', async (request, reply) => {
    const guard = currentGuard()
    const { token } = (request.body ?? {}) as { token?: unknown }
    if (!guard || typeof token !== 'string' || !guard.isToken(token)) {
      return refuse(reply, 401, {
        code: 'unauthorized',
        message: 'The token in this address is not valid any more.',
        fix: 'Open the address that the engine printed at its start, or run "npm start" again.',
      })
    }
    reply.setCookie(guard.cookieName, guard.openSession(), { path: '/', httpOnly: true, sameSite: 'strict' })
    return reply.code(204).send()
  })

  const connected = getWSConnectionHandler({
    wss: app.websocketServer,
    router: appRouter,
    createContext: () => ({ host }),
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    onError: ({ error, path }) => {
      const report = readErrorReport(error)
      if (report.code === 'internal') log.error({ path, report }, 'call failed')
    },
  })
  const requireAuthorized = async (request: FastifyRequest, reply: FastifyReply) => {
    const guard = currentGuard()
    if (guard && isAuthorized(request, guard)) return undefined
    return refuse(reply, 401, { code: 'unauthorized', message: 'A token or a session is needed.' })
  }
  app.get(picturePath, { preValidation: requireAuthorized }, servePictures(host.datasets))
  app.route({
    method: 'GET',
    url: '/trpc',
    preValidation: requireAuthorized,
    handler: (_, reply) => reply.code(426).send({ error: { code: 'usage', message: 'The API is a WebSocket.' } }),
    wsHandler: (socket, request) => connected(socket, request.raw),
  })

  await app.register(fastifyStatic, {
    root: uiDir,
    suppressWarning: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const named = path.includes(`${join(uiDir, 'assets')}`)
      reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-store')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const asksPage = request.method === 'GET' && !/\.[a-z0-9]+$/i.test(request.url.split('?')[0] ?? '')
    if (asksPage && existsSync(join(uiDir, 'index.html'))) return reply.sendFile('index.html')
    const message = asksPage ? 'The interface is not built: run "npm start".' : 'There is no such file.'
    return reply.code(404).type('text/plain; charset=utf-8').send(message)
  })
  return app
}
