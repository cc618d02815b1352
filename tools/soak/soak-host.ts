// A real host with real workers on a folder of its own, that can be killed as a crash or a power cut would.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { AppRouter } from '../../src-main/host/api/router.ts'
import { spawnHost } from '../../src-main/launch/spawn-host.ts'
import type { HostEvent, RunDetail } from '../../src-main/shared/api.ts'

export interface SoakHost {
  client: TRPCClient<AppRouter>
  dataDir: string
  pid: number
  /** Ids of the processes that train now. */
  workers(): number[]
  /** Every event from now on; the result ends it. */
  listen(listener: (event: HostEvent) => void): () => void
  /** SIGKILL; resolves when the process is gone. Workers live on until they notice. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Starts a host on `dataDir`; the client keeps no connection when the host is gone. */
export async function startSoakHost(dataDir: string): Promise<SoakHost> {
  const host = await spawnHost({ dataDir, attached: true })
  const { port, token, pid } = host.address
  class TokenSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { authorization: `Bearer ${token}` } })
      this.on('error', () => {})
    }
  }
  const socket = createWSClient({
    url: `ws://127.0.0.1:${port}/trpc`,
    WebSocket: TokenSocket as unknown as typeof globalThis.WebSocket,
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
  return {
    client,
    dataDir,
    pid,
    workers: () => trainingProcesses(pid),
    listen: (listener) => {
      const subscription = client.events.subscribe.subscribe(undefined, {
        onData: ({ data }) => listener(data),
        onError: () => {},
      })
      return () => subscription.unsubscribe()
    },
    kill: async () => {
      process.kill(pid, 'SIGKILL')
      await host.ended
      await socket.close()
    },
    stop: async () => {
      await socket.close()
      await host.stop()
    },
  }
}

/** Children of a process that run the train worker. Reads /proc, so on Linux only. */
function trainingProcesses(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // The name in brackets may hold spaces; the parent's id is the second field after it.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
        if (Number(fields?.[1]) !== parent) return false
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('worker/main.ts')
      } catch {
        return false
      }
    })
    .map(Number)
}

/** SIGKILL for a process that may be gone already. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits until `look` gives something. Throws after `seconds`, saying what it waited for. */
export async function waitFor<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  seconds = 120,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const found = await look()
    if (found) return found
    await delay(10)
  }
  throw new Error(`Waited ${seconds} s in vain for ${what}.`)
}

/** True for a run that neither trains nor is about to. */
export const stands = ({ status }: Pick<RunDetail, 'status'>) =>
  status === 'finished' || status === 'stopped' || status === 'failed' || status === 'paused'
