// Turns what a procedure threw into the report that the client reads as `error.data.report`.
import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { type ErrorReport, toErrorReport } from '../../shared/errors.ts'
import { databaseError } from '../db/database-error.ts'

function usageReport(error: ZodError): ErrorReport {
  const issue = error.issues[0]
  const place = issue?.path.join('.') || 'the input'
  return {
    code: 'usage',
    message: `The call is malformed at ${place}.`,
    expected: issue?.message ?? 'other input',
    fix: 'Call it with the fields that the API names.',
  }
}

/** The report of anything a tRPC call may end with: our errors keep their code, malformed input is `usage`. */
export function readErrorReport(error: unknown): ErrorReport {
  if (error instanceof TRPCError && error.code === 'PARSE_ERROR') {
    return { code: 'usage', message: 'The message is no call.', expected: 'JSON-RPC 2.0 as tRPC writes it' }
  }
  const cause = error instanceof TRPCError && error.cause !== undefined ? error.cause : error
  if (cause instanceof ZodError) return usageReport(cause)
  if (cause instanceof TRPCError && cause.code === 'NOT_FOUND') {
    return {
      code: 'usage',
      message: cause.message,
      fix: 'Update the client: it calls what this version does not have.',
    }
  }
  if (cause instanceof TRPCError) return { code: 'usage', message: cause.message }
  return toErrorReport(databaseError(cause))
}
