import { expect, test } from 'vitest'
import { createHostLog } from './host-log.ts'

test('the log holds no token, cookie or subprotocol', () => {
  const lines: string[] = []
  const log = createHostLog({ write: (line) => void lines.push(line) })
  log.info({ token: 'secret', address: { token: 'secret', port: 1 } }, 'started')
  log.info({
    req: { headers: { authorization: 'Bearer secret', cookie: 'a=secret', 'sec-websocket-protocol': 'token.secret' } },
  })
  expect(lines).toHaveLength(2)
  expect(lines.join('')).not.toContain('secret')
  expect(lines.join('')).toContain('[Redacted]')
})
