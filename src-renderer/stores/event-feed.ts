// Brings live events into the stores. Events carry growing numbers; when one is missing, everything is read again.
import type { HostEvent } from '../../src-main/shared/api.ts'
import { setEngineClient } from '../client/current-client.ts'
import type { EngineClient } from '../client/engine-client.ts'
import { applyOverviewsEvent, reloadOpenedOverviews } from './dataset-overviews-store.ts'
import { applyEngineEvent, refreshEngine, setConnection, useEngineStore } from './engine-store.ts'
import { applyProbeEvent, refreshProbes } from './probes-store.ts'
import { applyQueueEvent, refreshQueue } from './queue-store.ts'
import { applyRunDetailsEvent, reloadOpenedRuns } from './run-details-store.ts'
import { applyRunsEvent, refreshRuns } from './runs-store.ts'

async function refreshAll(): Promise<void> {
  await Promise.all([
    refreshEngine(),
    refreshRuns(),
    refreshQueue(),
    refreshProbes(),
    reloadOpenedRuns(),
    reloadOpenedOverviews(),
  ])
}

function applyEvent(event: HostEvent) {
  applyEngineEvent(event)
  applyRunsEvent(event)
  applyQueueEvent(event)
  applyProbeEvent(event)
  applyRunDetailsEvent(event)
  applyOverviewsEvent(event)
}

/** Makes `client` the page's client, fills the stores and keeps them up to date. Returns how to stop. */
export function startEventFeed(client: EngineClient): () => void {
  setEngineClient(client)
  let lastSeq: number | null = null
  return client.subscribe({
    onEvent(event) {
      const gap = lastSeq !== null && event.seq !== lastSeq + 1
      lastSeq = event.seq
      applyEvent(event)
      if (gap) void refreshAll()
    },
    onConnection(state) {
      const before = useEngineStore.getState().connection
      setConnection(state)
      if (state === 'online' && (before !== 'online' || useEngineStore.getState().machine === null)) void refreshAll()
    },
  })
}
