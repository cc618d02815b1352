// The queue beyond its runs: whether it is held, and changes of its order that show at once.
import { create } from 'zustand'
import { type HostEvent, type QueuePriority, type QueueState, queuePriorities } from '../../src-main/shared/api.ts'
import { engineClient } from '../client/current-client.ts'
import { putRun, queuedRuns, useRunsStore } from './runs-store.ts'

export const useQueueStore = create<QueueState>()(() => ({ held: false, reason: null }))

const { setState } = useQueueStore

/** Reads whether the queue is held. */
export async function refreshQueue(): Promise<void> {
  try {
    setState(await engineClient().runs.queue())
  } catch {
    // The last known state stays; a lost connection is shown by its own banner.
  }
}

/** Holds the queue, so that nothing starts by itself, or lets it go on. */
export async function holdQueue(held: boolean): Promise<void> {
  setState(await engineClient().runs.holdQueue(held))
}

/** Takes over what an event says about the queue. */
export function applyQueueEvent(event: HostEvent): void {
  if (event.type === 'queue') setState(event.queue)
}

/** Place of a waiting run among those of its priority, 1 first; null when it does not wait. */
export function placeInPriority(runId: string): number | null {
  const queue = queuedRuns(useRunsStore.getState().runs)
  const run = queue.find(({ id }) => id === runId)
  if (!run) return null
  return queue.filter(({ priority }) => priority === run.priority).findIndex(({ id }) => id === runId) + 1
}

/** Puts a waiting run at a place of a priority; the list shows it at once, and goes back when the engine refuses. */
export async function placeInQueue(runId: string, priority: QueuePriority, position: number): Promise<void> {
  const before = useRunsStore.getState().runs
  const moved = before?.find((run) => run.id === runId)
  if (!before || moved?.status !== 'queued') return
  const others = queuedRuns(before).filter((run) => run.id !== runId)
  const peers = others.filter((run) => run.priority === priority)
  const place = Math.max(1, Math.min(peers.length + 1, position))
  peers.splice(place - 1, 0, moved)
  const order = queuePriorities.flatMap((one) =>
    one === priority ? peers : others.filter((run) => run.priority === one),
  )
  const places = new Map(order.map((run, index) => [run.id, index + 1]))
  useRunsStore.setState({
    runs: before.map((run) => ({
      ...run,
      queuePosition: places.get(run.id) ?? run.queuePosition,
      ...(run.id === runId && { priority }),
    })),
  })
  try {
    const { runs } = engineClient()
    if (moved.priority !== priority) putRun(await runs.setPriority(runId, priority))
    putRun(await runs.moveInQueue(runId, place))
  } catch (error) {
    useRunsStore.setState({ runs: before })
    throw error
  }
}
