// The runs of a host as the shell follows them, over a connection that comes back by itself. Messages as in host-requests.ts.
import { WebSocket } from 'ws'
import type { HostEvent, RunSummary } from '../shared/api.ts'
import type { HostAddress } from './host-requests.ts'

interface Reply {
  id: number | null
  result?: { type: 'started' | 'data' | 'stopped'; data?: unknown }
}

const listId = 1
const eventsId = 2
const againMs = 1000

/**
 * Calls back with all runs at first and after every change, and with null when the host is away. The result ends it, without
 * another call.
 */
export function followRuns(host: HostAddress, onRuns: (runs: RunSummary[] | null) => void): () => void {
  let ended = false
  let socket: WebSocket | null = null
  let timer: NodeJS.Timeout | undefined

  const connect = () => {
    const runs = new Map<string, RunSummary>()
    let listed = false
    const tell = () => {
      if (listed && !ended) onRuns([...runs.values()])
    }
    const take = ({ id, result }: Reply) => {
      if (id === eventsId && result?.type === 'started') send(listId, 'query', 'runs.list')
      else if (id === listId && result) {
        // An event that came before the list is as new as the list.
        for (const run of result.data as RunSummary[]) if (!runs.has(run.id)) runs.set(run.id, run)
        listed = true
        tell()
      } else if (id === eventsId && result?.type === 'data') {
        const event = (result.data as { data: HostEvent }).data
        if (event.type === 'run') runs.set(event.run.id, event.run)
        else if (event.type === 'run-removed') runs.delete(event.runId)
        else return
        tell()
      }
    }
    const opened = new WebSocket(`ws://127.0.0.1:${host.port}/trpc`, {
      headers: { authorization: `Bearer ${host.token}` },
    })
    const send = (id: number, method: 'query' | 'subscription', path: string) =>
      opened.send(JSON.stringify({ id, jsonrpc: '2.0', method, params: { path } }))
    opened.on('open', () => send(eventsId, 'subscription', 'events.subscribe'))
    opened.on('message', (data) => {
      const text = String(data)
      if (text === 'PING') opened.send('PONG')
      else for (const reply of [JSON.parse(text) as Reply | Reply[]].flat()) take(reply)
    })
    opened.on('error', () => {})
    opened.on('close', () => {
      if (ended) return
      onRuns(null)
      timer = setTimeout(connect, againMs)
    })
    socket = opened
  }

  connect()
  return () => {
    ended = true
    clearTimeout(timer)
    socket?.terminate()
  }
}
