import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { readCallError } from './wire-client.ts'

test('the report of the engine comes through as the error it was', () => {
  const report = {
    code: 'unknown-run',
    message: 'There is no run "r-9".',
    found: 'r-9',
    fix: 'Look at the list.',
  } as const
  const error = TRPCClientError.from({ error: { code: -32603, message: report.message, data: { report } } })
  expect(readCallError(error)).toMatchObject(report)
})

test('a broken connection says that the engine does not answer, and what was found', () => {
  expect(readCallError(new Error('socket closed'))).toMatchObject({ code: 'host-unreachable', found: 'socket closed' })
})
