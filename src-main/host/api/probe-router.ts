import { z } from 'zod'
import { clientChanges } from './client-input.ts'
import { procedure, router } from './trpc.ts'

const probeInput = z.strictObject({ id: z.string().max(100) })

export const probeRouter = router({
  start: procedure
    .input(z.strictObject({ recipeId: z.string(), changes: clientChanges }))
    .mutation(({ ctx, input }) => ctx.host.probe.start(input)),
  state: procedure.input(probeInput).query(({ ctx, input }) => ctx.host.probe.state(input.id)),
  cancel: procedure.input(probeInput).mutation(({ ctx, input }) => ctx.host.probe.cancel(input.id)),
})
