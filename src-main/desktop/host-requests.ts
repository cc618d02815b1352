// The few questions the shell itself has for the host; everything else is between page and host. One call per connection,
// in the messages of tRPC over WebSocket (https://trpc.io/docs/server/websockets, "RPC specification").
import { WebSocket } from 'ws'
import type { RunSummary, Settings } from '../shared/api.ts'
import { type ErrorReport, fromErrorReport, RepriseError } from '../shared/errors.ts'

export interface HostAddress {
  port: number
  token: string
}

interface Reply {
  id: number | null
  result?: { type: string; data?: unknown }
  error?: { message: string; data?: { report?: ErrorReport } }
}

const patienceMs = 3000

/** Throws the host's own error, or `host-unreachable` when it does not answer in time. */
function call<T>(host: HostAddress, method: 'query' | 'mutation', path: string, input?: unknown): Promise<T> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/trpc`, {
    headers: { authorization: `Bearer ${host.token}` },
    handshakeTimeout: patienceMs,
  })
  const answered = new Promise<T>((resolve, reject) => {
    const unreachable = (found: string) =>
      reject(
        new RepriseError({
          code: 'host-unreachable',
          message: `The engine did not answer ${path}.`,
          found,
          fix: 'Wait until it has started again, then repeat.',
        }),
      )
    const timer = setTimeout(() => unreachable(`no answer within ${patienceMs} ms`), patienceMs)
    socket.on('open', () => socket.send(JSON.stringify({ id: 1, jsonrpc: '2.0', method, params: { path, input } })))
    socket.on('error', (error) => unreachable(error.message))
    socket.on('close', () => {
      clearTimeout(timer)
      unreachable('the connection was closed')
    })
    socket.on('message', (data) => {
      const { id, result, error } = JSON.parse(String(data)) as Reply
      if (id !== 1) return
      if (error?.data?.report) reject(fromErrorReport(error.data.report))
      else if (error) unreachable(error.message)
      else resolve(result?.data as T)
    })
  })
  return answered.finally(() => socket.terminate())
}

export const readSettings = (host: HostAddress) => call<Settings>(host, 'query', 'settings.get')

export const keepTrainingInBackground = (host: HostAddress) =>
  call<Settings>(host, 'mutation', 'settings.set', { background: true } satisfies Partial<Settings>)

/** The run that trains now, or null. */
export async function trainingRun(host: HostAddress): Promise<RunSummary | null> {
  const runs = await call<RunSummary[]>(host, 'query', 'runs.list')
  return runs.find(({ status }) => status === 'running' || status === 'pausing' || status === 'stopping') ?? null
}

/** Asks a run to stop now and keep what it has. */
export const stopRun = (host: HostAddress, runId: string) =>
  call<RunSummary>(host, 'mutation', 'runs.stop', { runId, mode: 'now' })
