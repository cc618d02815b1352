// A connection to the host: the one that already runs on the data folder, else one started for this command.
import { createTRPCClient, createWSClient, isTRPCClientError, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { AppRouter } from '../host/api/router.ts'
import { dataFolder } from '../launch/data-folder.ts'
import { readHostAddress } from '../launch/host-address.ts'
import { type SpawnedHost, spawnHost } from '../launch/spawn-host.ts'
import type { HostEvent, RunSummary } from '../shared/api.ts'
import { type ErrorReport, fromErrorReport, RepriseError } from '../shared/errors.ts'

export type HostClient = TRPCClient<AppRouter>

export interface HostConnection {
  client: HostClient
  /** How the host was reached. */
  port: number
  /** True when this command started the host. */
  own: boolean
  /** Waits for a call; rejects with the host's own error, or `host-unreachable` as soon as the host is gone. */
  call<T>(pending: Promise<T>): Promise<T>
  /** Calls back with every event from now on; resolves once the host sends them. The result ends it. */
  listen(listener: (event: HostEvent) => void): Promise<() => void>
  /** Ends the connection, and the host if this command started it. */
  close(): Promise<void>
}

/** Connects. Throws what a host says of a failed start, such as `port-in-use` or `database-newer`. */
export async function connectHost(): Promise<HostConnection> {
  const running = readHostAddress(dataFolder())
  if (running) return connect(running, null)
  const host = await spawnHost({ attached: true }).catch((error: unknown) => {
    const other = error instanceof RepriseError && error.code === 'second-instance' && readHostAddress(dataFolder())
    if (other) return other
    throw error
  })
  return 'process' in host ? connect(host.address, host) : connect(host, null)
}

function connect({ port, token, pid }: { port: number; token: string; pid: number }, own: SpawnedHost | null) {
  class AuthorizedWebSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { headers: { authorization: `Bearer ${token}` } })
    }
  }
  let lost: (error: RepriseError) => void
  const gone = new Promise<never>((_, reject) => {
    lost = reject
  })
  gone.catch(() => {}) // looked at only while a call waits
  let closing = false
  const lookForHost = () => {
    if (!closing && readHostAddress(dataFolder())?.pid !== pid) lost(hostGone())
  }
  void own?.ended.then(lookForHost)
  const socket = createWSClient({
    url: `ws://127.0.0.1:${port}/trpc`,
    WebSocket: AuthorizedWebSocket as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => {
      // A host that is being killed may still look alive when its socket closes.
      lookForHost()
      return 300
    },
    onClose: lookForHost,
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })

  const connection: HostConnection = {
    client,
    port,
    own: own !== null,
    call: (pending) => Promise.race([pending, gone]).catch((error) => Promise.reject(readableError(error))),
    listen: (listener) =>
      connection.call(
        new Promise((resolve, reject) => {
          const subscription = client.events.subscribe.subscribe(undefined, {
            onStarted: () => resolve(() => subscription.unsubscribe()),
            onData: ({ data }) => listener(data),
            onError: reject,
          })
        }),
      ),
    async close() {
      closing = true
      const inUse =
        own !== null && (await connection.call(client.runs.list.query()).catch(() => [])).some((run) => !hasEnded(run))
      await socket.close()
      if (!inUse) return own?.stop()
      // A window has started other runs on this host: the end of its stdin lets the host decide by the settings.
      own?.process.stdin?.destroy()
      own?.process.unref()
    },
  }
  return connection
}

/** Runs `use` with a connection and closes it whatever happens. */
export async function withHost<T>(use: (host: HostConnection) => Promise<T>): Promise<T> {
  const host = await connectHost()
  try {
    return await use(host)
  } finally {
    await host.close()
  }
}

export const hasEnded = ({ status }: Pick<RunSummary, 'status'>): boolean =>
  status === 'finished' || status === 'stopped' || status === 'failed'

function readableError(error: unknown): unknown {
  if (!isTRPCClientError(error)) return error
  const report = (error.data as { report?: ErrorReport } | null | undefined)?.report
  return report ? fromErrorReport(report) : error
}

function hostGone(): RepriseError {
  return new RepriseError({
    code: 'host-unreachable',
    message: 'The engine ended while this command waited for it.',
    fix: 'Run the command again. Runs keep everything since their last checkpoint.',
  })
}
