import { z } from 'zod'
import { clientChanges } from './client-input.ts'
import { procedure, router } from './trpc.ts'

const previewInput = z.strictObject({
  recipeId: z.string(),
  changes: clientChanges,
  step: z.int().min(0),
  draw: z.int().min(0).max(1_000_000),
})

export const previewRouter = router({
  inputs: procedure.input(previewInput).query(({ ctx, input, signal }) => ctx.host.preview.inputs(input, signal)),
})
