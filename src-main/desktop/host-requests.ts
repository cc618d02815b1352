// The few questions the shell itself has for the host; everything else is between page and host.
import { request } from 'node:http'
import type { RunSummary, Settings } from '../shared/api.ts'
import { RepriseError } from '../shared/errors.ts'

export interface HostAddress {
  port: number
  token: string
}

const patienceMs = 3000

function call<T>(host: HostAddress, method: 'GET' | 'POST', procedure: string, input?: unknown): Promise<T> {
  const body = method === 'POST' ? JSON.stringify(input) : undefined
  return new Promise((resolve, reject) => {
    const unreachable = (found: string) =>
      reject(
        new RepriseError({
          code: 'host-unreachable',
          message: `The engine did not answer ${procedure}.`,
          found,
          fix: 'Wait until it has started again, then repeat.',
        }),
      )
    const headers = { authorization: `Bearer ${host.token}`, ...(body && { 'content-type': 'application/json' }) }
    const path = `/trpc/${procedure}`
    const sent = request(
      { host: '127.0.0.1', port: host.port, path, method, headers, timeout: patienceMs },
      (reply) => {
        let text = ''
        reply.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        reply.on('end', () => {
          if (reply.statusCode !== 200) return unreachable(`status ${reply.statusCode}: ${text.slice(0, 200)}`)
          resolve((JSON.parse(text) as { result: { data: T } }).result.data)
        })
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patienceMs} ms`)))
    sent.on('error', (error) => unreachable(error.message))
    sent.end(body)
  })
}

export const readSettings = (host: HostAddress) => call<Settings>(host, 'GET', 'settings.get')

export const keepTrainingInBackground = (host: HostAddress) =>
  call<Settings>(host, 'POST', 'settings.set', { background: true } satisfies Partial<Settings>)

/** The run that trains now, or null. */
export async function trainingRun(host: HostAddress): Promise<RunSummary | null> {
  const runs = await call<RunSummary[]>(host, 'GET', 'runs.list')
  return runs.find((run) => run.status === 'running' || run.status === 'stopping') ?? null
}

/** Asks a run to stop now and keep what it has. */
export const stopRun = (host: HostAddress, runId: string) =>
  call<RunSummary>(host, 'POST', 'runs.stop', { runId, mode: 'now' })
