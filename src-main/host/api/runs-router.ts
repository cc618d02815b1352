import { z } from 'zod'
import { queuePriorities } from '../../shared/api.ts'
import { sweepSchema } from '../../shared/sweep.ts'
import { clientChanges } from './client-input.ts'
import { procedure, router } from './trpc.ts'

const runId = z.strictObject({ id: z.string() })

const startInput = z.strictObject({
  recipeId: z.string(),
  name: z.string().max(200).optional(),
  changes: clientChanges,
  first: z.boolean().optional(),
  priority: z.enum(queuePriorities).optional(),
})

const sweepInput = startInput.extend({ sweep: sweepSchema })

const pauseInput = z.strictObject({ runId: z.string(), keepDevice: z.boolean() })

const resumeInput = z.strictObject({
  runId: z.string(),
  change: z.strictObject({ lrScale: z.number().positive().max(1000).optional() }).optional(),
})

const stopInput = z.strictObject({ runId: z.string(), mode: z.enum(['now', 'epoch', 'bin']) })

export const runsRouter = router({
  list: procedure
    .input(z.strictObject({ bin: z.boolean().default(false) }).optional())
    .query(({ ctx, input }) => ctx.host.runs.list({ bin: input?.bin ?? false })),
  get: procedure.input(runId).query(({ ctx, input }) => ctx.host.runs.get(input.id)),
  curves: procedure
    .input(z.strictObject({ id: z.string(), maxPoints: z.int().min(4).max(100_000) }))
    .query(({ ctx, input }) => ctx.host.runs.curves(input.id, input.maxPoints)),
  log: procedure.input(runId).query(({ ctx, input }) => ctx.host.runs.log(input.id)),
  preflight: procedure.input(startInput).query(({ ctx, input }) => ctx.host.runs.preflight(input)),
  start: procedure.input(startInput).mutation(({ ctx, input }) => ctx.host.runs.start(input)),
  expandSweep: procedure.input(sweepInput).query(({ ctx, input }) => ctx.host.runs.expandSweep(input)),
  startSweep: procedure.input(sweepInput).mutation(({ ctx, input }) => ctx.host.runs.startSweep(input)),
  pause: procedure.input(pauseInput).mutation(({ ctx, input }) => ctx.host.runs.pause(input)),
  resume: procedure.input(resumeInput).mutation(({ ctx, input }) => ctx.host.runs.resume(input)),
  stop: procedure.input(stopInput).mutation(({ ctx, input }) => ctx.host.runs.stop(input)),
  rename: procedure
    .input(z.strictObject({ id: z.string(), name: z.string().trim().min(1).max(200) }))
    .mutation(({ ctx, input }) => ctx.host.runs.rename(input.id, input.name)),
  remove: procedure.input(runId).mutation(({ ctx, input }) => ctx.host.runs.remove(input.id)),
  restore: procedure.input(runId).mutation(({ ctx, input }) => ctx.host.runs.restore(input.id)),
  moveInQueue: procedure
    .input(z.strictObject({ id: z.string(), position: z.int().min(1) }))
    .mutation(({ ctx, input }) => ctx.host.runs.moveInQueue(input.id, input.position)),
  setPriority: procedure
    .input(z.strictObject({ id: z.string(), priority: z.enum(queuePriorities) }))
    .mutation(({ ctx, input }) => ctx.host.runs.setPriority(input.id, input.priority)),
  queue: procedure.query(({ ctx }) => ctx.host.runs.queue()),
  holdQueue: procedure
    .input(z.strictObject({ held: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.host.runs.holdQueue(input.held)),
})
