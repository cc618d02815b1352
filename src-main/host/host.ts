// Puts a host together on one data folder, and takes it down again.
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { hostUrl, readHostAddress, removeHostAddress, writeHostAddress } from '../launch/host-address.ts'
import { RepriseError } from '../shared/errors.ts'
import type { HostServices } from './api/services.ts'
import { createDatasets } from './datasets/dataset-service.ts'
import { lockDataFolder, openDatabase } from './db/database.ts'
import { createHistory } from './db/history.ts'
import { runId } from './db/runs-table.ts'
import { createEventBus } from './event-bus.ts'
import { type HostContext, type HostTiming, hostTiming, type WorkerEntries } from './host-context.ts'
import { newToken } from './http/guard.ts'
import { startHttpServer } from './http/server.ts'
import { diskFreeBytes } from './machine/disk.ts'
import { listFolder } from './machine/folders.ts'
import { cpuName, createMachineInfo, freeMemoryBytes } from './machine/machine-info.ts'
import { createNetworkLog } from './machine/network-log.ts'
import { createTensorflowLibrary, type LibrarySource, librarySource } from './machine/tensorflow-library.ts'
import { createPreviewService } from './preview/preview-service.ts'
import { createCostEstimator } from './recipes/cost.ts'
import { createRecipeBook } from './recipes/recipe-book.ts'
import { createRecipeService } from './recipes/recipe-service.ts'
import type { PreflightParts } from './runs/preflight.ts'
import { createRunQueue } from './runs/queue.ts'
import { createRunService } from './runs/run-service.ts'
import { runSummary, type ViewSources } from './runs/run-views.ts'
import { createSupervisor, markOrphans } from './runs/supervisor.ts'
import { changeSettings, readSettings } from './settings.ts'

export interface HostOptions {
  dataDir: string
  resourcesDir: string
  uiDir: string
  /** A fixed port; without it the last one used, or any free one. */
  port?: number | undefined
  log: Logger
  entries: WorkerEntries
  library?: LibrarySource
  env?: NodeJS.ProcessEnv
  freeBytes?: (folder: string) => Promise<number>
  timing?: Partial<HostTiming>
}

export interface RunningHost {
  port: number
  token: string
  url: string
  services: HostServices
  /** Whether training goes on in the background when nobody is attached any more. */
  trainsInBackground(): boolean
  /** Resolves when nothing trains, nothing waits and no window listens. */
  unused(): Promise<void>
  /** Ends gracefully: a training run stops and keeps its checkpoint. */
  close(): Promise<void>
}

const portKey = 'host.port'

function secondInstance(dataDir: string): RepriseError {
  const first = readHostAddress(dataDir)
  return new RepriseError({
    code: 'second-instance',
    message: 'The app runs already on this data folder.',
    found: first ? `process ${first.pid} on port ${first.port}` : 'a process that is just starting or ending',
    fix: first ? `Open ${hostUrl(first)}` : 'Try again in a moment.',
    details: { dataDir, ...(first ? { url: hostUrl(first), pid: first.pid, port: first.port } : {}) },
  })
}

/**
 * Starts a host. Throws `second-instance`, `database-damaged`, `database-newer`, `migration-unknown`, `port-in-use`; nothing
 * is left open then.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const lock = lockDataFolder(options.dataDir)
  if (!lock) throw secondInstance(options.dataDir)
  try {
    return await startLocked(options, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

async function startLocked(options: HostOptions, lock: { release(): void }): Promise<RunningHost> {
  const { dataDir, log, env = process.env } = options
  const db = openDatabase(dataDir)
  const history = createHistory(db)
  const events = createEventBus()
  const network = createNetworkLog()
  const context: HostContext = {
    folders: {
      data: dataDir,
      runs: join(dataDir, 'runs'),
      datasets: join(dataDir, 'datasets'),
      resources: options.resourcesDir,
    },
    history,
    events,
    log,
    network,
    entries: options.entries,
    timing: { ...hostTiming, ...options.timing },
    env,
    freeBytes: options.freeBytes ?? diskFreeBytes,
  }
  mkdirSync(context.folders.runs, { recursive: true })
  mkdirSync(context.folders.datasets, { recursive: true })

  const library = createTensorflowLibrary({ source: options.library ?? librarySource, events, network, env })
  const datasets = createDatasets(context)
  const book = createRecipeBook(join(options.resourcesDir, 'recipes'), ({ file, error }) =>
    log.warn({ file, error }, 'recipe cannot be read'),
  )
  const costs = createCostEstimator(history, { cpu: cpuName(), cores: availableParallelism() })
  const views: ViewSources = {
    history,
    live: (run) => {
      const active = supervisor.active()
      return active?.run === run ? active.live() : null
    },
    expectedSeconds: ({ recipe, config }) => costs.perSeed(recipe, config).seconds * config.seeds.count,
  }
  const publishRun = (run: number) => {
    const stored = history.runs.get(run)
    if (stored && stored.removedAt === null) events.publish({ type: 'run', run: runSummary(stored, views) })
  }
  const queue = createRunQueue(history)
  const supervisor = createSupervisor({
    context,
    library,
    queue,
    readyDataset: datasets.ready,
    publishRun,
    runEnded: costs.forget,
  })
  const preflight: PreflightParts = {
    book,
    costs,
    setup: library.refresh,
    dataset: datasets.get,
    checkedPictures: datasets.checkedPictures,
    freeDiskBytes: () => context.freeBytes(dataDir),
    freeMemoryBytes,
    defaultDevice: () => readSettings(history.settings).device,
  }
  const preview = createPreviewService({ context, library, preflight })
  const services: HostServices = {
    machine: { info: createMachineInfo(context, library) },
    recipes: createRecipeService({ book, history, costs, datasetLabel: datasets.label }),
    runs: createRunService({ context, queue, supervisor, preflight, views, publishRun }),
    datasets,
    preview,
    folders: { list: listFolder },
    settings: {
      get: () => readSettings(history.settings),
      set: (change) => changeSettings(history.settings, change),
    },
    setup: { state: library.state, installTensorflow: library.install },
    events,
  }

  const token = newToken()
  let closing: Promise<void> | null = null
  const takeDown = async () => {
    await supervisor.close()
    await Promise.all([datasets.close(), preview.close(), library.close()])
    await server?.close()
    removeHostAddress(dataDir, process.pid)
    db.close()
    lock.release()
  }
  let server: Awaited<ReturnType<typeof startHttpServer>> | null = null
  try {
    markOrphans(context)
    await datasets.adopt()
    await library.refresh()
    const preferred = (history.settings.get(portKey) as number | undefined) ?? null
    const port = options.port === undefined ? { preferred } : { fixed: options.port }
    server = await startHttpServer({ host: services, token, uiDir: options.uiDir, log, port })
  } catch (error) {
    db.close()
    throw error
  }
  const address = { pid: process.pid, port: server.port, token, startedAt: Date.now() }
  history.settings.set(portKey, server.port)
  writeHostAddress(dataDir, address)
  supervisor.wake()
  for (const run of queue.order()) log.info({ run: runId(run) }, 'run waits')
  return {
    port: server.port,
    token,
    url: hostUrl(address),
    services,
    trainsInBackground: () => readSettings(history.settings).background && supervisor.active() !== null,
    unused: () => unused(supervisor.idle, events.listeners),
    close: () => {
      closing ??= takeDown()
      return closing
    },
  }
}

/** How often the host looks whether the last window has gone. */
const lookMs = 1000

async function unused(idle: () => Promise<void>, listeners: () => number): Promise<void> {
  await idle()
  while (listeners() > 0) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    await idle()
  }
}
