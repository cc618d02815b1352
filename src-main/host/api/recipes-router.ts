import { z } from 'zod'
import { procedure, router } from './trpc.ts'

export const recipesRouter = router({
  list: procedure.query(({ ctx }) => ctx.host.recipes.list()),
  get: procedure.input(z.strictObject({ id: z.string() })).query(({ ctx, input }) => ctx.host.recipes.get(input.id)),
  problems: procedure.query(({ ctx }) => ctx.host.recipes.problems()),
})
