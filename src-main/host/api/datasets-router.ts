import { z } from 'zod'
import { procedure, router } from './trpc.ts'

const datasetId = z.strictObject({ id: z.string() })

const addInput = z.strictObject({
  path: z.string().min(1),
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .optional(),
  brokenPictures: z.enum(['refuse', 'skip']).optional(),
})

export const datasetsRouter = router({
  list: procedure.query(({ ctx }) => ctx.host.datasets.list()),
  fetch: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.fetch(input.id)),
  add: procedure.input(addInput).mutation(({ ctx, input }) => ctx.host.datasets.add(input)),
  cancel: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.cancel(input.id)),
})
