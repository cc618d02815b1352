// Puts a host together on one data folder, and takes it down again.
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { hostUrl, readHostAddress, removeHostAddress, writeHostAddress } from '../launch/host-address.ts'
import { describeError, RepriseError, toErrorReport } from '../shared/errors.ts'
import type { HostServices } from './api/services.ts'
import { createDatasets } from './datasets/dataset-service.ts'
import { databaseName, lockDataFolder, openDatabase } from './db/database.ts'
import { databaseError, unwritableFolder } from './db/database-error.ts'
import { createHistory } from './db/history.ts'
import { createHistoryWriter } from './db/history-writer.ts'
import { createEventBus } from './event-bus.ts'
import { assembleGuards } from './guards/assemble-guards.ts'
import { type HostContext, type HostTiming, hostTiming, type WorkerEntries } from './host-context.ts'
import type { HttpLimits } from './http/limits.ts'
import { openOrigin, openWarning } from './http/listen-address.ts'
import { startHttpServer } from './http/server.ts'
import { newToken } from './http/sessions.ts'
import { diskFreeBytes } from './machine/disk.ts'
import { createFolders } from './machine/folders.ts'
import { findGpu } from './machine/gpu.ts'
import { cpuName, createMachineInfo, freeMemoryBytes } from './machine/machine-info.ts'
import { createNetworkLog } from './machine/network-log.ts'
import { createTensorflowLibrary, type LibrarySource, librarySource } from './machine/tensorflow-library.ts'
import { createNotices } from './notices.ts'
import { createPreviewService } from './preview/preview-service.ts'
import { createProbeService } from './probe/probe-service.ts'
import { createProbeStore } from './probe/probe-store.ts'
import { createProofService } from './proofs/proof-service.ts'
import { createCostEstimator } from './recipes/cost.ts'
import { createRecipeBook } from './recipes/recipe-book.ts'
import { createRecipeService } from './recipes/recipe-service.ts'
import { assembleRuns } from './runs/assemble-runs.ts'
import { createDeviceLanes } from './runs/device-lanes.ts'
import type { PreflightParts } from './runs/preflight.ts'
import { changeSettings, readSettings } from './settings.ts'
import { checkAfterUncleanEnd } from './storage/check-checkpoints.ts'
import { createStorage } from './storage/storage-service.ts'

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
  freeMemoryBytes?: () => number
  timing?: Partial<HostTiming>
  /** An IP address of this machine that others may reach, beside the loopback. */
  listen?: string | undefined
  limits?: Partial<HttpLimits>
}

export interface RunningHost {
  port: number
  token: string
  url: string
  /** How other machines reach the host, with the token, and what its user has to know of that; null where they cannot. */
  open: { url: string; warning: string } | null
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
    fix: first ? 'Open the address that it printed at its start, or end it first.' : 'Try again in a moment.',
    details: { dataDir, ...(first ? { pid: first.pid, port: first.port } : {}) },
  })
}

/**
 * Starts a host. Throws `second-instance`, `database-damaged`, `database-newer`, `migration-unknown`, `history-unwritable`,
 * `disk-full`, `port-in-use`; nothing is left open then.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  makeDataFolder(options.dataDir)
  const lock = lockDataFolder(options.dataDir)
  if (!lock) throw secondInstance(options.dataDir)
  try {
    return await startLocked(options, lock)
  } catch (error) {
    lock.release()
    throw databaseError(error, join(options.dataDir, databaseName))
  }
}

function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    for (const name of ['runs', 'datasets']) mkdirSync(join(dataDir, name), { recursive: true })
  } catch (error) {
    throw unwritableFolder(dataDir, error)
  }
}

async function startLocked(options: HostOptions, lock: { release(): void }): Promise<RunningHost> {
  const { dataDir, log, env = process.env } = options
  const db = openDatabase(dataDir)
  const history = createHistory(db)
  const events = createEventBus()
  const network = createNetworkLog()
  const notices = createNotices(events)
  const writer = createHistoryWriter(db, {
    onUnwritable: (error) =>
      notices.tell('history-unwritable', { reason: describeError(toErrorReport(databaseError(error))) }),
    onRecovered: (seconds) => {
      notices.tell('history-recovered', { seconds: Math.round(seconds) })
      runs.wake()
    },
  })
  const context: HostContext = {
    folders: {
      data: dataDir,
      runs: join(dataDir, 'runs'),
      datasets: join(dataDir, 'datasets'),
      resources: options.resourcesDir,
    },
    history,
    writer,
    notices,
    events,
    log,
    network,
    entries: options.entries,
    timing: { ...hostTiming, ...options.timing },
    env,
    freeBytes: options.freeBytes ?? diskFreeBytes,
  }

  const source = options.library ?? librarySource
  const library = createTensorflowLibrary({ source, events, network, env })
  const datasets = createDatasets(context)
  const book = createRecipeBook(join(options.resourcesDir, 'recipes'), ({ file, error }) =>
    log.warn({ file, error }, 'recipe cannot be read'),
  )
  const machine = { cpu: cpuName(), cores: availableParallelism() }
  const costs = createCostEstimator(history, machine)
  const probeStore = createProbeStore({
    probes: history.probes,
    fingerprint: (id) => datasets.get(id).fingerprint,
    machine,
  })
  const preflight: PreflightParts = {
    book,
    costs,
    setup: library.refresh,
    dataset: datasets.get,
    checkedPictures: datasets.checkedPictures,
    freeDiskBytes: () => context.freeBytes(dataDir),
    freeMemoryBytes: options.freeMemoryBytes ?? freeMemoryBytes,
    probe: probeStore.find,
    defaultDevice: () => readSettings(history.settings).device,
  }
  const storage = createStorage({
    context,
    binDays: () => readSettings(history.settings).binDays,
    trains: (run) => runs.active(run) !== null,
  })
  const guards = assembleGuards(context)
  const closed = new AbortController()
  const runs = assembleRuns({
    context,
    library,
    lanes: createDeviceLanes({ library: source, findGpu }),
    readyDataset: datasets.ready,
    watch: guards.watch,
    preflight,
    secondsPerSeed: ({ recipe, config }) => costs.perSeed(recipe, config).seconds,
    diskBytes: storage.diskBytes,
    resumesByItself: () => readSettings(history.settings).resumeByItself,
    runEnded: (run) => {
      costs.forget()
      void storage.measure(run)
    },
    uncleanEnd: (broken, queue) => void checkAfterUncleanEnd(context, { broken, held: queue.held }, closed.signal),
  })
  const proofs = createProofService({
    context,
    library,
    run: runs.service.get,
    dataset: datasets.get,
    readyDataset: datasets.ready,
    publishRun: runs.publishRun,
  })
  const preview = createPreviewService({ context, library, preflight })
  const probe = createProbeService({
    context,
    library,
    preflight,
    readyDataset: datasets.ready,
    store: probeStore,
    trains: runs.trains,
  })
  const listen = options.listen ?? null
  const machineInfo = createMachineInfo(context, library)
  const services: HostServices = {
    machine: { info: async () => ({ ...(await machineInfo()), openTo: openOrigin(server?.port ?? 0, listen) }) },
    recipes: createRecipeService({ book, history, costs, datasetLabel: datasets.label }),
    runs: runs.service,
    datasets,
    preview,
    folders: createFolders(env),
    settings: {
      get: () => readSettings(history.settings),
      set: (change) => {
        const changed = changeSettings(history.settings, change)
        guards.settingsChanged()
        return changed
      },
    },
    setup: { state: library.state, installTensorflow: library.install },
    storage: storage.service,
    probe,
    proofs,
    notices: notices.list,
    events,
  }

  const token = newToken()
  let closing: Promise<void> | null = null
  const takeDown = async () => {
    await runs.close()
    const lost = writer.close()
    if (lost > 0) log.error({ lost }, 'writes were lost, because the history could not be written')
    await Promise.all([datasets.close(), preview.close(), library.close(), proofs.close(), probe.close()])
    closed.abort()
    storage.close()
    guards.close()
    await server?.close()
    try {
      removeHostAddress(dataDir, process.pid)
    } catch (error) {
      log.warn({ error: toErrorReport(error) }, 'host.json cannot be removed')
    }
    db.close()
    lock.release()
  }
  let server: Awaited<ReturnType<typeof startHttpServer>> | null = null
  try {
    await runs.repair()
    await datasets.adopt()
    await library.refresh()
    const preferred = (history.settings.get(portKey) as number | undefined) ?? null
    const port = options.port === undefined ? { preferred } : { fixed: options.port }
    const { uiDir, limits } = options
    server = await startHttpServer({ host: services, token, uiDir, log, port, listen, limits })
    writeHostAddress(dataDir, { pid: process.pid, port: server.port, token, startedAt: Date.now() })
  } catch (error) {
    await server?.close()
    closed.abort()
    storage.close()
    guards.close()
    db.close()
    throw error
  }
  const { port } = server
  writer.write(() => history.settings.set(portKey, port))
  runs.wake()
  const others = openOrigin(port, listen)
  if (others !== null)
    log.warn({ openTo: others }, 'other machines can reach the host, and nothing on the way is encrypted')
  return {
    port,
    token,
    url: hostUrl({ port, token }),
    open: others === null ? null : { url: `${others}/#${token}`, warning: openWarning(port) },
    services,
    trainsInBackground: () => readSettings(history.settings).background && runs.atWork(),
    unused: async () => {
      while (runs.trains() || events.listeners() > 0) await delay(lookMs)
    },
    close: () => {
      closing ??= takeDown()
      return closing
    },
  }
}

/** How often the host looks whether nothing trains any more and the last window has gone. */
const lookMs = 1000
