// A real host on a fresh data folder with scripted workers, and clients to it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { resourcesFolder } from '../../launch/resources.ts'
import type { HostEvent, RunDetail } from '../../shared/api.ts'
import type { AppRouter } from '../api/router.ts'
import { type HostOptions, type RunningHost, startHost } from '../host.ts'
import { createHostLog } from '../host-log.ts'
import { installedLibrary } from './installed-library.ts'
import { scriptedEntries } from './scripted-entries.ts'

export interface TestHost extends RunningHost {
  dataDir: string
  client: TRPCClient<AppRouter>
  events: HostEvent[]
}

/** A folder that is removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-host-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A tRPC client that shows the token; closed when the test has ended. */
export function connect(host: Pick<RunningHost, 'port' | 'token'>): TRPCClient<AppRouter> {
  class TokenSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { authorization: `Bearer ${host.token}` } })
    }
  }
  const socket = createWSClient({
    url: `ws://127.0.0.1:${host.port}/trpc`,
    WebSocket: TokenSocket as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => 10,
  })
  onTestFinished(() => socket.close())
  return createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
}

/** Collects a client's events from now on; resolves when the host has begun to send. */
export async function collectEvents(client: TRPCClient<AppRouter>, lastEventId?: string): Promise<HostEvent[]> {
  const events: HostEvent[] = []
  await new Promise<void>((resolve, reject) => {
    const subscription = client.events.subscribe.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
      onStarted: () => resolve(),
      onData: ({ data }) => events.push(data),
      onError: reject,
    })
    onTestFinished(() => subscription.unsubscribe())
  })
  return events
}

export async function startTestHost(options: Partial<HostOptions> = {}): Promise<TestHost> {
  const dataDir = options.dataDir ?? temporaryFolder()
  const host = await startHost({
    dataDir,
    resourcesDir: resourcesFolder(),
    uiDir: join(dataDir, 'no-interface'),
    log: createHostLog({ write: () => {} }),
    entries: scriptedEntries,
    library: installedLibrary,
    timing: { batchMs: 5, liveMs: 5, stopMs: 200, shutdownMs: 200 },
    ...options,
  })
  onTestFinished(() => host.close())
  const client = connect(host)
  const events = await collectEvents(client)
  return { ...host, dataDir, client, events }
}

/** Waits for a run to be in one of these states. */
export async function runIn(host: TestHost, id: string, ...states: RunDetail['status'][]): Promise<RunDetail> {
  return until(async () => {
    const run = await host.client.runs.get.query({ id })
    return states.includes(run.status) ? run : null
  })
}

/** Waits until `look` gives something; the test's own time limit ends it. */
export async function until<T>(
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
