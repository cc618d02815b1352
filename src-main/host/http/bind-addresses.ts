// Binds the server to its addresses, all on one port.
import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { RepriseError } from '../../shared/errors.ts'
import { boundAddresses } from './listen-address.ts'

/** A fixed port, or one to try first before any free one. */
export type WantedPort = { fixed: number } | { preferred: number | null }

interface App {
  server: HttpServer
  listen(where: { host: string; port: number }): Promise<unknown>
  close(): Promise<unknown>
}

export interface BoundAddresses {
  port: number
  /** Closes what the server itself does not know of. */
  close(): Promise<void>
}

/** Throws `port-in-use`, and `usage` for an address that this machine does not have; nothing stays bound then. */
export async function bindAddresses(
  app: App,
  { port, listen, connections }: { port: WantedPort; listen: string | null; connections: number },
): Promise<BoundAddresses> {
  const [first, second] = boundAddresses(listen)
  app.server.maxConnections = connections
  const bound = await bindFirst(app, first, port)
  if (second === undefined) return { port: bound, close: async () => {} }
  const door = createServer((socket) => app.server.emit('connection', socket))
  door.maxConnections = connections
  try {
    await new Promise<void>((resolve, reject) => {
      door.once('error', reject)
      door.listen(bound, second, resolve)
    })
  } catch (error) {
    await app.close()
    throw bindError(error, bound, second)
  }
  return { port: bound, close: () => closed(door) }
}

async function bindFirst(app: App, host: string, port: WantedPort): Promise<number> {
  const wanted = 'fixed' in port ? port.fixed : (port.preferred ?? 0)
  try {
    await app.listen({ host, port: wanted })
    return (app.server.address() as AddressInfo).port
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const taken = code === 'EADDRINUSE' || code === 'EACCES'
    if (taken && !('fixed' in port) && wanted !== 0) return bindFirst(app, host, { preferred: null })
    throw bindError(error, wanted, host)
  }
}

function bindError(cause: unknown, port: number, address: string): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EADDRNOTAVAIL') {
    return new RepriseError({
      code: 'usage',
      message: `This machine does not have the address ${address}.`,
      expected: 'one of its own addresses, or 0.0.0.0 for all of them',
      found: address,
    })
  }
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause
  return new RepriseError(
    {
      code: 'port-in-use',
      message: code === 'EACCES' ? `Port ${port} may not be used.` : `Port ${port} is taken by another program.`,
      expected: 'a free port',
      found: code,
      fix: 'Choose another with --port N, or leave --port out for any free one.',
      details: { port },
    },
    { cause },
  )
}

const closed = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))
