// The host's API. Clients import the type only; a RepriseError reaches them as `error.data.report`.
import { datasetsRouter } from './datasets-router.ts'
import { eventsRouter } from './events-router.ts'
import { foldersRouter, machineRouter, noticesRouter, settingsRouter, setupRouter } from './machine-router.ts'
import { previewRouter } from './preview-router.ts'
import { probeRouter } from './probe-router.ts'
import { proofsRouter } from './proofs-router.ts'
import { recipesRouter } from './recipes-router.ts'
import { runsRouter } from './runs-router.ts'
import { storageRouter } from './storage-router.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  machine: machineRouter,
  recipes: recipesRouter,
  runs: runsRouter,
  datasets: datasetsRouter,
  preview: previewRouter,
  folders: foldersRouter,
  settings: settingsRouter,
  setup: setupRouter,
  storage: storageRouter,
  probe: probeRouter,
  proofs: proofsRouter,
  notices: noticesRouter,
  events: eventsRouter,
})

export type AppRouter = typeof appRouter
