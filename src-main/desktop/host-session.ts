// A session of the app's window at the host, opened by the app itself: the page gets its cookie and never sees the token.
import { request } from 'node:http'
import { RepriseError } from '../shared/errors.ts'
import type { HostAddress } from './host-requests.ts'

/** The part of Electron's cookie jar that is needed here. */
export interface CookieJar {
  set(cookie: {
    url: string
    name: string
    value: string
    path: string
    httpOnly: boolean
    sameSite: 'strict'
  }): Promise<void>
}

/** Rejects with `host-unreachable` when no host answers or the token is not its own. */
export async function openHostSession({ port, token }: HostAddress, jar: CookieJar): Promise<void> {
  const [name, value] = await sessionCookie(port, token)
  await jar.set({ url: `http://127.0.0.1:${port}/`, name, value, path: '/', httpOnly: true, sameSite: 'strict' })
}

function sessionCookie(port: number, token: string): Promise<[name: string, value: string]> {
  return new Promise((resolve, reject) => {
    const unreachable = (found: string) =>
      reject(
        new RepriseError({
          code: 'host-unreachable',
          message: 'The engine opened no session for this window.',
          found,
          fix: 'It is tried again by itself.',
        }),
      )
    const headers = { authorization: `Bearer ${token}` }
    const asked = request({ host: '127.0.0.1', port, path: '/session', method: 'POST', headers, timeout: 3000 })
    asked.on('response', (answer) => {
      answer.resume()
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(answer.headers['set-cookie']?.[0] ?? '') ?? []
      if (name === undefined || value === undefined) unreachable(`status ${answer.statusCode}`)
      else resolve([name, value])
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer within 3 s')))
    asked.on('error', (error) => unreachable(error.message))
    asked.end()
  })
}
