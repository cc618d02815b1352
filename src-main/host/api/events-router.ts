import { tracked } from '@trpc/server'
import { z } from 'zod'
import { procedure, router } from './trpc.ts'

const subscribeInput = z
  .strictObject({
    /** The `seq` of the newest event that the client has; those after it come first, as far as they are kept. */
    lastEventId: z
      .string()
      .regex(/^\d{1,16}$/)
      .nullish(),
  })
  .optional()

export const eventsRouter = router({
  subscribe: procedure.input(subscribeInput).subscription(async function* ({ ctx, input, signal }) {
    const after = input?.lastEventId == null ? undefined : Number(input.lastEventId)
    for await (const event of ctx.host.events.subscribe(signal ?? new AbortController().signal, after)) {
      yield tracked(String(event.seq), event)
    }
  }),
})
