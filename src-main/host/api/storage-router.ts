import { z } from 'zod'
import { procedure, router } from './trpc.ts'

const emptyBinInput = z.strictObject({ ids: z.array(z.string()).max(100_000).optional() }).optional()

export const storageRouter = router({
  use: procedure.query(({ ctx }) => ctx.host.storage.use()),
  bin: procedure.query(({ ctx }) => ctx.host.storage.bin()),
  emptyBin: procedure.input(emptyBinInput).mutation(({ ctx, input }) => ctx.host.storage.emptyBin(input?.ids)),
})
