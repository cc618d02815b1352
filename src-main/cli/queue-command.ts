// `reprise queue`: what waits to be trained, in which order, and whether the queue goes on by itself.
import type { QueuePriority, QueueState, RunSummary } from '../shared/api.ts'
import { type HostConnection, withHost } from './host-connection.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'

export function showQueue(output: Output): Promise<void> {
  return withHost((host) => printQueue(host, output))
}

/** Holds the queue, or lets it go on; a run that trains goes on in either case. */
export function holdQueue(held: boolean, output: Output): Promise<void> {
  return withHost(async (host) => {
    await host.call(host.client.runs.holdQueue.mutate({ held }))
    await printQueue(host, output)
  })
}

export function moveInQueue(id: string, position: number, output: Output): Promise<void> {
  return withHost(async (host) => {
    await host.call(host.client.runs.moveInQueue.mutate({ id, position }))
    await printQueue(host, output)
  })
}

export function setPriority(id: string, priority: QueuePriority, output: Output): Promise<void> {
  return withHost(async (host) => {
    await host.call(host.client.runs.setPriority.mutate({ id, priority }))
    await printQueue(host, output)
  })
}

async function printQueue(host: HostConnection, output: Output): Promise<void> {
  const queue = await host.call(host.client.runs.queue.query())
  const runs = (await host.call(host.client.runs.list.query()))
    .filter(({ queuePosition }) => queuePosition !== null)
    .sort((a, b) => Number(a.queuePosition) - Number(b.queuePosition))
  output.result({ ...queue, runs }, () => `${stateText(queue)}\n${runs.length === 0 ? 'Nothing waits.' : rows(runs)}`)
}

function stateText({ held, reason }: QueueState): string {
  if (!held) return 'The queue goes on by itself.'
  const why = reason === 'unclean-end' ? 'since the app did not end as it should' : 'by you'
  return `The queue is held ${why}; "reprise queue go-on" lets it go on.`
}

const rows = (runs: RunSummary[]) =>
  table(
    ['PLACE', 'RUN', 'NAME', 'RECIPE', 'PRIORITY', 'SWEEP'],
    runs.map((run) => [String(run.queuePosition), run.id, run.name, run.recipeId, run.priority, run.sweep ?? '']),
  )
