// The machine and what belongs to it rather than to a run: libraries, folders, settings.
import { z } from 'zod'
import { settingsSchema } from '../settings.ts'
import { clientPath } from './client-input.ts'
import { procedure, router } from './trpc.ts'

const settingsChange = settingsSchema.partial()

/** What happened to the host since its start. */
export const noticesRouter = router({ list: procedure.query(({ ctx }) => ctx.host.notices()) })

export const machineRouter = router({ info: procedure.query(({ ctx }) => ctx.host.machine.info()) })

export const foldersRouter = router({
  list: procedure
    .input(z.strictObject({ path: clientPath.optional() }).optional())
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
