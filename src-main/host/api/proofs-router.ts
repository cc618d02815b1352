import { z } from 'zod'
import { procedure, router } from './trpc.ts'

const runInput = z.strictObject({ runId: z.string() })

export const proofsRouter = router({
  start: procedure.input(runInput).mutation(({ ctx, input }) => ctx.host.proofs.start(input.runId)),
  state: procedure.input(runInput).query(({ ctx, input }) => ctx.host.proofs.state(input.runId)),
  cancel: procedure.input(runInput).mutation(({ ctx, input }) => ctx.host.proofs.cancel(input.runId)),
})
