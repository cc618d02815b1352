// The machine and what belongs to it rather than to a run: libraries, folders, settings.
import { z } from 'zod'
import { procedure, router } from './trpc.ts'

const settingsChange = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  language: z.enum(['system', 'en', 'zh']).optional(),
  density: z.enum(['comfortable', 'compact']).optional(),
  device: z
    .string()
    .regex(/^(auto|cpu|gpu:\d+)$/, 'auto, cpu, or gpu:N')
    .optional(),
  background: z.boolean().optional(),
})

export const machineRouter = router({ info: procedure.query(({ ctx }) => ctx.host.machine.info()) })

export const foldersRouter = router({
  list: procedure
    .input(z.strictObject({ path: z.string().optional() }).optional())
    .query(({ ctx, input }) => ctx.host.folders.list(input?.path)),
})

export const settingsRouter = router({
  get: procedure.query(({ ctx }) => ctx.host.settings.get()),
  set: procedure.input(settingsChange).mutation(({ ctx, input }) => ctx.host.settings.set(input)),
})

export const setupRouter = router({
  state: procedure.query(({ ctx }) => ctx.host.setup.state()),
  installTensorflow: procedure.mutation(({ ctx }) => ctx.host.setup.installTensorflow()),
})
