// `reprise runs pause` and `resume`: breaks a run off and lets it go on.
import type { RunSummary } from '../shared/api.ts'
import { withHost } from './host-connection.ts'
import type { Output } from './output.ts'
import { trainToEnd } from './run-command.ts'

/** Pauses after the step in progress; resolves as soon as the host has passed it on. */
export function pauseRun(id: string, flags: { freeDevice?: boolean }, output: Output): Promise<void> {
  return withHost(async (host) => {
    const keepDevice = flags.freeDevice !== true
    const run = await host.call(host.client.runs.pause.mutate({ runId: id, keepDevice }))
    output.result(run, () => {
      const device = keepDevice ? 'It keeps its device' : 'Its device is freed'
      return `${run.name} (${run.id}) pauses after the step in progress. ${device}; "reprise runs resume ${run.id}" goes on.`
    })
  })
}

/**
 * Lets a run go on from what it has saved: at once where it waits with its device, else next in the queue. `lrScale` multiplies
 * its learning rates from there on. Where no host runs, it trains in the foreground, as "reprise run" does.
 */
export function resumeRun(id: string, flags: { lrScale?: number }, output: Output): Promise<void> {
  return withHost(async (host) => {
    const change = flags.lrScale === undefined ? {} : { change: { lrScale: flags.lrScale } }
    const resume = () => host.client.runs.resume.mutate({ runId: id, ...change })
    if (host.own) return trainToEnd(host, resume, output)
    const run = await host.call(resume())
    output.result(run, () => resumedText(run))
  })
}

function resumedText({ id, name, status, queuePosition }: RunSummary): string {
  const place = status === 'queued' ? `waits to go on, place ${queuePosition ?? 1} in the queue` : 'goes on'
  return `${name} (${id}) ${place}.`
}
