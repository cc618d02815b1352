// A page in a browser, as far as the host can tell: a session cookie, and the Origin of its own address.
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { AppRouter } from '../api/router.ts'
import { ask, type HeaderLines } from './raw-http.ts'

interface Reached {
  port: number
  token: string
}

/** Trades the token for a cookie as a page does, and gives it as `name=value`. */
export async function openSession({ port, token }: Reached, headers: HeaderLines = []): Promise<string> {
  const answer = await ask(port, {
    method: 'POST',
    target: '/session',
    headers: [['Content-Type', 'application/json'], ...headers],
    body: JSON.stringify({ token }),
  })
  if (answer.status !== 204) throw new Error(`no session: ${answer.text}`)
  return answer.headers['set-cookie']?.split(';')[0] ?? ''
}

/** A socket that sends these headers; closed when the test has ended. */
export function clientWith(
  port: number,
  headers: Record<string, string>,
  address = '127.0.0.1',
): TRPCClient<AppRouter> {
  class HeaderSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers })
    }
  }
  const socket = createWSClient({
    url: `ws://${address}:${port}/trpc`,
    WebSocket: HeaderSocket as unknown as typeof globalThis.WebSocket,
  })
  onTestFinished(() => socket.close())
  return createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })
}

/** The API as a page has it. */
export async function pageClient(host: Reached): Promise<TRPCClient<AppRouter>> {
  return clientWith(host.port, { cookie: await openSession(host), origin: `http://127.0.0.1:${host.port}` })
}

/** The code of the host's report that a call ends with, or null when it succeeds. */
export function codeOf(call: Promise<unknown>): Promise<string | null> {
  return call.then(
    () => null,
    (error: { data?: { report?: { code: string } } }) => error.data?.report?.code ?? String(error),
  )
}
