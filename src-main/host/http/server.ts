// HTTP: the interface's files, the session, and the API over a WebSocket. On the loopback, unless the user opens it to others.
import { existsSync, realpathSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { join, sep } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import { toErrorReport } from '../../shared/errors.ts'
import type { HostServices } from '../api/services.ts'
import { acceptSockets } from './api-sockets.ts'
import { bindAddresses, type WantedPort } from './bind-addresses.ts'
import { accessByToken, bearerToken, readAccess, subprotocol } from './credentials.ts'
import { createGuard, type Guard } from './guard.ts'
import { type HttpLimits, httpLimits } from './limits.ts'
import { picturePath, servePictures } from './picture-route.ts'
import { createWrongTokens, failureOf, refuse, refuseBroken } from './refusals.ts'
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
  port: WantedPort
  /** An IP address of this machine that others may reach, beside the loopback; null for the loopback alone. */
  listen: string | null
  limits?: Partial<HttpLimits> | undefined
}

/** Starts to listen. Throws `port-in-use`, and `usage` for an address that this machine does not have. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  let guard: Guard | null = null
  const limits = { ...httpLimits, ...options.limits }
  const app = await buildServer(options, limits, () => guard)
  const closeSockets = trackSockets(app.server)
  const bound = await bindAddresses(app, { ...options, connections: limits.connections })
  guard = createGuard(bound.port, options.token, options.listen)
  return {
    port: bound.port,
    close: async () => {
      closeSockets()
      await Promise.all([bound.close(), app.close()])
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

const sessionInput = z.strictObject({ token: z.string().max(200) })

async function buildServer(
  { host, uiDir, log }: HttpServerOptions,
  limits: HttpLimits,
  currentGuard: () => Guard | null,
) {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.messageBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    clientErrorHandler: refuseBroken,
    frameworkErrors: (error, _request, reply) => {
      reply.headers(securityHeaders(null))
      refuse(reply as FastifyReply, error.statusCode ?? 400, failureOf(error.statusCode ?? 400))
    },
  })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ path: pathOf(request), error: toErrorReport(error) }, 'request failed')
    return refuse(reply, status, failureOf(status))
  })

  await app.register(fastifyCookie)
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: limits.messageBytes,
      maxFragments: limits.fragments,
      handleProtocols: (offered: Set<string>) => offered.has(subprotocol) && subprotocol,
    },
  })
  // After the WebSocket plugin, which closes the socket of an upgrade that a later hook refuses.
  app.addHook('onRequest', async (request, reply) => {
    const guard = currentGuard()
    if (!guard?.isForUs(request.raw)) {
      reply.headers(securityHeaders(null))
      return refuse(reply, 421, { code: 'unauthorized', message: 'This address is not served here.' })
    }
    reply.headers(securityHeaders(request.headers.host ?? ''))
    if (!guard.isOwnOrigin(request.raw)) {
      return refuse(reply, 403, { code: 'unauthorized', message: 'Pages of other sites may not call the engine.' })
    }
    // A handshake anywhere else would be answered before anybody had shown who they are.
    if (request.ws && request.routeOptions.url !== apiPath) return refuse(reply, 404, failureOf(404))
    return undefined
  })

  const wrongToken = createWrongTokens()
  const refuseToken = async (reply: FastifyReply) =>
    refuse(reply, await wrongToken(), {
      code: 'unauthorized',
      message: 'The token in this address is not valid any more.',
      fix: 'Open the address that the engine printed at its start, or run "npm start" again.',
    })

  app.post('/session', async (request, reply) => {
    const guard = currentGuard()
    const given = bearerToken(request) ?? sessionInput.safeParse(request.body).data?.token
    if (!guard || given === undefined || !guard.isToken(given)) return refuseToken(reply)
    const cookie = guard.sessions.open(accessByToken(request))
    reply.setCookie(guard.cookieName, cookie, { path: '/', httpOnly: true, sameSite: 'strict' })
    return reply.code(204).send()
  })

  const sockets = acceptSockets({ host, log, limits, server: app.websocketServer })
  const requireAccess = async (request: FastifyRequest, reply: FastifyReply) => {
    const guard = currentGuard()
    const access = guard && readAccess(request, guard)
    if (access === 'wrong-token') return refuseToken(reply)
    if (!access) return refuse(reply, 401, { code: 'unauthorized', message: 'A token or a session is needed.' })
    if (request.ws && !sockets.welcome(request.raw, access)) {
      return refuse(reply, 503, { code: 'unauthorized', message: 'Too many windows and commands are connected.' })
    }
    return undefined
  }
  app.get(picturePath, { preValidation: requireAccess }, servePictures(host.datasets))
  app.route({
    method: 'GET',
    url: apiPath,
    preValidation: requireAccess,
    handler: (_, reply) => refuse(reply, 426, { code: 'usage', message: 'The API is a WebSocket.' }),
    wsHandler: (socket, request) => sockets.accept(socket, request.raw),
  })

  await app.register(fastifyStatic, {
    root: uiDir,
    suppressWarning: true,
    cacheControl: false,
    dotfiles: 'ignore',
    allowedPath: (path) => liesIn(uiDir, path),
    setHeaders: (reply, path) => {
      const named = path.includes(`${join(uiDir, 'assets')}`)
      reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-store')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const asksPage = request.method === 'GET' && !/\.[a-z0-9]+$/i.test(pathOf(request))
    if (asksPage && existsSync(join(uiDir, 'index.html'))) return reply.sendFile('index.html')
    const message = asksPage ? 'The interface is not built: run "npm start".' : 'There is no such file.'
    return reply.code(404).type('text/plain; charset=utf-8').send(message)
  })
  return app
}

const apiPath = '/trpc'

const pathOf = ({ url }: FastifyRequest) => url.split('?')[0] ?? ''

/** Whether `path` below `folder` stays there when links are followed. False where nothing is. */
function liesIn(folder: string, path: string): boolean {
  try {
    const real = realpathSync(folder)
    const target = realpathSync(join(folder, path))
    return target === real || target.startsWith(`${real}${sep}`)
  } catch {
    return false
  }
}
