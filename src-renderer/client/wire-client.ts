import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from '@trpc/client'
import type { AppRouter } from '../../src-main/host/api/router.ts'
import type { Preflight } from '../../src-main/shared/api.ts'
import { type ErrorReport, RepriseError } from '../../src-main/shared/errors.ts'
import type { ConnectionState, EngineClient, EventListener } from './engine-client.ts'

/** The error of a call as one of ours: the host's report, or `host-unreachable` when the connection broke. */
export function readCallError(error: unknown): RepriseError {
  if (error instanceof RepriseError) return error
  if (error instanceof TRPCClientError) {
    const report = (error.data as { report?: ErrorReport } | null | undefined)?.report
    if (report) return new RepriseError(report, { cause: error })
  }
  return new RepriseError(
    {
      code: 'host-unreachable',
      message: 'The engine does not answer.',
      found: error instanceof Error ? error.message : String(error),
      fix: 'It is tried again by itself. If that does not help, start Reprise again.',
    },
    { cause: error },
  )
}

const reconnectDelay = (attempt: number) => Math.min(2000, 150 * 2 ** attempt)

/**
 * Speaks tRPC over one WebSocket that comes back by itself.
 *
 * @param url called before every connection; opens the session and gives the socket's address
 * @param isHostThere tells a host that refuses this page from one that is away
 */
export function createWireClient(url: () => Promise<string>, isHostThere: () => Promise<boolean>): EngineClient {
  const listeners = new Set<EventListener>()
  let state: ConnectionState = 'connecting'
  const setState = (next: ConnectionState) => {
    if (next === state) return
    state = next
    for (const listener of listeners) listener.onConnection(next)
  }

  const onClosed = async () => {
    const refused = state !== 'online' && (await isHostThere())
    setState(refused ? 'unauthorized' : 'away')
  }

  const socket = createWSClient({
    url,
    retryDelayMs: reconnectDelay,
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5000 },
    onOpen: () => setState('online'),
    onClose: () => void onClosed(),
  })
  const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] })

  const call = async <T>(promise: Promise<T>): Promise<T> => {
    try {
      return await promise
    } catch (error) {
      throw readCallError(error)
    }
  }

  return {
    machine: { info: () => call(trpc.machine.info.query()) },
    recipes: {
      list: () => call(trpc.recipes.list.query()),
      problems: () => call(trpc.recipes.problems.query()),
    },
    runs: {
      list: (which) => call(trpc.runs.list.query(which)),
      get: (id) => call(trpc.runs.get.query({ id })),
      curves: (id, maxPoints) => call(trpc.runs.curves.query({ id, maxPoints })),
      log: (id) => call(trpc.runs.log.query({ id })),
      preflight: (input) => call(trpc.runs.preflight.query(input) as Promise<Preflight>),
      start: (input) => call(trpc.runs.start.mutate(input)),
      stop: (input) => call(trpc.runs.stop.mutate(input)),
      rename: (id, name) => call(trpc.runs.rename.mutate({ id, name })),
      remove: (id) => call(trpc.runs.remove.mutate({ id })),
      restore: (id) => call(trpc.runs.restore.mutate({ id })),
      moveInQueue: (id, position) => call(trpc.runs.moveInQueue.mutate({ id, position })),
      setPriority: (id, priority) => call(trpc.runs.setPriority.mutate({ id, priority })),
      queue: () => call(trpc.runs.queue.query()),
      holdQueue: (held) => call(trpc.runs.holdQueue.mutate({ held })),
      pause: (input) => call(trpc.runs.pause.mutate(input)),
      resume: (input) => call(trpc.runs.resume.mutate(input)),
      startSweep: (input) => call(trpc.runs.startSweep.mutate(input)),
      expandSweep: (input) => call(trpc.runs.expandSweep.query(input)),
    },
    storage: {
      use: () => call(trpc.storage.use.query()),
      bin: () => call(trpc.storage.bin.query()),
      emptyBin: (ids) => call(trpc.storage.emptyBin.mutate({ ids })),
    },
    probe: {
      start: (input) => call(trpc.probe.start.mutate(input)),
      state: (id) => call(trpc.probe.state.query({ id })),
      cancel: (id) => call(trpc.probe.cancel.mutate({ id })),
    },
    proofs: {
      start: (runId) => call(trpc.proofs.start.mutate({ runId })),
      state: (runId) => call(trpc.proofs.state.query({ runId })),
      cancel: (runId) => call(trpc.proofs.cancel.mutate({ runId })),
    },
    notices: () => call(trpc.notices.list.query()),
    datasets: {
      list: () => call(trpc.datasets.list.query()),
      fetch: (id) => call(trpc.datasets.fetch.mutate({ id })),
      add: (input) => call(trpc.datasets.add.mutate(input)),
      cancel: (id) => call(trpc.datasets.cancel.mutate({ id })),
      look: (path, boxRule) => call(trpc.datasets.look.query(boxRule === undefined ? { path } : { path, boxRule })),
      remove: async (id) => void (await call(trpc.datasets.remove.mutate({ id }))),
      overview: (id) => call(trpc.datasets.overview.query({ id })),
      pictures: (id, filter, offset, limit) => call(trpc.datasets.pictures.query({ id, filter, offset, limit })),
      check: async (id) => void (await call(trpc.datasets.check.mutate({ id }))),
      cancelCheck: async (id) => void (await call(trpc.datasets.cancelCheck.mutate({ id }))),
      exclude: (input) => call(trpc.datasets.exclude.mutate(input)),
      setSplit: (id, split) => call(trpc.datasets.setSplit.mutate({ id, split })),
      exportSplit: (id) => call(trpc.datasets.exportSplit.query({ id })),
    },
    preview: { inputs: (input) => call(trpc.preview.inputs.query(input)) },
    folders: { list: (path) => call(trpc.folders.list.query(path === undefined ? {} : { path })) },
    settings: {
      get: () => call(trpc.settings.get.query()),
      set: (change) => call(trpc.settings.set.mutate(change)),
    },
    setup: { installTensorflow: () => call(trpc.setup.installTensorflow.mutate()) },
    subscribe(listener) {
      listeners.add(listener)
      listener.onConnection(state)
      // After a reconnect the link asks for the events behind the last one it saw.
      const subscription = trpc.events.subscribe.subscribe(undefined, {
        onData: ({ data }) => listener.onEvent(data),
        onError: () => setState('away'),
      })
      return () => {
        listeners.delete(listener)
        subscription.unsubscribe()
      }
    },
  }
}
