// The tRPC instance: its context, and how errors cross the wire.
import { initTRPC } from '@trpc/server'
import { readErrorReport } from './error-report.ts'
import type { HostServices } from './services.ts'

export interface ApiContext {
  host: HostServices
}

const t = initTRPC.context<ApiContext>().create({
  isDev: false,
  errorFormatter: ({ shape, error }) => {
    const report = readErrorReport(error)
    return { ...shape, message: report.message, data: { ...shape.data, report } }
  },
})

export const router = t.router
export const procedure = t.procedure
