// The tRPC instance: its context, and how errors cross the wire.
import { initTRPC } from '@trpc/server'
import type { Access } from '../http/sessions.ts'
import type { CallCounter } from './call-limits.ts'
import { readErrorReport } from './error-report.ts'
import type { HostServices } from './services.ts'

export interface ApiContext {
  host: HostServices
  /** What the caller may do. */
  access: Access
  counter: CallCounter
}

const t = initTRPC.context<ApiContext>().create({
  isDev: false,
  errorFormatter: ({ shape, error }) => {
    const report = readErrorReport(error)
    return { ...shape, message: report.message, data: { ...shape.data, report } }
  },
})

export const router = t.router

export const procedure = t.procedure.use(({ ctx, type, signal, next }) => {
  if (type !== 'subscription') return ctx.counter.call(() => next())
  ctx.counter.subscription(signal)
  return next()
})
