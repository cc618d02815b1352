import { z } from 'zod'
import { findingKinds } from '../../shared/dataset-views.ts'
import { boxRules } from '../../shared/registry/readers.ts'
import { splitRecipeSchema } from '../../shared/split-recipe.ts'
import { clientPath as path } from './client-input.ts'
import { procedure, router } from './trpc.ts'

const datasetId = z.strictObject({ id: z.string() })
const boxRule = z.enum(boxRules).optional()

const addInput = z.strictObject({
  path,
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/)
    .optional(),
  brokenPictures: z.enum(['refuse', 'skip']).optional(),
  boxRule,
  fit: z.int().min(0).max(1024).optional(),
})

const part = z.enum(['train', 'val', 'test'])
const filter = z.strictObject({
  part: part.optional(),
  label: z.int().min(0).optional(),
  finding: z.enum(findingKinds).optional(),
  excluded: z.boolean().optional(),
  text: z.string().max(200).optional(),
})

const excludeInput = z.strictObject({
  id: z.string(),
  finding: z.enum(findingKinds).optional(),
  pictures: z.array(z.int().min(0)).max(50_000).optional(),
  excluded: z.boolean(),
})

export const datasetsRouter = router({
  list: procedure.query(({ ctx }) => ctx.host.datasets.list()),
  fetch: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.fetch(input.id)),
  look: procedure
    .input(z.strictObject({ path, boxRule }))
    .query(async ({ ctx, input, signal }) =>
      ctx.host.datasets.look({ ...input, path: await ctx.host.folders.allowed(input.path, ctx.access) }, signal),
    ),
  add: procedure
    .input(addInput)
    .mutation(async ({ ctx, input }) =>
      ctx.host.datasets.add({ ...input, path: await ctx.host.folders.allowed(input.path, ctx.access) }),
    ),
  cancel: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.cancel(input.id)),
  remove: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.remove(input.id)),
  overview: procedure.input(datasetId).query(({ ctx, input }) => ctx.host.datasets.overview(input.id)),
  pictures: procedure
    .input(z.strictObject({ id: z.string(), filter, offset: z.int().min(0), limit: z.int().min(1).max(500) }))
    .query(({ ctx, input }) => ctx.host.datasets.pictures(input)),
  check: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.check(input.id)),
  cancelCheck: procedure.input(datasetId).mutation(({ ctx, input }) => ctx.host.datasets.cancelCheck(input.id)),
  exclude: procedure.input(excludeInput).mutation(({ ctx, input }) => ctx.host.datasets.exclude(input)),
  setSplit: procedure
    .input(z.strictObject({ id: z.string(), split: splitRecipeSchema }))
    .mutation(({ ctx, input }) => ctx.host.datasets.setSplit(input.id, input.split)),
  exportSplit: procedure.input(datasetId).query(({ ctx, input }) => ctx.host.datasets.exportSplit(input.id)),
})
